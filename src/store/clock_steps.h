// clock_steps.h - what it means to ask about a moment that a clock showed twice.
//
// When the wall clock is set back, the time between is shown again. Whoever had an address from
// before the step may have had it at such a moment the second time round, though by its times the
// interval began later: it ends where it began, or later still. So a question about such a moment
// is asked of all the time up to where the clock was set back: every candidate is named, some of
// them needlessly.
//
// Not safe to share between threads.
#pragma once

#include <deque>

#include "core/change.h"
#include "store/history_lookup.h"
#include "store/sqlite.h"

namespace berth {

class ClockSteps {
 public:
  void add(const ClockStepped& step);
  // Those that the tables know of.
  void add_from(Database& tables);
  [[nodiscard]] Moments widened(Moments when) const;

 private:
  // As many as the tables keep (tables.cc).
  static constexpr std::size_t kMost = 10'000;
  std::deque<ClockStepped> back_;  // the steps back, oldest first
};

}  // namespace berth
