// address_property_test.cc - any address reads back as itself, and as the system reads it.
#include <algorithm>
#include <arpa/inet.h>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "berth/address.h"

namespace berth {
namespace {

// Addresses as people have them: runs of zeros and of ones, and the odd group between.
Ipv6 any_ipv6() {
  Uint128 bits = 0;
  for (int i = 0; i < 8; ++i) {
    auto group = *rc::gen::weightedOneOf<std::uint16_t>({
        {4, rc::gen::just<std::uint16_t>(0)},
        {1, rc::gen::just<std::uint16_t>(0xffff)},
        {3, rc::gen::arbitrary<std::uint16_t>()},
    });
    bits = bits << 16 | group;
  }
  return Ipv6(bits);
}

Ipv4 any_ipv4() { return Ipv4(*rc::gen::arbitrary<std::uint32_t>()); }

std::optional<Ipv6> system_parse(const std::string& text) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return std::nullopt;
  return Ipv6::from_bytes(bytes);
}

std::string system_print(Ipv6 address) {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(AF_INET6, address.bytes().data(), text, sizeof text);
  return text;
}

template <class T>
void reads_back(const T& value) {
  auto read = T::parse(value.to_string());
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == value);
}

RC_GTEST_PROP(AddressProperty, WhatIsPrintedReadsBackAsTheSameAddress, ()) {
  reads_back(any_ipv4());
  reads_back(any_ipv6());
  reads_back(any_ipv6().identifier());
}

RC_GTEST_PROP(AddressProperty, WhatIsPrintedReadsBackAsTheSamePrefix, ()) {
  Ipv6Prefix prefix = Ipv6Prefix::around(any_ipv6(), *rc::gen::inRange(0, 129));
  reads_back(prefix);
  RC_ASSERT(prefix.contains(prefix.address()));
  RC_ASSERT(prefix.contains(prefix.last()));
  auto before = Ipv6(prefix.address().bits() - 1);
  RC_ASSERT(prefix.length() == 0 || !prefix.contains(before));
}

RC_GTEST_PROP(AddressProperty, WhatIsPrintedReadsBackAsTheSameRange, ()) {
  auto [low4, high4] = std::minmax({any_ipv4(), any_ipv4()});
  reads_back(*Ipv4Range::make(low4, high4));
  auto [low6, high6] = std::minmax({any_ipv6(), any_ipv6()});
  reads_back(*Ipv6Range::make(low6, high6));
  reads_back(AnyRange::of(*Ipv4Range::make(low4, high4)));
  reads_back(AnyRange::of(*Ipv6Range::make(low6, high6)));
  if (low4 != high4) RC_ASSERT(!Ipv4Range::make(high4, low4));
}

RC_GTEST_PROP(AddressProperty, AddressesArePrintedAsTheSystemPrintsThem, ()) {
  Ipv6 address = any_ipv6();
  // glibc writes ::1.2.3.4 for the long-abandoned compatible addresses; RFC 5952 does not.
  if (address.bits() >> 32 == 0) return;
  RC_ASSERT(address.to_string() == system_print(address));
}

// Not quite addresses: a good one with a few characters changed, added or taken away.
std::string nearly_an_address() {
  std::string text = any_ipv6().to_string();
  if (*rc::gen::arbitrary<bool>()) text += ":" + any_ipv4().to_string();
  int edits = *rc::gen::inRange(0, 4);
  for (int i = 0; i < edits; ++i) {
    auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    char c = *rc::gen::element(':', '.', '0', '1', 'f', 'g', '2');
    switch (*rc::gen::inRange(0, 3)) {
      case 0: text[at] = c; break;
      case 1: text.insert(at, 1, c); break;
      default: text.erase(at, 1); break;
    }
    if (text.empty()) break;
  }
  return text;
}

RC_GTEST_PROP(AddressProperty, WhatTheSystemRefusesIsRefused, ()) {
  std::string text = nearly_an_address();
  auto ours = Ipv6::parse(text);
  auto theirs = system_parse(text);
  RC_ASSERT(ours.has_value() == theirs.has_value());
  if (ours) RC_ASSERT(*ours == *theirs);

  in_addr ipv4{};
  RC_ASSERT(Ipv4::parse(text).has_value() == (inet_pton(AF_INET, text.c_str(), &ipv4) == 1));
}

RC_GTEST_PROP(AddressProperty, OrderIsTheOrderOfNumbers, ()) {
  Ipv6 one = any_ipv6();
  Ipv6 other = any_ipv6();
  RC_ASSERT((one < other) == (one.bits() < other.bits()));
  // Bytes in network order compare as the numbers do.
  RC_ASSERT((one < other) == (one.bytes() < other.bytes()));
}

RC_GTEST_PROP(AddressProperty, RangesOverlapWhereTheyShareAnAddress, ()) {
  auto small = [] { return Ipv4(*rc::gen::inRange<std::uint32_t>(0, 40)); };
  auto [a, b] = std::minmax({small(), small()});
  auto [c, d] = std::minmax({small(), small()});
  auto one = *Ipv4Range::make(a, b);
  auto other = *Ipv4Range::make(c, d);
  bool shared = false;
  for (std::uint32_t bits = 0; bits < 40; ++bits) {
    shared = shared || (one.contains(Ipv4(bits)) && other.contains(Ipv4(bits)));
  }
  RC_ASSERT(one.overlaps(other) == shared);
}

}  // namespace
}  // namespace berth
