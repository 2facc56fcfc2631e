// play_report.h - what came of a play: tables and charts for people, or one JSON object.
#pragma once

#include <cstdint>
#include <vector>

#include <boost/json/object.hpp>

#include "berth/event.h"
#include "cli/world.h"
#include "play/chart.h"
#include "play/play.h"

namespace berth::cli {

// What the Book told of meanwhile. Only the first are kept, so that no play fills the memory.
struct Noticed {
  static constexpr std::size_t kMostKept = 1000;

  void add(const Event& event) {
    if (count++ < kMostKept) first.push_back(event);
  }

  std::vector<Event> first;
  std::uint64_t count = 0;
};

void print_report(World& world, const play::Played& played, const Noticed& noticed,
                  play::ChartStyle::Marks marks);

[[nodiscard]] boost::json::object to_json(const play::Played& played, const Noticed& noticed);

}  // namespace berth::cli
