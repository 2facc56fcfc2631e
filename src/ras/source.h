// source.h - where the RAS side's own addresses come from, and who is known to hold which.
//
// Any thread may call.
#pragma once

#include <optional>
#include <string>

#include "ras/facts.h"

namespace berth::ras {

// For whom an address is.
struct Client {
  Handle connection{};
  std::u16string user;
  std::u16string port;
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
  // The client no longer holds what it was proposed or took.
  virtual void give_back(Family family, const CalloutAddress& address, const Client& client) = 0;
};

}  // namespace berth::ras
