// chart.h - a series of numbers as a small picture made of characters.
//
//   100 % |                ▁▆█▇▅▆▇▇▅▃▁
//    50 % |            ▃▆▇█████████████▇▅▄▃▂▁
//         +----------------------------------
//          00:00      06:00      12:00      18:00
//
// As wide as it is told, never wider. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "berth/time.h"

namespace berth::play {

struct ChartStyle {
  int columns = 80;  // of the terminal; at least kLeastColumns are used
  int rows = 4;
  enum class Marks : std::uint8_t { blocks, ascii } marks = Marks::blocks;
  bool colour = false;
};
inline constexpr int kLeastColumns = 30;

// The lines of the picture. `full` is what reaches the top; value i belongs to the time
// `start` + i * `every`. Where there are more values than columns the highest of those that
// share one is shown. No values: no lines.
[[nodiscard]] std::vector<std::string> draw(std::span<const std::uint64_t> values,
                                            std::uint64_t full, WallTime start, Milliseconds every,
                                            const ChartStyle& style);

// A bar of `columns` characters for a part of 1: "[#####     ]", or with blocks.
[[nodiscard]] std::string draw_bar(double part, int columns, ChartStyle::Marks marks);

}  // namespace berth::play
