// border.h - RAS's words made ours. Nothing here decides anything.
#pragma once

#include <cstring>
#include <optional>
#include <string>

#include "core/utf16.h"
#include "rras/given.h"
#include "rras/notices.h"
#include <ras_admin_module.h>

namespace berth::rras {

// The longest name that is looked at, in UTF-16 units; Windows makes none that are half as long.
inline constexpr std::size_t kMostUnits = 1024;

// A name that ends in zero within `most` units, as UTF-8. Nothing: it has a surrogate without its
// other half, or does not end.
inline std::optional<std::string> text_of(const WCHAR* text, std::size_t most = kMostUnits + 1) {
  std::u16string units;
  for (std::size_t i = 0; i < most; ++i) {
    if (text[i] == 0) return utf8_of(units);
    units.push_back(static_cast<char16_t>(text[i]));
  }
  return std::nullopt;
}

// In network order (R20), and of the last half alone (R46).
inline Address address_in(const DWORD* address) {
  std::array<std::uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), address, bytes.size());
  std::uint64_t bits = 0;
  for (const std::uint8_t byte : bytes) bits = bits << 8 | byte;
  return {Kind::ipv4, bits};
}
inline Address address_in(const IN6_ADDR* address) {
  std::uint64_t bits = 0;
  for (std::size_t i = 8; i < 16; ++i) bits = bits << 8 | address->u.Byte[i];
  return {Kind::ipv6, bits};
}
inline void write(const Address& from, DWORD* to) {
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < 4; ++i)
    bytes.at(i) = static_cast<std::uint8_t>(from.bits >> (24 - 8 * i));
  std::memcpy(to, bytes.data(), bytes.size());
}
// The prefix half is RAS's, and stays as it is (R47).
inline void write(const Address& from, IN6_ADDR* to) {
  for (std::size_t i = 0; i < 8; ++i) {
    to->u.Byte[8 + i] = static_cast<BYTE>(from.bits >> (56 - 8 * i));
  }
}

inline std::uintptr_t number_of(HANDLE handle) { return reinterpret_cast<std::uintptr_t>(handle); }

// The client's addresses are the remote ones (R145), where they were negotiated (R147).
template <std::size_t Size>
std::optional<Ipv4> client_ipv4(DWORD error, const WCHAR (&text)[Size]) {
  const std::optional<std::string> written = error == 0 ? text_of(text, Size) : std::nullopt;
  const Result<Ipv4> address = Ipv4::parse(written.value_or(""));
  if (!address) return std::nullopt;
  return *address;
}
inline std::optional<InterfaceId> client_identifier(DWORD error, const BYTE (&bytes)[8]) {
  std::uint64_t bits = 0;
  for (const BYTE byte : bytes) bits = bits << 8 | byte;
  if (error != 0 || bits == 0) return std::nullopt;
  return InterfaceId(bits);
}

inline Connection connection_of(const RAS_CONNECTION_0& base, const RAS_CONNECTION_1& ppp) {
  return {.handle = number_of(base.hConnection),
          .user = text_of(base.wszUserName, std::size(base.wszUserName)).value_or(""),
          .seconds = base.dwConnectDuration,
          .ipv4 = client_ipv4(ppp.PppInfo.ip.dwError, ppp.PppInfo.ip.wszRemoteAddress),
          .identifier = {}};
}
inline Connection connection_of(const RAS_CONNECTION_0& base, const RAS_CONNECTION_1& ppp,
                                const RAS_CONNECTION_3& more) {
  Connection connection = connection_of(base, ppp);
  const PPP_IPV6_CP_INFO& ipv6 = more.PppInfo3.ipv6;
  connection.identifier = client_identifier(ipv6.dwError, ipv6.bRemoteInterfaceIdentifier);
  return connection;
}
// Of either kind of tunnel.
template <class Projection>
void note_addresses(const Projection& from, Connection& into) {
  into.ipv4 = client_ipv4(from.dwIPv4NegotiationError, from.wszRemoteAddress);
  into.identifier = client_identifier(from.dwIPv6NegotiationError, from.bRemoteInterfaceIdentifier);
}
inline Connection connection_of(const RAS_CONNECTION_EX& whole) {
  Connection connection{
      .handle = number_of(whole.hConnection),
      .user = text_of(whole.wszUserName, std::size(whole.wszUserName)).value_or(""),
      .seconds = whole.dwConnectDuration,
      .ipv4 = {},
      .identifier = {}};
  const PROJECTION_INFO& projection = whole.ProjectionInfo;
  if (projection.projectionInfoType == MPRAPI_IKEV2_PROJECTION_INFO_TYPE) {
    note_addresses(projection.Ikev2ProjectionInfo, connection);
  } else {
    note_addresses(projection.PppProjectionInfo, connection);
  }
  return connection;
}

}  // namespace berth::rras
