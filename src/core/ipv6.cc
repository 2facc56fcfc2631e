// ipv6.cc - IPv6 addresses and interface identifiers as text: RFC 4291 in, RFC 5952 out.
#include <algorithm>
#include <optional>
#include <span>

#include "berth/address.h"
#include "core/quote.h"
#include "core/scan.h"

namespace berth {
namespace {

using Groups = std::array<std::uint16_t, 8>;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// One to four hexadecimal digits.
std::optional<std::uint16_t> take_group(std::string_view& text) {
  unsigned value = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && hex_value(text[digits]) >= 0; ++digits) {
    if (digits == 4) return std::nullopt;
    value = value << 4 | static_cast<unsigned>(hex_value(text[digits]));
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return static_cast<std::uint16_t>(value);
}

// The groups of an address so far, and where "::" stood among them.
struct Reading {
  Groups groups{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;

  bool add(std::uint16_t group) {
    if (count == groups.size()) return false;
    groups[count++] = group;
    return true;
  }
};

// The last 32 bits may be written as an IPv4 address, and nothing comes after them.
bool read_ipv4_tail(std::string_view text, Reading& reading) {
  auto tail = Ipv4::parse(text);
  return tail && reading.add(static_cast<std::uint16_t>(tail->bits() >> 16)) &&
         reading.add(static_cast<std::uint16_t>(tail->bits() & 0xffffU));
}

bool read_groups(std::string_view text, Reading& reading) {
  if (text.starts_with("::")) {
    text.remove_prefix(2);
    reading.gap = 0;
  }
  while (!text.empty()) {
    std::size_t dot = text.find('.');
    if (dot != std::string_view::npos && text.find(':') == std::string_view::npos) {
      return read_ipv4_tail(text, reading);
    }
    auto group = take_group(text);
    if (!group || !reading.add(*group)) return false;
    if (text.empty()) return true;
    if (!take(text, ':')) return false;
    if (take(text, ':')) {
      if (reading.gap) return false;  // RFC 4291 section 2.2: "::" once
      reading.gap = reading.count;
    } else if (text.empty()) {
      return false;  // a single colon at the end
    }
  }
  return true;
}

std::optional<Uint128> read_address(std::string_view text) {
  Reading reading;
  if (!read_groups(text, reading)) return std::nullopt;
  // "::" stands for at least one group of zeros.
  if (reading.gap ? reading.count == 8 : reading.count != 8) return std::nullopt;
  if (reading.gap) {
    auto begin = reading.groups.begin();
    std::rotate(begin + static_cast<std::ptrdiff_t>(*reading.gap),
                begin + static_cast<std::ptrdiff_t>(reading.count), reading.groups.end());
  }
  Uint128 bits = 0;
  for (std::uint16_t group : reading.groups) bits = (bits << 16) | group;
  return bits;
}

void append_group(std::string& text, unsigned group) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = 12; shift >= 0; shift -= 4) {
    if ((group >> shift) != 0 || shift == 0) text += kDigits[(group >> shift) & 15U];
  }
}

struct Zeros {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// RFC 5952 section 4.2: the longest run of zeros, the first of equals, never a single group.
Zeros longest_zeros(std::span<const std::uint16_t> groups) {
  Zeros best;
  for (std::size_t begin = 0; begin < groups.size(); ++begin) {
    std::size_t end = begin;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - begin > std::max<std::size_t>(best.end - best.begin, 1)) best = {begin, end};
    begin = end;
  }
  return best;
}

}  // namespace

Result<InterfaceId> InterfaceId::parse(std::string_view text) {
  std::string_view rest = text;
  std::uint64_t bits = 0;
  bool good = true;
  for (int i = 0; i < 4 && good; ++i) {
    good = i == 0 || take(rest, ':');
    auto group = good ? take_group(rest) : std::nullopt;
    good = group.has_value();
    if (good) bits = bits << 16 | *group;
  }
  if (!good || !rest.empty()) {
    return fail(Code::invalid, quoted(text) + " is not an interface identifier",
                "write four groups of one to four hexadecimal digits, as in 0:0:0:1a");
  }
  return InterfaceId(bits);
}

std::string InterfaceId::to_string() const {
  std::string text;
  text.reserve(19);
  for (int shift = 48; shift >= 0; shift -= 16) {
    if (shift < 48) text += ':';
    append_group(text, static_cast<unsigned>(bits_ >> shift) & 0xffffU);
  }
  return text;
}

// The registry that RFC 5453 set up, with the Ethernet block that RFC 7136 added to it.
bool InterfaceId::is_reserved() const {
  struct Block {
    std::uint64_t first;
    std::uint64_t last;
  };
  constexpr Block kReserved[] = {
      {0, 0},                                          // subnet-router anycast, RFC 4291
      {0x0200'5eff'fe00'0000, 0x0200'5eff'feff'ffff},  // IANA's own Ethernet addresses
      {0xfdff'ffff'ffff'ff80, 0xfdff'ffff'ffff'ffff},  // subnet anycast, RFC 2526
  };
  return std::ranges::any_of(kReserved, [this](const Block& block) {
    return block.first <= bits_ && bits_ <= block.last;
  });
}

Result<Ipv6> Ipv6::parse(std::string_view text) {
  auto bits = read_address(text);
  if (!bits) {
    return fail(Code::invalid, quoted(text) + " is not an IPv6 address",
                "write groups of hexadecimal digits, as in 2001:db8::7, without brackets or zone");
  }
  return Ipv6(*bits);
}

std::array<std::uint8_t, 16> Ipv6::bytes() const {
  std::array<std::uint8_t, 16> network{};
  Uint128 rest = bits_;
  for (std::size_t i = network.size(); i-- > 0; rest >>= 8) {
    network[i] = static_cast<std::uint8_t>(rest);
  }
  return network;
}

std::string Ipv6::to_string() const {
  // RFC 5952 section 5: the prefix says that the rest is IPv4.
  if ((bits_ >> 32) == 0xffff) {
    return "::ffff:" + Ipv4(static_cast<std::uint32_t>(bits_)).to_string();
  }
  Groups groups{};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i] = static_cast<std::uint16_t>(bits_ >> (112 - 16 * i));
  }
  Zeros zeros = longest_zeros(groups);
  std::string text;
  text.reserve(39);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (zeros.begin != zeros.end && i == zeros.begin) {
      text += "::";
      i = zeros.end - 1;
      continue;
    }
    if (i > 0 && i != zeros.end) text += ':';
    append_group(text, groups[i]);
  }
  return text;
}

}  // namespace berth
