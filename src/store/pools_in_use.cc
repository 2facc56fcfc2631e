// pools_in_use.cc - every address of one moment, each counted once.
#include "store/pools_in_use.h"

#include <map>
#include <set>
#include <utility>

#include "core/kinds.h"
#include "store/pool_count.h"
#include "store/rows.h"

namespace berth {
namespace {

// Counts each address once. First what is reserved, then what is live, then what was given back.
class InUse {
 public:
  explicit InUse(const Plan& plan) : count_(plan) {}

  void reserve(const Addresses& addresses) {
    each_key(addresses, [&](Kind kind, const Key& key) { reserved_[key] = only(kind, addresses); });
  }
  void live(const LeaseRecord& lease) {
    const auto use = lease.state == State::active ? PoolCount::Use::active : PoolCount::Use::held;
    for (const Kind kind : kAllKinds) count_.add(kind, lease.addresses, use);
    if (!reserved_.empty()) {
      each_key(lease.addresses, [&](Kind, const Key& key) { reserved_.erase(key); });
    }
  }
  // What back() must pass over: live in the tail, whatever the tables say.
  void note_live(const Addresses& addresses) {
    each_key(addresses, [&](Kind, const Key& key) { counted_.insert(key); });
  }
  void back(const Addresses& addresses, WallTime ended, WallTime now) {
    each_key(addresses, [&](Kind kind, const Key& key) {
      if (!count_.cools(kind, addresses, ended, now) || !counted_.insert(key).second) return;
      count_.add(kind, addresses, PoolCount::Use::cooling);
      reserved_.erase(key);
    });
  }
  [[nodiscard]] std::vector<PoolUse> uses() {
    for (const auto& [key, addresses] : reserved_) {
      count_.add(key.first, addresses, PoolCount::Use::reserved);
    }
    reserved_.clear();
    return count_.uses();
  }

 private:
  using Key = std::pair<Kind, PrefixKey>;
  template <class Each>
  static void each_key(const Addresses& addresses, Each&& each) {
    if (addresses.ipv4) {
      const Ipv6 number(Uint128{addresses.ipv4->bits()});
      each(Kind::ipv4, Key(Kind::ipv4, PrefixKey(number, 128)));
    }
    if (addresses.ipv6) each(Kind::ipv6, Key(Kind::ipv6, PrefixKey(*addresses.ipv6)));
    if (addresses.delegated) {
      each(Kind::delegated, Key(Kind::delegated, PrefixKey(*addresses.delegated)));
    }
  }

  PoolCount count_;
  std::map<Key, Addresses> reserved_;  // not met in use so far
  std::set<Key> counted_;              // cooling, or live in the tail
};

}  // namespace

Result<std::vector<PoolUse>> pools_in_use(const Look& look, const Plan& plan, WallTime now) {
  InUse in_use(plan);
  const auto reserved = look.reservations();
  if (!reserved) return std::unexpected(reserved.error());
  for (const Reservation& each : *reserved) in_use.reserve(each.addresses);
  Done done = look.each_lease({}, [&](const LeaseRecord& lease) -> Done {
    in_use.live(lease);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  done = look.tail().each_lease([&](const LeaseRecord& lease) -> Done {
    in_use.note_live(lease.addresses);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  done = look.each_back(
      [&](const Addresses& addresses, WallTime ended) { in_use.back(addresses, ended, now); });
  if (!done) return std::unexpected(done.error());
  return in_use.uses();
}

}  // namespace berth
