// people.h - the users of a synthesised day: their names, and when they like to connect.
//
// Everything about a user follows from the seed and the user's number, so nobody has to be
// remembered and any number of them fits. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "berth/time.h"

namespace berth::play {

enum class Habit : std::uint8_t {
  office,   // from the morning on, with a break at noon; seldom at the weekend
  evening,  // once or twice after work
  phone,    // many short sessions from morning to night
};

struct Person {
  std::string given;   // "ana"
  std::string family;  // "keller", with a number where there are several
  bool contractor = false;
  Habit habit = Habit::office;
  int home = 0;  // the favourite server
};
[[nodiscard]] Person person(std::uint64_t seed, std::uint32_t number, int servers);

// How a name is written on its way here. One person, one owner, whatever the spelling.
enum class Spelling : std::uint8_t {
  domain,    // CORP\Ana.Keller
  realm,     // ana.keller@corp.example
  capitals,  // Ana.Keller@corp.example
  shouting,  // ANA.KELLER@CORP.EXAMPLE
};
[[nodiscard]] std::string spelled(const Person& person, Spelling spelling);

// A session that somebody means to have.
struct Visit {
  Milliseconds begin;  // since midnight; may lie behind the next one
  Milliseconds length;
};
// In order, without overlap. `day` counts from the first day.
[[nodiscard]] std::vector<Visit> visits_of(std::uint64_t seed, std::uint32_t number, Habit habit,
                                           std::uint32_t day, bool weekend);

}  // namespace berth::play
