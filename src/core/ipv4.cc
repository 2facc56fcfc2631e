// ipv4.cc - IPv4 addresses as text.
#include <optional>

#include "berth/address.h"
#include "core/quote.h"
#include "core/scan.h"

namespace berth {
namespace {

std::optional<std::uint32_t> read_octets(std::string_view text) {
  std::uint32_t bits = 0;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0 && !take(text, '.')) return std::nullopt;
    auto value = take_number(text, 3);
    if (!value || *value > 255) return std::nullopt;
    bits = (bits << 8) | static_cast<std::uint32_t>(*value);
  }
  if (!text.empty()) return std::nullopt;
  return bits;
}

}  // namespace

Result<Ipv4> Ipv4::parse(std::string_view text) {
  auto bits = read_octets(text);
  if (!bits) {
    return fail(Code::invalid, quoted(text) + " is not an IPv4 address",
                "write four numbers of 0 to 255 without leading zeros, as in 10.8.0.7");
  }
  return Ipv4(*bits);
}

std::string Ipv4::to_string() const {
  std::string text;
  text.reserve(15);
  for (int shift = 24; shift >= 0; shift -= 8) {
    unsigned octet = (bits_ >> shift) & 255U;
    if (shift < 24) text += '.';
    if (octet >= 100) text += static_cast<char>('0' + octet / 100);
    if (octet >= 10) text += static_cast<char>('0' + octet / 10 % 10);
    text += static_cast<char>('0' + octet % 10);
  }
  return text;
}

}  // namespace berth
