// timers.h - which leases may be due: holds and lease times.
//
// A timer is a hint: it names a lease by id and generation and the tick at which to look at it.
// Whoever looks finds the truth in the lease: gone, confirmed, renewed to a later deadline, or
// due. So nothing is ever cancelled, a renewal costs no timer, and a lease has one at a
// time; two where its lease time is shorter than its hold time was.
// Not safe to share between threads.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "berth/lease.h"
#include "core/slots.h"

namespace berth {

class Timers {
 public:
  struct Timer {
    LeaseId id;
    Generation generation;
  };

  void add(Tick at, Timer timer) { due_[at].push_back(timer); }

  // Takes one timer whose tick has come.
  [[nodiscard]] std::optional<Timer> take(Tick now) {
    if (due_.empty() || due_.begin()->first > now) return std::nullopt;
    std::vector<Timer>& first = due_.begin()->second;
    const Timer timer = first.back();
    first.pop_back();
    if (first.empty()) due_.erase(due_.begin());
    return timer;
  }

 private:
  std::map<Tick, std::vector<Timer>> due_;  // one entry a tick: few, however many leases
};

}  // namespace berth
