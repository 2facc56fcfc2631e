// wide_plan.h - one pool in which ten million users have room, each with an IPv4 address and a
// stable identifier.
#pragma once

#include "berth/plan.h"

namespace berth::figures {

inline Plan wide_plan(Milliseconds cool_down = PoolPlan().cool_down) {
  Plan plan;
  plan.pools.push_back({.name = "all",
                        .ipv4 = {{*Ipv4Range::parse("10.0.0.0/8"), ""}},
                        .identifiers = IdentifierPool{*Ipv6Prefix::parse("2001:db8::/64"), ""},
                        .cool_down = cool_down});
  // Sessions that are up: a held one has a timer besides, 16 bytes for a minute at most.
  plan.servers.push_back({.name = "*", .confirms = false});
  return plan;
}

}  // namespace berth::figures
