// clock_steps.cc - the steps back, from the latest to the earliest.
#include "store/clock_steps.h"

#include <algorithm>
#include <ranges>

#include "store/rows.h"

namespace berth {

void ClockSteps::add(const ClockStepped& step) {
  if (step.to >= step.from) return;
  back_.push_back(step);
  if (back_.size() > kMost) back_.pop_front();
}

void ClockSteps::add_from(Database& tables) {
  Statement rows = tables.prepare(
      "SELECT time, other_time FROM event WHERE what = 'clock_stepped' ORDER BY rowid");
  while (rows.step()) add({wall_time(rows.number(0)), wall_time(rows.number(1))});
}

// Who began before a step may have begun before the earlier ones as well, never after a later
// one: one pass is enough.
Moments ClockSteps::widened(Moments when) const {
  for (const ClockStepped& step : std::views::reverse(back_)) {
    if (step.to < when.until && when.from <= step.from) {
      when.until = std::max(when.until, step.from + Milliseconds(1));
    }
  }
  return when;
}

}  // namespace berth
