// intervals.cc - live leases as the open end of history.
#include "book/intervals.h"

#include <algorithm>
#include <map>

#include "core/kinds.h"

namespace berth {

Lease lease_of(const LeaseRecord& record) {
  Lease lease;
  lease.id = record.id;
  lease.generation = record.generation;
  lease.state = record.state;
  lease.owner = record.owner;
  lease.user = record.user;
  lease.server = record.server;
  lease.port = record.port;
  lease.session = record.session;
  lease.addresses = record.addresses;
  lease.second = record.second;
  lease.started = first_start(record);
  lease.renewed = record.renewed;
  return lease;
}

std::vector<Interval> open_intervals(const LeaseRecord& record) {
  std::vector<Interval> open;
  for (Kind kind : kAllKinds) {
    if (!has(record.addresses, kind)) continue;
    const WallTime started = record.started[index_of(kind)];
    auto same = std::find_if(open.begin(), open.end(),
                             [&](const Interval& each) { return each.started == started; });
    if (same == open.end()) {
      Interval interval;
      interval.sequence = record.generation.value;
      interval.lease = record.id;
      interval.generation = record.generation;
      interval.owner = record.owner;
      interval.user = record.user;
      interval.server = record.server;
      interval.port = record.port;
      interval.session = record.session;
      interval.started = started;
      same = open.insert(open.end(), std::move(interval));
    }
    copy_kind(kind, record.addresses, same->addresses);
  }
  return open;
}

bool touches(const AnyRange& where, const Addresses& addresses) {
  if (where.is_ipv4()) return addresses.ipv4 && where.ipv4().contains(*addresses.ipv4);
  const Ipv6Range range = where.ipv6();
  return (addresses.ipv6 && range.overlaps(Ipv6Range::of(*addresses.ipv6))) ||
         (addresses.delegated && range.overlaps(Ipv6Range::of(*addresses.delegated)));
}

std::vector<Interval> merge(std::vector<Interval> live, std::vector<Interval> ended,
                            std::size_t limit) {
  // A kind that was given back and asked for again has an ended interval and an open one. Where
  // both began in the same millisecond, naming one too many is better than missing the other.
  std::multimap<std::pair<LeaseId, Generation>, const Interval*> by_lease;
  for (const Interval& each : ended)
    by_lease.emplace(std::pair(each.lease, each.generation), &each);
  std::erase_if(live, [&by_lease](const Interval& open) {
    const auto [first, last] = by_lease.equal_range({open.lease, open.generation});
    return std::any_of(first, last, [&open](const auto& entry) {
      const Interval& each = *entry.second;
      return each.addresses == open.addresses && each.started == open.started &&
             each.ended != each.started;
    });
  });
  std::sort(live.begin(), live.end(),
            [](const Interval& a, const Interval& b) { return a.generation > b.generation; });
  live.insert(live.end(), std::make_move_iterator(ended.begin()),
              std::make_move_iterator(ended.end()));
  if (live.size() > limit) live.resize(limit);
  return live;
}

}  // namespace berth
