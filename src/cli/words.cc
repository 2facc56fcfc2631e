// words.cc - reads and writes the words of the command line.
#include "cli/words.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "core/quote.h"

namespace berth::cli {

namespace {

std::string host_or_prefix(const Ipv6Prefix& prefix) {
  return prefix.length() == 128 ? prefix.address().to_string() : prefix.to_string();
}

}  // namespace

Result<WallTime> parse_day(std::string_view text) {
  Result<WallTime> time = parse_time(std::string(text) + " 00:00");
  if (!time) time = parse_time(text);
  if (!time) {
    return fail(Code::invalid, berth::quoted(text) + " is not a day", "write it as 2026-01-05");
  }
  return std::chrono::floor<std::chrono::days>(*time);
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
