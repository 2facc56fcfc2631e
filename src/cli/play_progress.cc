// play_progress.cc - the parts of the line, the most telling ones first.
#include "cli/play_progress.h"

#include <algorithm>
#include <ostream>
#include <vector>

#include <fmt/format.h>

#include "cli/progress.h"
#include "cli/words.h"

namespace berth::cli {

namespace {

constexpr Milliseconds kBetweenLines{5'000};  // where nothing can be drawn over
constexpr int kPlainColumns = 100;
constexpr std::string_view kWipe = "\r\x1b[K";

// Without its seconds: "2026-01-05 10:24".
std::string minute_of(WallTime time) {
  std::string text = format_time(time).substr(0, 16);
  text[10] = ' ';
  return text;
}

}  // namespace

std::string progress_line(const play::Progress& now, int columns, play::ChartStyle::Marks marks) {
  const auto milliseconds =
      static_cast<std::uint64_t>(std::max<std::int64_t>(1, now.elapsed.count()));
  std::vector<std::string> parts;
  if (now.part) parts.push_back(fmt::format("{:3.0f} %", *now.part * 100));
  parts.push_back(minute_of(now.time));
  parts.push_back(count_text(now.open) + " connected");
  parts.push_back(count_text(now.events) + " events");
  parts.push_back(count_text(now.events * 1000 / milliseconds) + "/s");

  return progress_line(parts, now.part, columns, marks);
}

PlayProgress::PlayProgress(World& world, play::ChartStyle::Marks marks)
    : world_(world), marks_(marks) {}

PlayProgress::~PlayProgress() {
  if (drawn_) world_.err << kWipe << std::flush;
}

void PlayProgress::show(const play::Progress& now) {
  if (world_.err_terminal.is_there()) {
    drawn_ = true;
    world_.err << kWipe << progress_line(now, world_.err_terminal.columns, marks_) << std::flush;
    return;
  }
  if (now.elapsed - shown_ < kBetweenLines) return;
  shown_ = now.elapsed;
  world_.err << progress_line(now, kPlainColumns, play::ChartStyle::Marks::ascii) << '\n'
             << std::flush;
}

}  // namespace berth::cli
