// event.h - one thing that happened on an access server, as a file of events tells it.
//
// Values only. docs/events.md describes the file; events.h reads and writes it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"
#include "berth/time.h"

namespace berth::play {

enum class EventKind : std::uint8_t {
  connect,     // a user asks for addresses
  confirm,     // the session is up: Accounting Start
  renew,       // and still up: Interim-Update
  disconnect,  // and over: Accounting Stop
  boot,        // the server started anew
};
inline constexpr int kEventKinds = 5;
[[nodiscard]] std::string_view event_name(EventKind kind);
// Takes the names of RADIUS accounting as well: start, interim, stop.
[[nodiscard]] std::optional<EventKind> event_called(std::string_view name);

// Whether each kind of address is wanted: "ipv4 ipv6? delegated?", the ? for those that may be
// left out.
struct Wants {
  std::array<Want, kKinds> of{Want::required, Want::optional, Want::optional};
  bool operator==(const Wants&) const = default;
};
// invalid: an unknown kind, or none at all.
[[nodiscard]] Result<Wants> parse_wants(std::string_view text);

struct Event {
  WallTime time;  // when the message came to the address server
  EventKind kind = EventKind::connect;
  std::string server;
  std::string port;
  std::string user;
  std::string session;
  std::vector<std::string> groups;
  std::string epoch;              // of a boot; empty: its time stands for it
  std::optional<WallTime> began;  // when the session began that a disconnect without id ends
  std::optional<Wants> wants;     // of a connect; empty: what the player was told
  bool operator==(const Event&) const = default;
};

// Where events come from, in the order of their times.
class EventSource {
 public:
  virtual ~EventSource() = default;
  // The next one; false: there are no more, and never will be.
  [[nodiscard]] virtual Result<bool> next(Event& event) = 0;
  // Which part of the whole has been given out, from 0 to 1; nothing where nobody can know.
  [[nodiscard]] virtual std::optional<double> progress() const = 0;
};

// A source whose first event can be seen before it is taken: a clock is set by it.
class Peeked : public EventSource {
 public:
  // Reads the first event of `source`, which must outlive this.
  [[nodiscard]] static Result<Peeked> make(EventSource& source);

  // The time of the first event; nothing where there is none.
  [[nodiscard]] std::optional<WallTime> starts() const { return starts_; }

  [[nodiscard]] Result<bool> next(Event& event) override;
  [[nodiscard]] std::optional<double> progress() const override { return source_->progress(); }

 private:
  explicit Peeked(EventSource& source) : source_(&source) {}
  EventSource* source_;
  std::optional<Event> first_;  // until it is taken
  std::optional<WallTime> starts_;
};

}  // namespace berth::play
