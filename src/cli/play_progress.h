// play_progress.h - how far a play is: a line drawn over itself on a terminal, else a line now
// and then.
#pragma once

#include <string>

#include "cli/world.h"
#include "play/chart.h"
#include "play/play.h"

namespace berth::cli {

// "[#####    ]  43 %  10:24  4,512 connected  81,230 events  24,000/s", as much of it as `columns`
// have room for.
[[nodiscard]] std::string progress_line(const play::Progress& now, int columns,
                                        play::ChartStyle::Marks marks);

class PlayProgress {
 public:
  PlayProgress(World& world, play::ChartStyle::Marks marks);
  ~PlayProgress();  // wipes the line
  PlayProgress(const PlayProgress&) = delete;
  PlayProgress& operator=(const PlayProgress&) = delete;

  void show(const play::Progress& now);

 private:
  World& world_;
  play::ChartStyle::Marks marks_;
  Milliseconds shown_{0};  // elapsed, when the last plain line was written
  bool drawn_ = false;
};

}  // namespace berth::cli
