// range.cc - prefixes and ranges of addresses, of either family, as text.
#include <bit>
#include <optional>
#include <utility>

#include "berth/address.h"
#include "core/quote.h"
#include "core/scan.h"

namespace berth {
namespace {

// The bits after a prefix length, of a number of `width` bits. Shifting a number by its whole
// width is undefined, hence the first line.
template <class Bits>
constexpr Bits bits_after(int length, int width) {
  if (length == width) return 0;
  return static_cast<Bits>(~Bits{0}) >> length;
}

constexpr std::uint32_t after_ipv4(int length) { return bits_after<std::uint32_t>(length, 32); }
constexpr Uint128 after_ipv6(int length) { return bits_after<Uint128>(length, 128); }

std::optional<int> read_length(std::string_view text, int most) {
  auto length = take_number(text, 3);
  if (!length || !text.empty() || *length > static_cast<std::uint64_t>(most)) return std::nullopt;
  return static_cast<int>(*length);
}

std::unexpected<Error> bad_length(std::string_view text, int most) {
  return fail(Code::invalid, quoted(text) + " has no prefix length of 0 to " + std::to_string(most),
              "write the length behind the slash without leading zeros");
}

std::unexpected<Error> bits_too_far(std::string_view text, std::string_view meant) {
  return fail(Code::invalid, quoted(text) + " has bits set after its prefix length",
              "write " + std::string(meant) + " if that prefix is meant");
}

// Both families are written alike: "prefix/length", "first-last", or one address.
template <class Range, class Address>
Result<Range> parse_first_last(std::string_view text) {
  std::size_t dash = text.find('-');
  auto first = Address::parse(text.substr(0, dash));
  if (!first) return std::unexpected(first.error());
  if (dash == std::string_view::npos) return Range::make(*first, *first);
  auto last = Address::parse(text.substr(dash + 1));
  if (!last) return std::unexpected(last.error());
  return Range::make(*first, *last);
}

template <class Range, class Address>
Result<Range> backwards(Address first, Address last) {
  return fail(Code::invalid,
              "range " + first.to_string() + "-" + last.to_string() + " ends before it begins",
              "write the lower address first");
}

// The length of the prefix that goes from `first` to `last`, if it is one.
template <class Bits>
std::optional<int> prefix_length(Bits first, Bits last, int width) {
  Bits differing = first ^ last;
  int length = width;
  while (differing != 0) {
    differing >>= 1;
    --length;
  }
  Bits after = bits_after<Bits>(length, width);
  if ((first & after) != 0 || (last & after) != after) return std::nullopt;
  return length;
}

template <class Range>
std::string range_text(const Range& range, std::optional<int> length) {
  std::string text = range.first().to_string();
  if (range.first() == range.last()) return text;
  if (length) return text + "/" + std::to_string(*length);
  return text + "-" + range.last().to_string();
}

Ipv6 mapped(Ipv4 address) { return Ipv6(Uint128{0xffff} << 32 | address.bits()); }

}  // namespace

Result<Ipv6Prefix> Ipv6Prefix::parse(std::string_view text) {
  std::size_t slash = text.find('/');
  auto address = Ipv6::parse(text.substr(0, slash));
  if (!address) return std::unexpected(address.error());
  if (slash == std::string_view::npos) return bad_length(text, 128);
  auto length = read_length(text.substr(slash + 1), 128);
  if (!length) return bad_length(text, 128);
  return make(*address, *length);
}

Result<Ipv6Prefix> Ipv6Prefix::make(Ipv6 address, int length) {
  const auto text = [&] { return address.to_string() + "/" + std::to_string(length); };
  if (length < 0 || length > 128) return bad_length(text(), 128);
  Ipv6Prefix prefix = around(address, length);
  if (prefix.address() != address) return bits_too_far(text(), prefix.to_string());
  return prefix;
}

Ipv6Prefix Ipv6Prefix::around(Ipv6 address, int length) {
  BERTH_ASSERT(length >= 0 && length <= 128);
  return {Ipv6(address.bits() & ~after_ipv6(length)), length};
}

Ipv6 Ipv6Prefix::last() const { return Ipv6(address_.bits() | after_ipv6(length_)); }

bool Ipv6Prefix::contains(Ipv6 address) const { return around(address, length_) == *this; }

bool Ipv6Prefix::overlaps(const Ipv6Prefix& other) const {
  return contains(other.address_) || other.contains(address_);
}

std::string Ipv6Prefix::to_string() const {
  return address_.to_string() + "/" + std::to_string(length_);
}

Result<Ipv4Range> Ipv4Range::parse(std::string_view text) {
  std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return parse_first_last<Ipv4Range, Ipv4>(text);
  auto first = Ipv4::parse(text.substr(0, slash));
  if (!first) return std::unexpected(first.error());
  auto length = read_length(text.substr(slash + 1), 32);
  if (!length) return bad_length(text, 32);
  std::uint32_t after = after_ipv4(*length);
  Ipv4Range range(Ipv4(first->bits() & ~after), Ipv4(first->bits() | after));
  if (range.first() != *first) return bits_too_far(text, range.to_string());
  return range;
}

Result<Ipv4Range> Ipv4Range::make(Ipv4 first, Ipv4 last) {
  if (last < first) return backwards<Ipv4Range>(first, last);
  return Ipv4Range(first, last);
}

std::string Ipv4Range::to_string() const {
  return range_text(*this, prefix_length(first_.bits(), last_.bits(), 32));
}

Result<Ipv6Range> Ipv6Range::parse(std::string_view text) {
  if (text.find('/') == std::string_view::npos) return parse_first_last<Ipv6Range, Ipv6>(text);
  auto prefix = Ipv6Prefix::parse(text);
  if (!prefix) return std::unexpected(prefix.error());
  return of(*prefix);
}

Result<Ipv6Range> Ipv6Range::make(Ipv6 first, Ipv6 last) {
  if (last < first) return backwards<Ipv6Range>(first, last);
  return Ipv6Range(first, last);
}

Ipv6Range Ipv6Range::of(const Ipv6Prefix& prefix) { return {prefix.address(), prefix.last()}; }

std::string Ipv6Range::to_string() const {
  return range_text(*this, prefix_length(first_.bits(), last_.bits(), 128));
}

Result<AnyRange> AnyRange::parse(std::string_view text) {
  if (text.find(':') == std::string_view::npos) {
    auto range = Ipv4Range::parse(text);
    if (!range) return std::unexpected(range.error());
    return of(*range);
  }
  auto range = Ipv6Range::parse(text);
  if (!range) return std::unexpected(range.error());
  return of(*range);
}

AnyRange AnyRange::of(Ipv4 address) { return of(*Ipv4Range::make(address, address)); }

AnyRange AnyRange::of(const Ipv4Range& range) {
  return {true, *Ipv6Range::make(mapped(range.first()), mapped(range.last()))};
}

AnyRange AnyRange::of(const Ipv6Range& range) { return {false, range}; }

AnyRange AnyRange::of(const Ipv6Prefix& prefix) { return {false, Ipv6Range::of(prefix)}; }

Ipv4Range AnyRange::ipv4() const {
  BERTH_ASSERT(ipv4_);
  auto low_bits = [](Ipv6 address) { return Ipv4(static_cast<std::uint32_t>(address.bits())); };
  return *Ipv4Range::make(low_bits(range_.first()), low_bits(range_.last()));
}

Ipv6Range AnyRange::ipv6() const {
  BERTH_ASSERT(!ipv4_);
  return range_;
}

std::string AnyRange::to_string() const { return ipv4_ ? ipv4().to_string() : range_.to_string(); }

}  // namespace berth
