// play_report.h - what came of a play: tables and charts for people, or one JSON object.
#pragma once

#include <boost/json/object.hpp>

#include "cli/world.h"
#include "play/chart.h"
#include "play/play.h"

namespace berth::cli {

void print_report(World& world, const play::Played& played, play::ChartStyle::Marks marks);

[[nodiscard]] boost::json::object to_json(const play::Played& played);

}  // namespace berth::cli
