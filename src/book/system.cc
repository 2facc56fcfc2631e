// system.cc - the machine's own clocks and chance.
#include <chrono>
#include <random>

#include "berth/plan.h"
#include "berth/time.h"

namespace berth {
namespace {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override {
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
  }
  // Counted from the first look, so that ticks of a record do not depend on the machine's uptime.
  // What was before has a steady time, too.
  [[nodiscard]] SteadyTime steady() const override {
    const auto since = std::chrono::steady_clock::now() - start_;
    return SteadyTime(kMaxTerm + std::chrono::floor<Milliseconds>(since));
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class SystemChance final : public Chance {
 public:
  std::uint64_t next() override {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
  }
};

}  // namespace

Clock& system_clock() {
  static SystemClock clock;
  return clock;
}

Chance& system_chance() {
  static SystemChance chance;
  return chance;
}

}  // namespace berth
