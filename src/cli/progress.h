// progress.h - how far a long piece of work is, drawn over itself on a terminal.
//
//   Progress progress(world, "importing");
//   progress.at(done, total);   // as often as you like; it is drawn ten times a second
//
// Draws on standard error and only where that is a terminal; wiped away when it is destroyed.
// One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/world.h"
#include "play/chart.h"

namespace berth::cli {

// "[#####    ]  43 %  12 s left": as many of the parts as `columns` have room for, the most
// telling ones first, and in what is left a bar for `share`, of 1, where that is known.
[[nodiscard]] std::string progress_line(const std::vector<std::string>& parts,
                                        std::optional<double> share, int columns,
                                        play::ChartStyle::Marks marks);

class Progress {
 public:
  // `work` is what is going on: "importing".
  Progress(World& world, std::string_view work);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // A total of zero: nobody knows how much there will be.
  void at(std::uint64_t done, std::uint64_t total);

 private:
  World& world_;
  std::string work_;
  SteadyTime started_;
  SteadyTime drawn_;
  bool drawn_at_all_ = false;
};

}  // namespace berth::cli
