// source.h - where the RAS side's own addresses come from, and who is known to hold which.
//
// Any thread may call.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>

#include "ras/facts.h"

namespace berth::ras {

struct Wanted {
  bool ipv4 = true;
  bool ipv6 = false;
};

// For whom an address is. The same at each call about one connection.
struct Client {
  Handle connection{};
  std::u16string user;
  std::u16string port;
  Wanted wanted;     // all families that the connection is to have,
  Wanted by_module;  // and those of them for which a module is asked
};

// The module that answered for a family.
struct Answered {
  Family family = Family::ipv4;
  std::string module;
  bool release = false;  // it asked for the Release (R30)
};

// What came of an address that a module chose.
enum class Taken : std::uint8_t {
  taken,
  server,   // it is the server's own (R28)
  in_use,   // somebody else holds it, or has a right to it (R29)
  foreign,  // it is in no pool, and such addresses are not wanted
};

class AddressSource {
 public:
  virtual ~AddressSource() = default;

  // An address to propose, out of everybody's reach until it is given back. Nothing: RAS has none
  // for this client; a module may yet choose one (R22, R24).
  [[nodiscard]] virtual std::optional<CalloutAddress> propose(Family family,
                                                              const Client& client) = 0;
  // Gives the client `address`, which `module` chose in place of the proposed one, and which the
  // client then holds in its stead.
  [[nodiscard]] virtual Taken take(Family family, const CalloutAddress& address,
                                   const Client& client, const std::string& module) = 0;
  // All callouts have let the connection pass: what it holds is its own now. Otherwise: why it
  // cannot have it, in a sentence.
  [[nodiscard]] virtual std::expected<void, std::string> commit(
      const Client& client, std::span<const Answered> answered) = 0;
  // The connection is over, or did not come up: everything has been given back.
  virtual void end(const Client& client) = 0;
  // The client no longer holds what it was proposed or took, committed or not. Where a Release is
  // owed for it, it counts as made: whoever calls makes it next (R33).
  virtual void give_back(Family family, const CalloutAddress& address, const Client& client) = 0;
};

}  // namespace berth::ras
