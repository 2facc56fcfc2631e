// play_clock.h - a clock that shows the time of the events that are played.
//
// The book under it lives through a simulated day in seconds: hold times, cool-downs and lease
// times pass with the events, which may be 17 years long (time.h). Never goes back. Read by any
// thread, moved by one.
#pragma once

#include <algorithm>
#include <atomic>

#include "berth/time.h"

namespace berth::play {

class PlayClock : public Clock {
 public:
  // `start`: when the events begin; the steady time is zero then.
  explicit PlayClock(WallTime start) : start_(start), now_(start.time_since_epoch()) {}

  [[nodiscard]] WallTime wall() const override { return WallTime(now_.load()); }
  [[nodiscard]] SteadyTime steady() const override { return SteadyTime(wall() - start_); }

  void move_to(WallTime time) {
    now_.store(std::max(now_.load(), Milliseconds(time.time_since_epoch())));
  }

 private:
  const WallTime start_;
  std::atomic<Milliseconds> now_;
};

}  // namespace berth::play
