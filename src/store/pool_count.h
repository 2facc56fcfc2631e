// pool_count.h - how much of each pool is in use, counted from addresses one by one.
//
// For a reader, which has no allocator that keeps count. Addresses that lie in no pool are not
// counted anywhere. An address must not be added twice.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "berth/lease.h"
#include "berth/plan.h"
#include "core/listing.h"

namespace berth {

class PoolCount {
 public:
  enum class Use : std::uint8_t { held, active, cooling, reserved };

  // The plan must have passed Policy::compile.
  explicit PoolCount(const Plan& plan);

  // Counts this kind of `addresses`, if it is there.
  void add(Kind kind, const Addresses& addresses, Use use);
  // Whether an address that was given back then cools still.
  [[nodiscard]] bool cools(Kind kind, const Addresses& addresses, WallTime ended,
                           WallTime now) const;

  // In the order of the plan.
  [[nodiscard]] std::vector<PoolUse> uses() const;

 private:
  // Addresses of one kind of one pool, behind each other.
  struct Stretch {
    Uint128 first = 0;
    Uint128 last = 0;
    std::size_t use = 0;  // in uses_
  };
  struct Counted {
    PoolUse use;
    Milliseconds cool_down{0};
  };
  void list(const PoolPlan& pool, Kind kind, const Listing& listing);
  void list_identifiers(const PoolPlan& pool);
  [[nodiscard]] std::optional<std::size_t> find(Kind kind, const Addresses& addresses) const;

  std::array<std::vector<Stretch>, kKinds> stretches_;  // in order
  std::vector<Counted> counted_;
};

}  // namespace berth
