// play.h - plays events to a Book as fast as it can, and tells how it went.
//
// Many requests are under way at once, as with real access servers, yet nothing changes its
// order that must not: what concerns one owner, one session or one exclusive port goes one after
// the other, and a boot waits for all that came before it. The Book's clock follows the events:
// it shows the time of the oldest event that is still under way, so no request is handled later
// than it was made, and none more than PlayOptions::together earlier.
//
//   PlayClock clock(*events.starts());
//   auto book = Book::open(plan, {.path = "day.db", .clock = &clock});
//   Result<Played> played = play(**book, clock, events, plan, {});
//
// play() calls the Book from the calling thread and takes its answers there as well; it returns
// when every answer has come.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "berth/book.h"
#include "play/event.h"
#include "play/play_clock.h"
#include "play/timeline.h"

namespace berth::play {

inline constexpr std::size_t kMostOutstanding = 65'536;
// Of PlayOptions::speed: a day lasts three years, or a tenth of a second.
inline constexpr double kLeastSpeed = 0.001;
inline constexpr double kMostSpeed = 1'000'000;

// How it stands, for whoever waits.
struct Progress {
  std::uint64_t events = 0;
  WallTime time;               // of the events
  std::size_t open = 0;        // connections that nobody has said are over
  Milliseconds elapsed{0};     // real time
  std::optional<double> part;  // done, of 1
};

struct PlayOptions {
  std::size_t outstanding = 256;  // requests under way at once, 1 to kMostOutstanding
  // Simulated time that passes in a second of real time, kLeastSpeed to kMostSpeed; zero: as fast
  // as it goes.
  double speed = 0;
  // Requests under way may lie so far apart in simulated time. More share a sync when it is
  // longer; times in history are more exact when it is shorter.
  Milliseconds together{10'000};
  Wants wants;            // of connects that do not say themselves
  Clock* real = nullptr;  // for speed and elapsed time; nullptr: system_clock()
  // Both are called between events, many times a second; true: stop here.
  std::function<bool()> stopped;
  std::function<void(const Progress&)> progress;
};

// What came of one kind of event.
struct Answers {
  std::uint64_t events = 0;
  std::uint64_t refused = 0;
};

struct Refusals {
  std::uint64_t count = 0;
  Error first;  // for example
};

struct Played {
  bool stopped = false;  // by PlayOptions::stopped, before the end of the events
  // What ended it before that: the error of the source, or of a store that can no longer be
  // written. All that is counted here happened before.
  std::optional<Error> failed;
  std::array<Answers, kEventKinds> answers;
  std::map<std::pair<EventKind, Code>, Refusals> refusals;
  std::uint64_t ended_by_boot = 0;
  std::uint64_t returned = 0;  // returns.h has the rule
  std::uint64_t home = 0;
  std::uint64_t live = 0;  // leases in the Book at the end
  std::uint64_t most_open = 0;
  std::uint64_t doubles = 0;  // checker.h has the rules; both must be 0
  std::uint64_t too_soon = 0;
  std::string first_fault;
  WallTime first{};  // times of events
  WallTime last{};
  Milliseconds elapsed{0};  // real time
  Timeline timeline;

  [[nodiscard]] std::uint64_t events() const;
  [[nodiscard]] std::uint64_t refused() const;
};

// invalid: an option is out of bounds; then nothing was played. What goes wrong later is
// Played::failed.
[[nodiscard]] Result<Played> play(Book& book, PlayClock& clock, EventSource& source,
                                  const Plan& plan, const PlayOptions& options);

}  // namespace berth::play
