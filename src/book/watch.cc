// watch.cc - thresholds with a little slack, and servers that were told of.
#include "book/watch.h"

namespace berth {

Watch::Watch(const Plan& plan) {
  for (const PoolPlan& pool : plan.pools) {
    pools_.push_back({pool.name, {pool.thresholds.begin(), pool.thresholds.end()}});
  }
}

std::vector<Event> Watch::look(Allocator& allocator, WallTime now) {
  std::vector<Event> events;
  allocator.each_listed([&](const Taken& taken) { look(taken, now, events); });
  for (Heard& heard : allocator.take_heard()) {
    // It may have changed twice since the last look.
    const bool news =
        heard.silent ? silent_.insert(heard.server).second : silent_.erase(heard.server) > 0;
    if (news) events.push_back({now, ServerEvent{std::move(heard.server), heard.silent}});
  }
  return events;
}

void Watch::look(const Taken& taken, WallTime now, std::vector<Event>& events) {
  if (taken.size == 0) return;
  const Pool& pool = pools_[taken.pool];
  std::set<int>& reached = reached_[{taken.pool, taken.kind}];
  const auto tell = [&](int threshold, bool is_reached) {
    events.push_back(
        {now, PoolEvent{pool.name, taken.kind, threshold, is_reached, taken.taken, taken.size}});
  };
  for (int threshold : pool.thresholds) {
    const auto bound = static_cast<std::uint64_t>(threshold) * taken.size;
    if (taken.taken * 100 >= bound) {
      if (reached.insert(threshold).second) tell(threshold, true);
    } else if (taken.taken == 0 || (taken.taken * 100) + (kSlack * taken.size) <= bound) {
      if (reached.erase(threshold) > 0) tell(threshold, false);
    }
  }
}

}  // namespace berth
