// callout.h - the callouts of the RAS Administration DLL contract: their names and families.
//
// Rules are cited as docs/contract.md numbers them. Values only; any thread may use them.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace berth::ras {

// One function of a module. Those that end in 2, 3 or Ex are flavours of the one before them:
// they say more about the same connection.
enum class Callout : std::uint8_t {
  initialize,
  initialize_ex,
  terminate,
  get_ipv4,
  release_ipv4,
  get_ipv6,
  release_ipv6,
  accept_connection,
  accept_connection2,
  accept_connection3,
  accept_connection_ex,
  hang_up_connection,
  hang_up_connection2,
  hang_up_connection3,
  hang_up_connection_ex,
  accept_link,
  hang_up_link,
  accept_reauthentication,
  accept_reauthentication_ex,
  accept_endpoint_change,     // a slot of the table alone, without an exported name (R95)
  validate_preauthenticated,  // likewise (R96)
};
inline constexpr std::size_t kCallouts = 21;

// What a module is known to have.
using CalloutSet = std::bitset<kCallouts>;

[[nodiscard]] constexpr std::size_t index_of(Callout callout) {
  return static_cast<std::size_t>(callout);
}
[[nodiscard]] inline bool has(const CalloutSet& set, Callout callout) {
  return set[index_of(callout)];
}
inline void add(CalloutSet& set, Callout callout) { set.set(index_of(callout)); }

// "MprAdminGetIpAddressForUser": as it is exported, undecorated (R2). Those of the table alone have
// the names of their slots.
[[nodiscard]] std::string_view callout_name(Callout callout);
// Whether RAS looks for it by its exported name (R108): not Ex callouts of connections, nor slots
// of the table alone.
[[nodiscard]] bool is_exported(Callout callout);
[[nodiscard]] const std::array<Callout, kCallouts>& all_callouts();

// The two processes of RAS (R121), and so which calls exclude each other (R115 to R119): address
// callouts never overlap, nor do those about connections.
enum class Group : std::uint8_t { start, address, connection };
[[nodiscard]] Group group_of(Callout callout);

// How a module hands over its callouts: by exported names, or in a table (R108).
enum class Style : std::uint8_t { exports, table };

}  // namespace berth::ras
