// words.cc - reads what is written, and says what would do.
#include "wire/words.h"

#include <charconv>

#include <fmt/format.h>

#include "core/kinds.h"
#include "core/quote.h"

namespace berth {

namespace {

constexpr std::string_view kDelegated = "delegated:";

template <class T>
Done put(std::optional<T>& place, Result<T> parsed, std::string_view text, Kind kind) {
  if (!parsed) return std::unexpected(parsed.error());
  if (place) {
    return fail(Code::invalid,
                fmt::format("{} is a second {} address", quoted(text), kind_name(kind)),
                "give at most one address of each kind");
  }
  place = *parsed;
  return {};
}

Done add_address(Addresses& addresses, std::string_view text) {
  if (text.starts_with(kDelegated)) {
    std::string_view prefix = text.substr(kDelegated.size());
    return put(addresses.delegated, Ipv6Prefix::parse(prefix), text, Kind::delegated);
  }
  if (text.find(':') == std::string_view::npos) {
    return put(addresses.ipv4, Ipv4::parse(text), text, Kind::ipv4);
  }
  Result<Ipv6Prefix> prefix = parse_ipv6_or_prefix(text);
  if (prefix && prefix->length() < 64) {
    return put(addresses.delegated, prefix, text, Kind::delegated);
  }
  return put(addresses.ipv6, prefix, text, Kind::ipv6);
}

}  // namespace

Result<Want> parse_want(std::string_view text) {
  if (text == "no") return Want::no;
  if (text == "optional") return Want::optional;
  if (text == "required") return Want::required;
  return fail(Code::invalid, quoted(text) + " does not say whether a kind is wanted",
              "say no, optional or required");
}

Result<Kind> parse_kind(std::string_view text) {
  if (const std::optional<Kind> kind = kind_called(text)) return *kind;
  return fail(Code::invalid, quoted(text) + " is no kind of address",
              "say ipv4, ipv6 or delegated");
}

Result<LeaseId> parse_lease_id(std::string_view text) {
  LeaseId id;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id.value, 16);
  if (failed != std::errc{} || end != text.data() + text.size() || text.size() != 16) {
    return fail(Code::invalid, quoted(text) + " is no lease id",
                "give the 16 hexadecimal digits that assign and leases --json show");
  }
  return id;
}

Result<Ipv6Prefix> parse_ipv6_or_prefix(std::string_view text) {
  if (text.find('/') != std::string_view::npos) return Ipv6Prefix::parse(text);
  Result<Ipv6> address = Ipv6::parse(text);
  if (!address) return std::unexpected(address.error());
  return Ipv6Prefix::host(*address);
}

Result<Addresses> parse_addresses(const std::vector<std::string>& texts) {
  Addresses addresses;
  for (const std::string& text : texts) {
    if (Done added = add_address(addresses, text); !added) return std::unexpected(added.error());
  }
  return addresses;
}

}  // namespace berth
