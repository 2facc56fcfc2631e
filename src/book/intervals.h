// intervals.h - the open end of history and its past, put together.
#pragma once

#include <vector>

#include "berth/lease.h"

namespace berth {

// Live ones before ended ones, the latest first, at most `limit`. A live interval that has ended
// since it was looked at is left out: its end is among the others.
[[nodiscard]] std::vector<Interval> merge(std::vector<Interval> live, std::vector<Interval> ended,
                                          std::size_t limit);

}  // namespace berth
