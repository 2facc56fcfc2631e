// lanes.cc - one queue a lane; a job counts the queues that it is not at the front of.
#include "play/lanes.h"

#include <algorithm>
#include <utility>

#include "berth/error.h"

namespace berth::play {

bool Lanes::enter(Job job, std::vector<std::string> names) {
  Waiting waiting;
  for (const std::string& name : names) {
    std::deque<Job>& lane = lanes_[name];
    if (!lane.empty()) waiting.behind += 1;
    lane.push_back(job);
  }
  waiting.names = std::move(names);
  const bool free = waiting.behind == 0;
  const bool is_new = jobs_.emplace(job, std::move(waiting)).second;
  BERTH_ASSERT(is_new);
  return free;
}

std::vector<Lanes::Job> Lanes::leave(Job job) {
  auto done = jobs_.extract(job);
  BERTH_ASSERT(!done.empty() && done.mapped().behind == 0);
  std::vector<Job> ready;
  for (const std::string& name : done.mapped().names) {
    const auto lane = lanes_.find(name);
    BERTH_ASSERT(lane != lanes_.end() && lane->second.front() == job);
    lane->second.pop_front();
    if (lane->second.empty()) {
      lanes_.erase(lane);
      continue;
    }
    const Job next = lane->second.front();
    if (--jobs_.at(next).behind == 0) ready.push_back(next);
  }
  std::ranges::sort(ready);
  return ready;
}

}  // namespace berth::play
