// lanes.h - which of many jobs may start: those that share a lane go one after the other.
//
// A job may be in several lanes (its user's, its port's) and starts when it is the first in each.
// Jobs without a lane in common overtake each other freely. One thread.
//
//   if (lanes.enter(7, {"user ana", "port VPN2-17"})) start(7);
//   …
//   for (Lanes::Job next : lanes.leave(7)) start(next);
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace berth::play {

class Lanes {
 public:
  using Job = std::uint64_t;

  // `job` is new, and `names` has no name twice. True: it may start now.
  [[nodiscard]] bool enter(Job job, std::vector<std::string> names);
  // `job` has started and is done. Those that may start now, in the order they came.
  [[nodiscard]] std::vector<Job> leave(Job job);

 private:
  struct Waiting {
    std::vector<std::string> names;
    std::size_t behind = 0;  // lanes in which it is not yet the first
  };
  std::unordered_map<Job, Waiting> jobs_;
  std::unordered_map<std::string, std::deque<Job>> lanes_;
};

}  // namespace berth::play
