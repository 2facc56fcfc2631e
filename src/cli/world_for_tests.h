// world_for_tests.h - a world for tests: streams in memory, a clock that moves by hand.
#pragma once

#include <sstream>

#include "berth/plan.h"
#include "cli/world.h"

namespace berth::cli {

class HandClock : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override { return WallTime{kStart} + passed_; }
  [[nodiscard]] SteadyTime steady() const override { return SteadyTime{kMaxTerm} + passed_; }
  void advance(Milliseconds by) { passed_ += by; }

 private:
  static constexpr Milliseconds kStart = std::chrono::hours(24 * 365 * 50);
  Milliseconds passed_{0};
};

class CountingChance : public Chance {
 public:
  std::uint64_t next() override { return ++last_; }

 private:
  std::uint64_t last_ = 0;
};

struct TestWorld {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  HandClock clock;
  CountingChance chance;
  World world{
      .in = in, .out = out, .err = err, .clock = clock, .chance = chance, .version = "1.2.3"};
};

}  // namespace berth::cli
