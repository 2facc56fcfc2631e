// dice.h - chance that can be repeated: the same seed gives the same throws on every machine.
//
// Whole numbers only. The distributions of the standard library differ from one to the next, and
// so does floating point; a synthesised day must not. For play and tests, never for secrets.
#pragma once

#include <cstdint>

namespace berth::play {

// Numbers that name a throw ("user 17, day 3") as one seed: splitmix64, by Sebastiano Vigna.
constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}
constexpr std::uint64_t mixed(std::uint64_t seed, std::uint64_t with) {
  return mixed(seed ^ mixed(with));
}

class Dice {
 public:
  explicit constexpr Dice(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t next() { return mixed(state_++); }

  // 0 to `sides` - 1; `sides` is not 0. The bias of % is below 2^-40 for what we throw.
  constexpr std::uint64_t throw_one(std::uint64_t sides) { return next() % sides; }

  // `low` to `high`, both included, each as likely.
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(throw_one(static_cast<std::uint64_t>(high - low) + 1));
  }

  // `low` to `high` in the shape of a bell: the middle is the likeliest.
  constexpr std::int64_t around_middle(std::int64_t low, std::int64_t high) {
    std::int64_t sum = 0;
    constexpr int kThrows = 3;
    for (int i = 0; i < kThrows; ++i) sum += between(low, high);
    return sum / kThrows;
  }

  // True so many times in a thousand.
  constexpr bool in_thousand(std::uint64_t times) { return throw_one(1000) < times; }

 private:
  std::uint64_t state_;
};

}  // namespace berth::play
