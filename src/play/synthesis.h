// synthesis.h - makes up days of a remote-access service, with the troubles of real ones.
//
// Users have habits (people.h) and a favourite server, and come back. Every third server is like
// RRAS: "rras1", one user a port, no session ids, no confirms. The others are like RADIUS:
// "radius1", with session ids, starts, interims and stops. What goes wrong is in kTroubles.
//
//   auto day = Synthesis::make({.seed = 7, .users = 20'000, .servers = 3});
//   for (Event event; *(*day)->next(event);) writer.write(event);
//
// The same options give the same events on every machine. Events come in order of time; memory
// grows with users, not with days. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "play/event.h"

namespace berth::play {

inline constexpr std::uint32_t kMostUsers = 1'000'000;
inline constexpr std::uint32_t kMostServers = 99;
inline constexpr std::uint32_t kMostDays = 366;

struct SynthesisOptions {
  std::uint64_t seed = 1;
  std::uint32_t users = 20'000;
  std::uint32_t servers = 3;
  std::uint32_t days = 1;
  WallTime start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5};  // a Monday; midnight
};

// What goes wrong, and how often. docs/events.md tells what each means for an address server.
struct Troubles {
  std::uint64_t abandoned = 0;  // of 1000 connects: granted, but the session never comes up
  std::uint64_t retried = 0;    // of 1000 connects: sent again, since the answer was lost
  std::uint64_t second = 0;     // of 1000 sessions: the same user logs in once more beside it
  std::uint64_t lost = 0;       // of 1000 sessions: the stop never comes
  std::uint64_t repeated = 0;   // of 1000 sessions: the stop comes twice
  std::uint64_t late = 0;       // of 1000 sessions: the stop comes minutes later
  std::uint64_t redialled =
      0;                      // of 1000 sessions: the line drops, the user is back before the stop
  std::uint64_t spelled = 0;  // of 1000 messages: the name is written in another way
  std::uint64_t boots = 0;    // of 1000 days of a server but the first, which has two boots
};
inline constexpr Troubles kTroubles = {.abandoned = 15,
                                       .retried = 20,
                                       .second = 10,
                                       .lost = 20,
                                       .repeated = 10,
                                       .late = 15,
                                       .redialled = 30,
                                       .spelled = 150,
                                       .boots = 100};

class Synthesis : public EventSource {
 public:
  // invalid: a number is zero or beyond its limit.
  [[nodiscard]] static Result<std::unique_ptr<Synthesis>> make(
      const SynthesisOptions& options, const Troubles& troubles = kTroubles);
  ~Synthesis() override;

  [[nodiscard]] Result<bool> next(Event& event) override;
  [[nodiscard]] std::optional<double> progress() const override;

 private:
  struct World;
  explicit Synthesis(std::unique_ptr<World> world);
  std::unique_ptr<World> world_;
};

}  // namespace berth::play
