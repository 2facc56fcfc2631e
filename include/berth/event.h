// event.h - what a Book tells of on its own, because somebody should look after it.
//
//   Book::open(plan, {.path = "leases.db", .on_event = [](const Event& event) {
//                       std::cerr << event_text(event) << '\n';
//                     }});
//
// Events are looked for about once a second and kept nowhere: a Book that was just opened knows
// none, and tells again of a pool that is nearly full. Values only; any thread may use them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "berth/lease.h"
#include "berth/time.h"

namespace berth {

// A pool has reached one of its thresholds (PoolPlan), or has left it again: it does so with two
// per cent of its addresses fewer, so that one user who comes and goes is not told of each time.
// Each threshold is told of once for each time that it is reached. Taken are addresses that are
// held, active, cooling, reserved or just being given. Computed identifiers never run out.
struct PoolEvent {
  std::string pool;
  Kind kind = Kind::ipv4;
  int threshold = 0;  // per cent
  bool reached = false;
  std::uint64_t taken = 0;
  std::uint64_t size = 0;
  bool operator==(const PoolEvent&) const = default;
};

// The hold times of ten leases or more of one server have run out, and it confirmed none in
// between: most likely it sends no accounting, and its users lose their addresses while they are
// connected. Or it was so, and the server has confirmed a lease again.
struct ServerEvent {
  std::string server;
  bool silent = false;
  bool operator==(const ServerEvent&) const = default;
};

// A module gave a user an address that lies in no pool: nobody but the module keeps it from others
// than Berth's. It is taken all the same, or refused where the settings of RAS say so.
struct OutsideEvent {
  std::string module;
  std::string user;
  std::string server;
  Addresses addresses;  // those outside every pool
  bool operator==(const OutsideEvent&) const = default;
};

struct Event {
  WallTime at;  // when it was noticed
  std::variant<PoolEvent, ServerEvent, OutsideEvent> what;
  bool operator==(const Event&) const = default;
};

// For programs; these texts never change: "pool_threshold_reached", "pool_threshold_left",
// "server_silent", "server_heard", "address_outside_pools".
[[nodiscard]] std::string_view event_code(const Event& event);
// For people: "pool staff: 90 % of its ipv4 addresses are taken, 922 of 1024", and what to do.
[[nodiscard]] std::string event_text(const Event& event);

}  // namespace berth
