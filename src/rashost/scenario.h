// scenario.h - what is to happen at a RAS side, line by line (docs/rashost.md).
//
//   server 10.0.0.254
//   pool 10.0.0.1-10.0.0.99
//   connect a user=ana port=VPN2-1 families=ipv4,ipv6 expect=up
//   link a port=VPN2-2
//   hang-up a
//
// Pure: reading a scenario touches nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "berth/address.h"
#include "berth/error.h"
#include "ras/connection.h"

namespace berth::ras {

inline constexpr std::size_t kMostActions = 1'000'000;
inline constexpr std::uint64_t kMostSeconds = 86'400;
inline constexpr std::uint64_t kMostRandomConnections = 10'000'000;

// What must come of it; nothing: whatever does.
struct Expected {
  enum class What : std::uint8_t { up, refused };
  std::optional<What> what;
  std::optional<std::uint32_t> code;   // of a refusal
  std::optional<CalloutAddress> ipv4;  // of the client, where it is up
  std::optional<CalloutAddress> ipv6;
};

struct Connect {
  std::string name;  // of the connection, in this scenario
  std::u16string user;
  std::u16string domain;
  std::u16string computer;
  std::u16string port;
  Wanted wanted;
  Tunnel tunnel = Tunnel::ppp;
  Expected expected;
};
// A client that has proved who it is below PPP (R96).
struct Preauthenticate {
  std::u16string user;
  std::u16string domain;
  std::vector<std::uint8_t> info;
  Expected expected;
};
struct AddLink {
  std::string name;
  std::u16string port;
  Expected expected;
};
struct DropLink {
  std::string name;
  std::u16string port;
};
struct Reauthenticate {
  std::string name;
  QuarantineState state = QuarantineState::normal;
  Expected expected;
};
struct Move {
  std::string name;
  std::u16string client;
  std::u16string server;
  Expected expected;
};
struct HangUp {
  std::string name;  // empty: all
};
// The service stops and starts; or its process dies, and another one starts.
struct Restart {
  bool killed = false;
};
// So many connections of users who come and go as chance has it.
struct Random {
  std::uint64_t connections = 0;
  std::uint32_t users = 100;
  std::uint32_t ports = 32;
  std::uint64_t seed = 1;
  Wanted wanted;
};

// Until nobody is connected any more, at most so long: time for administration functions.
struct Wait {
  std::chrono::seconds most{0};
};

struct Action {
  std::size_t line = 0;
  std::variant<Connect, AddLink, DropLink, Reauthenticate, Move, HangUp, Restart, Random,
               Preauthenticate, Wait>
      what;
};

struct Scenario {
  Ipv4 server{0x0a0000fe};        // 10.0.0.254
  std::optional<Ipv4Range> pool;  // what RAS proposes from
  std::uint64_t ipv6_prefix = 0;  // the upper half of every client's address
  std::vector<Action> actions;
};

// import_invalid: names file, line, and what is wrong there.
[[nodiscard]] Result<Scenario> parse_scenario(std::string_view text, const std::string& file);

}  // namespace berth::ras
