// tick.h - steady time as records keep it: 32 bits of eighths of a second.
#pragma once

#include <cstdint>

#include "berth/time.h"

namespace berth {

// Steady time in eighths of a second since the timeline began; 17 years fit.
using Tick = std::uint32_t;
[[nodiscard]] constexpr Tick tick_of(SteadyTime time) {
  return static_cast<Tick>(time.time_since_epoch().count() / 125);
}
// The first tick that is not before `time` + `wait`: nothing ends early.
[[nodiscard]] constexpr Tick tick_after(SteadyTime time, Milliseconds wait) {
  return static_cast<Tick>(((time + wait).time_since_epoch().count() + 124) / 125);
}

}  // namespace berth
