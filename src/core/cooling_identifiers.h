// cooling_identifiers.h - identifiers that were named, not computed, and must not change hands yet.
//
// A computed identifier goes back to its owner alone, so it needs no cool-down until it is
// reserved for somebody else. One that came from a reservation or from a second login does.
// Not safe to share between threads.
#pragma once

#include <deque>
#include <utility>

#include <boost/container_hash/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include "core/slots.h"

namespace berth {

class CoolingIdentifiers {
 public:
  void add(std::uint16_t group, std::uint64_t identifier, std::uint64_t owner_hash, Tick due) {
    cooling_[{group, identifier}] = {owner_hash, due};
    queue_.push_back({{group, identifier}, due});
  }
  void remove(std::uint16_t group, std::uint64_t identifier) {
    cooling_.erase({group, identifier});
  }

  [[nodiscard]] bool contains(std::uint16_t group, std::uint64_t identifier) const {
    return cooling_.contains({group, identifier});
  }
  // Whether this owner must leave it alone.
  [[nodiscard]] bool keeps_from(std::uint16_t group, std::uint64_t identifier,
                                std::uint64_t owner_hash, Tick now) const {
    const auto found = cooling_.find({group, identifier});
    return found != cooling_.end() && found->second.owner_hash != owner_hash &&
           found->second.due > now;
  }
  // Forgets what is cool by now, at most so many.
  void advance(Tick now, int most) {
    for (; most > 0 && !queue_.empty() && queue_.front().due <= now; --most, queue_.pop_front()) {
      const auto found = cooling_.find(queue_.front().which);
      if (found != cooling_.end() && found->second.due <= now) cooling_.erase(found);
    }
  }
  [[nodiscard]] std::uint64_t count(std::uint16_t group) const {
    std::uint64_t count = 0;
    for (const auto& [which, each] : cooling_) count += which.first == group ? 1 : 0;
    return count;
  }

 private:
  using Which = std::pair<std::uint16_t, std::uint64_t>;  // group and identifier
  struct Cooling {
    std::uint64_t owner_hash;
    Tick due;
  };
  struct Entry {
    Which which;
    Tick due;
  };
  boost::unordered_flat_map<Which, Cooling, boost::hash<Which>> cooling_;
  std::deque<Entry> queue_;  // in order of due for one cool-down; others leave a little later
};

}  // namespace berth
