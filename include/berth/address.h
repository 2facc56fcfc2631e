// address.h - IPv4 and IPv6 addresses, prefixes, ranges and interface identifiers as values.
//
// All of them are small, ordered and cheap to copy. Numbers are in host order so that < and +
// mean what a reader expects; network order exists only where bytes cross a wire (bytes()).
// parse() is strict: one spelling of the input grammar, no blanks, no leading zeros, nothing
// after the end. to_string() is canonical: dotted decimal, and RFC 5952 for IPv6. What
// to_string() prints, parse() reads back as the same value.
//
//   Result<Ipv4Range> range = Ipv4Range::parse("10.8.0.10-10.8.0.250");
//   Result<Ipv6Prefix> site = Ipv6Prefix::parse("2001:db8::/32");
//
// Errors have Code::invalid and quote the text, shortened when it is long. Any thread may call
// anything here.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "berth/error.h"

namespace berth {

// A 128-bit unsigned number, for counting and stepping through IPv6 space.
__extension__ using Uint128 = unsigned __int128;

// An IPv4 address, RFC 791.
class Ipv4 {
 public:
  constexpr Ipv4() = default;
  constexpr explicit Ipv4(std::uint32_t bits) : bits_(bits) {}

  // "10.8.0.7": four decimal numbers of 0 to 255 without leading zeros, nothing looser.
  [[nodiscard]] static Result<Ipv4> parse(std::string_view text);

