// chart.cc - eighths of a character, and where the hours stand below them.
#include "play/chart.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace berth::play {
namespace {

using namespace std::chrono_literals;

// From nothing to a full character.
constexpr std::array<std::string_view, 9> kBlocks = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 9> kAscii = {" ", ".", ".", ".", ":", ":", ":", "#", "#"};
constexpr std::uint64_t kEighths = 8;

constexpr int kMargin = 7;            // "100 % |"
constexpr std::uint64_t kTight = 95;  // per cent from which a column is marked

constexpr std::string_view kCalm = "\x1b[32m";  // green
constexpr std::string_view kWarn = "\x1b[31m";  // red
constexpr std::string_view kPlain = "\x1b[0m";

// Steps between labels that people find round.
constexpr std::array<Milliseconds, 12> kSteps = {1min, 5min, 15min, 30min, 1h,   2h,
                                                 3h,   6h,   12h,   24h,   168h, 720h};

std::string_view mark(std::uint64_t eighths, ChartStyle::Marks marks) {
  return (marks == ChartStyle::Marks::blocks ? kBlocks : kAscii).at(eighths);
}

// One number a column: the highest of those that fall into it.
std::vector<std::uint64_t> spread(std::span<const std::uint64_t> values, std::size_t columns) {
  std::vector<std::uint64_t> out(columns);
  for (std::size_t column = 0; column < columns; ++column) {
    const std::size_t from = column * values.size() / columns;
    const std::size_t to = std::max(from + 1, (column + 1) * values.size() / columns);
    out[column] = *std::max_element(values.begin() + static_cast<std::ptrdiff_t>(from),
                                    values.begin() + static_cast<std::ptrdiff_t>(to));
  }
  return out;
}

std::string margin(int row, int rows) {
  const std::string percent = std::to_string(100 * (row + 1) / rows);
  return std::string(3 - std::min<std::size_t>(3, percent.size()), ' ') + percent + " % |";
}

// Row 0 is at the bottom.
std::string draw_row(std::span<const std::uint64_t> columns, std::uint64_t full, int row,
                     const ChartStyle& style) {
  std::string line = margin(row, style.rows);
  std::string_view colour;
  for (std::uint64_t value : columns) {
    const auto height = static_cast<std::uint64_t>(style.rows) * kEighths;
    // Rounded up, so that one address taken can be seen, and down from the top: full is full.
    std::uint64_t eighths =
        value >= full ? height : std::min(height - 1, (value * height + full - 1) / full);
    const std::uint64_t below = static_cast<std::uint64_t>(row) * kEighths;
    eighths = eighths <= below ? 0 : std::min(kEighths, eighths - below);
    if (style.colour && eighths > 0) {
      const std::string_view wanted = value * 100 >= full * kTight ? kWarn : kCalm;
      if (wanted != colour) line += wanted;
      colour = wanted;
    }
    line += mark(eighths, style.marks);
  }
  while (line.ends_with(' ')) line.pop_back();
  if (!colour.empty()) line += kPlain;
  return line;
}

std::string label(WallTime time, Milliseconds step) {
  const std::string text = format_time(time);  // 2026-01-05T09:30:00Z
  return step < 24h ? text.substr(11, 5) : text.substr(5, 5);
}

// The least step whose labels do not run into each other.
Milliseconds step_for(Milliseconds span, std::size_t columns) {
  constexpr std::size_t kLabel = 9;  // with room around it
  for (Milliseconds step : kSteps) {
    if (static_cast<std::uint64_t>(span / step) * kLabel <= columns) return step;
  }
  return kSteps.back();
}

std::string draw_times(WallTime start, Milliseconds span, std::size_t columns) {
  std::string line(static_cast<std::size_t>(kMargin), ' ');
  const Milliseconds step = step_for(span, columns);
  const Milliseconds behind = start.time_since_epoch() % step;
  for (WallTime at = behind == 0ms ? start : start - behind + step; at < start + span; at += step) {
    const auto column =
        static_cast<std::size_t>(static_cast<std::uint64_t>((at - start).count()) * columns /
                                 static_cast<std::uint64_t>(span.count()));
    const std::string text = label(at, step);
    const std::size_t place = kMargin + column;
    if (place + text.size() > kMargin + columns) break;
    if (place < line.size() && line.size() > kMargin) continue;
    line.resize(place, ' ');
    line += text;
  }
  return line;
}

}  // namespace

std::vector<std::string> draw(std::span<const std::uint64_t> values, std::uint64_t full,
                              WallTime start, Milliseconds every, const ChartStyle& style) {
  if (values.empty() || full == 0) return {};
  const auto columns =
      static_cast<std::size_t>(std::max(style.columns, kLeastColumns) - kMargin - 1);
  const std::vector<std::uint64_t> shown = spread(values, columns);
  std::vector<std::string> lines;
  for (int row = style.rows - 1; row >= 0; --row) {
    lines.push_back(draw_row(shown, full, row, style));
  }
  lines.push_back(std::string(kMargin - 1, ' ') + "+" + std::string(columns, '-'));
  lines.push_back(draw_times(start, every * static_cast<std::int64_t>(values.size()), columns));
  return lines;
}

std::string draw_bar(double part, int columns, ChartStyle::Marks marks) {
  const int inside = std::max(1, columns - 2);
  const int filled = static_cast<int>(std::clamp(part, 0.0, 1.0) * inside);
  std::string bar = "[";
  for (int i = 0; i < inside; ++i) bar += mark(i < filled ? kEighths : 0, marks);
  return bar + "]";
}

}  // namespace berth::play
