// addresses_for_tests.h - short ways to say addresses, and a pool of them.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "berth/address.h"
#include "berth/plan.h"

namespace berth::testing {

inline Ipv4 ip(std::string_view text) { return *Ipv4::parse(text); }
inline Ipv6Prefix prefix(std::string_view text) { return *Ipv6Prefix::parse(text); }

// A pool of IPv4 addresses and nothing else.
inline PoolPlan ipv4_pool(std::string name, std::string_view range) {
  PoolPlan pool;
  pool.name = std::move(name);
  pool.ipv4 = {{*Ipv4Range::parse(range), ""}};
  return pool;
}

}  // namespace berth::testing
