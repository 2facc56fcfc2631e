// time.h - the two clocks of Berth, and how a time is written.
//
// Wall time is for history and for people: UTC, in milliseconds since 1970 (RFC 3339 when
// printed). It may jump. Steady time is for waiting: hold, cool-down and lease time run on it.
// It never jumps and means nothing after a restart. The two are different types, so nothing
// can mix them up. Both come from a Clock that is handed in: a test brings its own. Steady time
// must begin near zero: records keep 32 bits of eighths of a second, which end after 17 years.
//
//   Result<WallTime> at = parse_time("2026-11-21T09:30:00Z");
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "berth/error.h"

namespace berth {

using Milliseconds = std::chrono::milliseconds;

using WallTime = std::chrono::sys_time<Milliseconds>;

struct SteadyTimeline {};  // a tag: points on it start anew with each process
using SteadyTime = std::chrono::time_point<SteadyTimeline, Milliseconds>;

// Where time comes from. Called from any thread, often: make it cheap.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual WallTime wall() const = 0;
  // Since about the start of the process, from a beginning of its own (below); up to 17 years.
  [[nodiscard]] virtual SteadyTime steady() const = 0;
};

// The machine's own clocks. Steady time begins at kMaxTerm (plan.h), not at zero, so that what was
// before the process can have a steady time as well: where TimeAway::counts (book.h) is wanted, a
// clock of your own must do the same.
[[nodiscard]] Clock& system_clock();

// Where unguessable numbers come from: the key of a new store. Called from one thread.
class Chance {
 public:
  virtual ~Chance() = default;
  virtual std::uint64_t next() = 0;
};

// The operating system's generator.
[[nodiscard]] Chance& system_chance();

// RFC 3339 in UTC or with an offset: "2026-11-21T09:30:00Z", "2026-11-21T09:30:00.250+01:00";
// also a date and time without offset and "2026-11-21 09:30", read as UTC; also "@" with
// seconds since 1970. invalid: anything else, and times before 1970 or after 9999.
[[nodiscard]] Result<WallTime> parse_time(std::string_view text);

// "2026-11-21T09:30:00Z", with ".250" before the Z only where there are milliseconds.
[[nodiscard]] std::string format_time(WallTime time);

// The longest duration that is taken anywhere, 10 years: a longer one is a slip of the pen.
inline constexpr Milliseconds kMaxDuration = std::chrono::days{3650};

// "90s", "15m", "2h", "1h30m", "7d", "250ms", "0s": units from the longest to the shortest, each
// once. invalid: anything else, negative ones, longer than kMaxDuration.
[[nodiscard]] Result<Milliseconds> parse_duration(std::string_view text);
[[nodiscard]] std::string format_duration(Milliseconds duration);

}  // namespace berth
