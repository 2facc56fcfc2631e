// progress.cc - a bar, a share, and the time that is left.
#include "cli/progress.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

namespace berth::cli {

namespace {

constexpr Milliseconds kBetweenDrawings{100};
constexpr int kBarColumns = 24;
constexpr std::string_view kWipe = "\r\x1b[K";

std::string bar(std::uint64_t done, std::uint64_t total) {
  auto full =
      static_cast<int>(static_cast<double>(done) / static_cast<double>(total) * kBarColumns);
  std::string text;
  for (int i = 0; i < kBarColumns; ++i) text += i < full ? "█" : "░";
  return text;
}

}  // namespace

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
  if (total == 0) {
    world_.err << kWipe << fmt::format("{}  {}", work_, done) << std::flush;
    return;
  }
  done = std::min(done, total);
  double share = static_cast<double>(done) / static_cast<double>(total);
  auto spent = std::chrono::duration<double>(now - started_).count();
  std::string line = fmt::format("{}  {}  {:3.0f} %", work_, bar(done, total), share * 100);
  if (share > 0.01) line += fmt::format("  {:.0f} s left", spent / share - spent);
  world_.err << kWipe << line << std::flush;
}

}  // namespace berth::cli
