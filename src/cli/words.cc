// words.cc - reads and writes the words of the command line.
#include "cli/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "core/quote.h"
#include "play/event.h"

namespace berth::cli {

namespace {

constexpr std::string_view kDelegated = "delegated:";

std::string host_or_prefix(const Ipv6Prefix& prefix) {
  return prefix.length() == 128 ? prefix.address().to_string() : prefix.to_string();
}

template <class T>
Done put(std::optional<T>& place, Result<T> parsed, std::string_view text, Kind kind) {
  if (!parsed) return std::unexpected(parsed.error());
  if (place) {
    return fail(Code::invalid,
                fmt::format("{} is a second {} address", berth::quoted(text), kind_name(kind)),
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
  return fail(Code::invalid, berth::quoted(text) + " does not say whether a kind is wanted",
              "say no, optional or required");
}

Result<Kind> parse_kind(std::string_view text) {
  if (const std::optional<Kind> kind = play::kind_called(text)) return *kind;
  return fail(Code::invalid, berth::quoted(text) + " is no kind of address",
              "say ipv4, ipv6 or delegated");
}

Result<WallTime> parse_day(std::string_view text) {
  Result<WallTime> time = parse_time(std::string(text) + " 00:00");
  if (!time) time = parse_time(text);
  if (!time) {
    return fail(Code::invalid, berth::quoted(text) + " is not a day", "write it as 2026-01-05");
  }
  return std::chrono::floor<std::chrono::days>(*time);
}

Result<LeaseId> parse_lease_id(std::string_view text) {
  LeaseId id;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id.value, 16);
  if (failed != std::errc{} || end != text.data() + text.size() || text.size() != 16) {
    return fail(Code::invalid, berth::quoted(text) + " is no lease id",
                "give the 16 hexadecimal digits that assign and leases --json show");
  }
  return id;
}

std::string lease_id_text(LeaseId id) { return fmt::format("{:016x}", id.value); }

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

std::string address_cell(const Addresses& addresses) {
  std::string cell;
  auto add = [&](const std::string& text) { cell += (cell.empty() ? "" : "\n") + text; };
  if (addresses.ipv4) add(addresses.ipv4->to_string());
  if (addresses.ipv6) add(host_or_prefix(*addresses.ipv6));
  if (addresses.delegated) add(addresses.delegated->to_string());
  return cell;
}

std::string time_cell(const std::optional<WallTime>& time) {
  return time ? format_time(*time) : "";
}

std::string count_text(Uint128 count) {
  constexpr Uint128 kHuge = Uint128{1} << 63;  // identifiers: all 64 bits but a few
  if (count >= kHuge) return "2^64";
  std::string digits = std::to_string(static_cast<std::uint64_t>(count));
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string count_of(std::uint64_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count_text(count), thing, count == 1 ? "" : "s");
}

std::string age_text(Milliseconds age) {
  struct Unit {
    std::string_view name;
    std::int64_t seconds;
  };
  constexpr std::array<Unit, 4> kUnits = {
      {{"day", 86'400}, {"hour", 3'600}, {"minute", 60}, {"second", 1}}};
  auto left = std::max<std::int64_t>(age.count() / 1000, 0);
  std::string text;
  int named = 0;
  for (const Unit& unit : kUnits) {
    std::int64_t whole = left / unit.seconds;
    left %= unit.seconds;
    bool last = unit.seconds == 1;
    if (whole == 0 && !(last && text.empty())) {
      if (named > 0) break;
      continue;
    }
    text += (text.empty() ? "" : " ") + count_of(static_cast<std::uint64_t>(whole), unit.name);
    if (++named == 2) break;
  }
  return text;
}

}  // namespace berth::cli
