// address.h - an address as the callouts have it: bytes in network order, and none when zero.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "berth/address.h"

namespace berth::ras {

enum class Family : std::uint8_t { ipv4, ipv6 };
inline constexpr std::array kFamilies = {Family::ipv4, Family::ipv6};
[[nodiscard]] std::string_view family_name(Family family);  // "ipv4", "ipv6"

// IPv4: the four bytes of the address, in network order (R20). IPv6: the interface identifier, the
// lower half of an address (R46); the prefix is RAS's own (R47). All zero is no address (R24, R48).
class CalloutAddress {
 public:
  CalloutAddress() = default;
  explicit CalloutAddress(Ipv4 address);
  explicit CalloutAddress(InterfaceId identifier);

  [[nodiscard]] bool none() const { return *this == CalloutAddress(); }
  [[nodiscard]] Ipv4 ipv4() const;
  [[nodiscard]] InterfaceId identifier() const;
  [[nodiscard]] std::string to_string(Family family) const;  // "10.8.0.7", "::1:2:3:4", "none"

  // The memory that a callout is given: a DWORD, or an IN6_ADDR of which this is the lower half.
  [[nodiscard]] const std::array<std::uint8_t, 8>& bytes() const { return bytes_; }
  [[nodiscard]] std::array<std::uint8_t, 8>& bytes() { return bytes_; }

  bool operator==(const CalloutAddress&) const = default;

 private:
  std::array<std::uint8_t, 8> bytes_{};  // of IPv4 the first four
};

}  // namespace berth::ras