  [[nodiscard]] constexpr std::uint32_t bits() const { return bits_; }
  [[nodiscard]] std::string to_string() const;
  auto operator<=>(const Ipv4&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

// The low 64 bits of an IPv6 address, RFC 4291 section 2.5.1; what RADIUS calls
// Framed-Interface-Id (RFC 3162) and RRAS lets an administration DLL choose.
class InterfaceId {
 public:
  constexpr InterfaceId() = default;
  constexpr explicit InterfaceId(std::uint64_t bits) : bits_(bits) {}

  // "0:0:0:1a": four groups of one to four hexadecimal digits.
  [[nodiscard]] static Result<InterfaceId> parse(std::string_view text);

  [[nodiscard]] constexpr std::uint64_t bits() const { return bits_; }
  // Four groups, lower case, no leading zeros, nothing left out: "0:0:0:1a".
  [[nodiscard]] std::string to_string() const;
  // True for identifiers that no host may choose: the subnet-router anycast address (all
  // zero, RFC 4291) and the reserved anycast blocks of RFC 5453.
  [[nodiscard]] bool is_reserved() const;
  auto operator<=>(const InterfaceId&) const = default;

 private:
  std::uint64_t bits_ = 0;
};

// An IPv6 address, RFC 4291.
class Ipv6 {
 public:
  constexpr Ipv6() = default;
  constexpr explicit Ipv6(Uint128 bits) : bits_(bits) {}
  constexpr Ipv6(std::uint64_t high, InterfaceId low)
      : bits_((static_cast<Uint128>(high) << 64) | low.bits()) {}
  [[nodiscard]] static constexpr Ipv6 from_bytes(const std::array<std::uint8_t, 16>& network) {
    Uint128 bits = 0;
    for (std::uint8_t byte : network) bits = (bits << 8) | byte;
    return Ipv6(bits);
  }

  // RFC 4291 section 2.2 in full (also "::ffff:192.0.2.1"); no zone, no brackets.
  [[nodiscard]] static Result<Ipv6> parse(std::string_view text);

  [[nodiscard]] constexpr Uint128 bits() const { return bits_; }
  [[nodiscard]] constexpr std::uint64_t high() const {
    return static_cast<std::uint64_t>(bits_ >> 64);
  }
  [[nodiscard]] constexpr InterfaceId identifier() const {
    return InterfaceId(static_cast<std::uint64_t>(bits_));
  }
  [[nodiscard]] std::array<std::uint8_t, 16> bytes() const;  // network order
  [[nodiscard]] std::string to_string() const;               // RFC 5952
  auto operator<=>(const Ipv6&) const = default;

 private:
  Uint128 bits_ = 0;
};

// An IPv6 prefix: an address whose bits after `length` are zero. A length of 128 is one host.
class Ipv6Prefix {
 public:
  constexpr Ipv6Prefix() = default;

  // "2001:db8:8::/48". invalid: the length is over 128, or a bit after it is set.
  [[nodiscard]] static Result<Ipv6Prefix> parse(std::string_view text);
  [[nodiscard]] static Result<Ipv6Prefix> make(Ipv6 address, int length);
  // The prefix of this length around `address`; length must be 0 to 128.
  [[nodiscard]] static Ipv6Prefix around(Ipv6 address, int length);
  [[nodiscard]] static Ipv6Prefix host(Ipv6 address) { return around(address, 128); }

  [[nodiscard]] constexpr Ipv6 address() const { return address_; }
  [[nodiscard]] constexpr int length() const { return length_; }
  [[nodiscard]] Ipv6 last() const;  // the highest address inside
  [[nodiscard]] bool contains(Ipv6 address) const;
  [[nodiscard]] bool overlaps(const Ipv6Prefix& other) const;
  [[nodiscard]] std::string to_string() const;  // always with "/length"
  auto operator<=>(const Ipv6Prefix&) const = default;

 private:
  constexpr Ipv6Prefix(Ipv6 address, int length)
      : address_(address), length_(static_cast<std::uint8_t>(length)) {}
  Ipv6 address_;
  std::uint8_t length_ = 0;
};

// IPv4 addresses from `first` to `last`, both included; first <= last always.
class Ipv4Range {
 public:
  // "10.8.0.0/24" (RFC 4632; no bit set after the length), "10.8.0.10-10.8.0.250", or one
  // address.
  [[nodiscard]] static Result<Ipv4Range> parse(std::string_view text);
  [[nodiscard]] static Result<Ipv4Range> make(Ipv4 first, Ipv4 last);

  [[nodiscard]] constexpr Ipv4 first() const { return first_; }
  [[nodiscard]] constexpr Ipv4 last() const { return last_; }
  [[nodiscard]] constexpr std::uint64_t size() const {
    return std::uint64_t{last_.bits()} - first_.bits() + 1;
  }
  [[nodiscard]] constexpr bool contains(Ipv4 address) const {
    return first_ <= address && address <= last_;
  }
  [[nodiscard]] constexpr bool overlaps(const Ipv4Range& other) const {
    return first_ <= other.last_ && other.first_ <= last_;
  }
  // As a prefix where it is one ("10.8.0.0/24"), else as "first-last"; one address alone.
  [[nodiscard]] std::string to_string() const;
  auto operator<=>(const Ipv4Range&) const = default;

 private:
  constexpr Ipv4Range(Ipv4 first, Ipv4 last) : first_(first), last_(last) {}
  Ipv4 first_;
  Ipv4 last_;
};

// IPv6 addresses from `first` to `last`, both included; first <= last always.
class Ipv6Range {
 public:
  // "2001:db8::/48", "2001:db8::10-2001:db8::ff", or one address.
  [[nodiscard]] static Result<Ipv6Range> parse(std::string_view text);
  [[nodiscard]] static Result<Ipv6Range> make(Ipv6 first, Ipv6 last);
  [[nodiscard]] static Ipv6Range of(const Ipv6Prefix& prefix);

  [[nodiscard]] constexpr Ipv6 first() const { return first_; }
  [[nodiscard]] constexpr Ipv6 last() const { return last_; }
  [[nodiscard]] constexpr bool contains(Ipv6 address) const {
    return first_ <= address && address <= last_;
  }
  [[nodiscard]] constexpr bool overlaps(const Ipv6Range& other) const {
    return first_ <= other.last_ && other.first_ <= last_;
  }
  [[nodiscard]] std::string to_string() const;
  auto operator<=>(const Ipv6Range&) const = default;

 private:
  constexpr Ipv6Range(Ipv6 first, Ipv6 last) : first_(first), last_(last) {}
  Ipv6 first_;
  Ipv6 last_;
};

// What a person or a lookup may name: one address of either family, or a range of them.
// "10.8.0.7", "10.8.0.0/24", "2001:db8::1", "2001:db8::/56". IPv4 lies where RFC 4291 maps it
// (::ffff:0:0/96), so that both families are one ordered space.
class AnyRange {
 public:
  [[nodiscard]] static Result<AnyRange> parse(std::string_view text);
  [[nodiscard]] static AnyRange of(Ipv4 address);
  [[nodiscard]] static AnyRange of(const Ipv4Range& range);
  [[nodiscard]] static AnyRange of(const Ipv6Range& range);
  [[nodiscard]] static AnyRange of(const Ipv6Prefix& prefix);

  [[nodiscard]] bool is_ipv4() const { return ipv4_; }
  [[nodiscard]] Ipv4Range ipv4() const;  // is_ipv4() must hold
  [[nodiscard]] Ipv6Range ipv6() const;  // is_ipv4() must not hold
  [[nodiscard]] std::string to_string() const;
  bool operator==(const AnyRange&) const = default;

 private:
  constexpr AnyRange(bool ipv4, Ipv6Range range) : ipv4_(ipv4), range_(range) {}
  bool ipv4_;
  Ipv6Range range_;
};

}  // namespace berth
