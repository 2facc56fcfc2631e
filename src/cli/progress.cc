// progress.cc - a bar, a share, and the time that is left.
#include "cli/progress.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cli/words.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

constexpr Milliseconds kBetweenDrawings{100};
constexpr int kMostBar = 40;
constexpr int kLeastBar = 6;
constexpr int kGap = 2;  // between two parts
constexpr std::string_view kWipe = "\r\x1b[K";

}  // namespace

std::string progress_line(const std::vector<std::string>& parts, std::optional<double> share,
                          int columns, play::ChartStyle::Marks marks) {
  std::string line;
  for (const std::string& part : parts) {
    if (width_of(line) + width_of(part) + kGap >= columns) break;
    line += (line.empty() ? "" : "  ") + part;
  }
  const int bar = std::min(kMostBar, columns - width_of(line) - kGap - 1);
  if (share && bar >= kLeastBar) line = play::draw_bar(*share, bar, marks) + " " + line;
  return line;
}

Progress::Progress(World& world, std::string_view work)
    : world_(world), work_(work), started_(world.clock.steady()), drawn_(started_) {}

Progress::~Progress() {
  if (drawn_at_all_) world_.err << kWipe << std::flush;
}

void Progress::at(std::uint64_t done, std::uint64_t total) {
  if (!world_.err_terminal.is_there()) return;
  SteadyTime now = world_.clock.steady();
  if (now - drawn_ < kBetweenDrawings) return;
  drawn_ = now;
  drawn_at_all_ = true;
  std::vector<std::string> parts = {work_};
  std::optional<double> share;
  if (total == 0) {
    parts.push_back(count_text(done));
  } else {
    share = static_cast<double>(std::min(done, total)) / static_cast<double>(total);
    parts.push_back(fmt::format("{:3.0f} %", *share * 100));
    auto spent = std::chrono::duration<double>(now - started_).count();
    if (*share > 0.01) parts.push_back(fmt::format("{:.0f} s left", spent / *share - spent));
  }
  world_.err << kWipe
             << progress_line(parts, share, world_.err_terminal.columns,
                              play::ChartStyle::Marks::blocks)
             << std::flush;
}

}  // namespace berth::cli
