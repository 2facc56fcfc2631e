// intervals.cc - live intervals before ended ones, each told once.
#include "book/intervals.h"

#include <algorithm>
#include <map>

namespace berth {

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
