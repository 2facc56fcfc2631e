// interval_text.h - rows of history, for people and programs: of who and history.
#pragma once

#include <vector>

#include "berth/lease.h"
#include "cli/world.h"

namespace berth::cli {

void print_intervals(World& world, const std::vector<Interval>& intervals);

}  // namespace berth::cli
