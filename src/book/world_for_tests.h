// world_for_tests.h - clocks that move by hand, chance with a seed, and short ways to say things;
// those for addresses and pools come from core's.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "berth/lease.h"
#include "berth/time.h"
#include "core/addresses_for_tests.h"

namespace berth::testing {

// Both clocks stand still until somebody moves them. Any thread.
class HandClock : public Clock {
 public:
  [[nodiscard]] WallTime wall() const override { return WallTime(Milliseconds(wall_.load())); }
  [[nodiscard]] SteadyTime steady() const override {
    return SteadyTime(Milliseconds(steady_.load()));
  }
  void advance(Milliseconds by) {
    wall_ += by.count();
    steady_ += by.count();
  }
  // Somebody sets the wall clock.
  void jump(Milliseconds by) { wall_ += by.count(); }

 private:
  std::atomic<std::int64_t> wall_ = 1'764'000'000'000;  // 2025-11-24T16:00:00Z
  std::atomic<std::int64_t> steady_ = 0;                // as in a process that has just begun
};

// The same numbers for the same seed: splitmix64, by Sebastiano Vigna, in the public domain.
class Dice : public Chance {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() override {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  // 0 to n - 1.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

// A user who comes with a session id, as RADIUS has it.
inline Request session_request(std::string user, std::string session, std::string server = "nas") {
  return {.user = std::move(user), .server = std::move(server), .session = std::move(session)};
}
// A user on a port, as RRAS has it.
inline Request port_request(std::string user, std::string port, std::string server = "ras") {
  return {.user = std::move(user), .server = std::move(server), .port = std::move(port)};
}
inline LeaseRef session_ref(std::string session, std::string server = "nas") {
  return {.server = std::move(server), .session = std::move(session)};
}
inline LeaseRef port_ref(std::string user, std::string port, std::string server = "ras") {
  return {.server = std::move(server), .port = std::move(port), .user = std::move(user)};
}

}  // namespace berth::testing
