// watch.h - sees which pools fill up and which servers fall silent, and says it once.
//
// Not safe to share between threads: the Pipeline looks under its lock.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "berth/event.h"
#include "berth/plan.h"
#include "core/allocator.h"

namespace berth {

class Watch {
 public:
  explicit Watch(const Plan& plan);

  // What is to be told since the last look.
  [[nodiscard]] std::vector<Event> look(Allocator& allocator, WallTime now);

 private:
  // A threshold is left when this many per cent fewer are taken.
  static constexpr std::uint64_t kSlack = 2;

  struct Pool {
    std::string name;
    std::set<int> thresholds;  // per cent
  };

  void look(const Taken& taken, WallTime now, std::vector<Event>& events);

  std::vector<Pool> pools_;
  std::map<std::pair<std::size_t, Kind>, std::set<int>> reached_;  // thresholds, by pool and kind
  std::set<std::string> silent_;
};

}  // namespace berth
