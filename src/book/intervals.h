// intervals.h - live leases as the open end of history, and the two put together.
#pragma once

#include <vector>

#include "berth/lease.h"
#include "core/change.h"

namespace berth {

[[nodiscard]] Lease lease_of(const LeaseRecord& record);

// The intervals that a live lease has open: one, or one for each time at which a kind joined.
[[nodiscard]] std::vector<Interval> open_intervals(const LeaseRecord& record);

// Whether any of these addresses lies in, or around, a part of `where`.
[[nodiscard]] bool touches(const AnyRange& where, const Addresses& addresses);

// Live ones before ended ones, the latest first, at most `limit`. A live interval that has ended
// since it was looked at is left out: its end is among the others.
[[nodiscard]] std::vector<Interval> merge(std::vector<Interval> live, std::vector<Interval> ended,
                                          std::size_t limit);

}  // namespace berth
