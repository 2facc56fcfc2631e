// scan.h - reading small pieces off the front of a text, strictly.
//
// Each call takes what it names off `text` and says so, or leaves `text` as it was. For the
// parsers of addresses and times; they build their own errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace berth {

inline bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// The digits at the front of a text: how many, at most `most`, counting no further.
inline std::size_t count_digits(std::string_view text, std::size_t most) {
  std::size_t digits = 0;
  while (digits < text.size() && digits < most && text[digits] >= '0' && text[digits] <= '9') {
    ++digits;
  }
  return digits;
}

// Exactly `digits` decimal digits, at most 18.
inline std::optional<std::uint64_t> take_digits(std::string_view& text, std::size_t digits) {
  if (count_digits(text, digits) != digits) return std::nullopt;
  std::uint64_t value = 0;
  for (char digit : text.substr(0, digits)) {
    value = value * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  text.remove_prefix(digits);
  return value;
}

// A decimal number of at most `most_digits` (18), without leading zeros. A longer run of digits is
// no number.
inline std::optional<std::uint64_t> take_number(std::string_view& text, std::size_t most_digits) {
  std::size_t digits = count_digits(text, most_digits + 1);
  if (digits == 0 || digits > most_digits) return std::nullopt;
  if (digits > 1 && text.front() == '0') return std::nullopt;
  return take_digits(text, digits);
}

}  // namespace berth
