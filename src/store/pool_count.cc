// pool_count.cc - from an address to its pool, by stretches in order.
#include "store/pool_count.h"

#include <algorithm>

#include "core/kinds.h"
#include "core/pools.h"

namespace berth {
namespace {

// An address of this kind as a number, if it is there.
std::optional<Uint128> number_of(Kind kind, const Addresses& addresses) {
  switch (kind) {
    case Kind::ipv4:
      return addresses.ipv4 ? std::optional<Uint128>(addresses.ipv4->bits()) : std::nullopt;
    case Kind::ipv6:
      return addresses.ipv6 ? std::optional(addresses.ipv6->address().bits()) : std::nullopt;
    case Kind::delegated:
      return addresses.delegated ? std::optional(addresses.delegated->address().bits())
                                 : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

PoolCount::PoolCount(const Plan& plan) {
  const Pools pools(plan, {});
  for (std::size_t pool = 0; pool < pools.size(); ++pool) {
    for (const Kind kind : kAllKinds) {
      if (const auto group = pools.slot_group(pool, kind)) {
        list(plan.pools[pool], kind, pools.slots.groups()[*group].listing);
      } else if (kind == Kind::ipv6 && pools.identifier_group(pool)) {
        list_identifiers(plan.pools[pool]);
      }
    }
  }
  for (auto& stretches : stretches_) std::ranges::sort(stretches, {}, &Stretch::first);
}

void PoolCount::list(const PoolPlan& pool, Kind kind, const Listing& listing) {
  for (const Listing::Part& run : listing.runs()) {
    stretches_[index_of(kind)].push_back({run.first, run.last, counted_.size()});
  }
  PoolUse use;
  use.pool = pool.name;
  use.kind = kind;
  use.size = listing.size();
  use.excluded = listing.excluded();
  counted_.push_back({use, pool.cool_down});
}

void PoolCount::list_identifiers(const PoolPlan& pool) {
  const Ipv6Prefix& prefix = pool.identifiers->prefix;
  stretches_[index_of(Kind::ipv6)].push_back(
      {prefix.address().bits(), prefix.last().bits(), counted_.size()});
  PoolUse use;
  use.pool = pool.name;
  use.kind = Kind::ipv6;
  use.excluded = pool.identifiers->exclude.size();
  use.size = (Uint128{1} << 64) - use.excluded;
  counted_.push_back({use, pool.cool_down});
}

std::optional<std::size_t> PoolCount::find(Kind kind, const Addresses& addresses) const {
  const std::optional<Uint128> number = number_of(kind, addresses);
  if (!number) return std::nullopt;
  const auto& stretches = stretches_[index_of(kind)];
  const auto behind = std::ranges::upper_bound(stretches, *number, {}, &Stretch::first);
  if (behind == stretches.begin()) return std::nullopt;
  const Stretch& stretch = *std::prev(behind);
  return stretch.last < *number ? std::nullopt : std::optional(stretch.use);
}

void PoolCount::add(Kind kind, const Addresses& addresses, Use use) {
  const std::optional<std::size_t> pool = find(kind, addresses);
  if (!pool) return;
  PoolUse& count = counted_[*pool].use;
  switch (use) {
    case Use::held: ++count.held; return;
    case Use::active: ++count.active; return;
    case Use::cooling: ++count.cooling; return;
    case Use::reserved: ++count.reserved; return;
  }
}

bool PoolCount::cools(Kind kind, const Addresses& addresses, WallTime ended, WallTime now) const {
  const std::optional<std::size_t> pool = find(kind, addresses);
  return pool && now - ended < counted_[*pool].cool_down;
}

std::vector<PoolUse> PoolCount::uses() const {
  std::vector<PoolUse> uses;
  for (const Counted& counted : counted_) {
    PoolUse use = counted.use;
    const Uint128 taken = Uint128{use.held} + use.active + use.cooling + use.reserved;
    use.free = use.size > taken ? use.size - taken : 0;
    uses.push_back(use);
  }
  return uses;
}

}  // namespace berth
