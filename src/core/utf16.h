// utf16.h - between UTF-8, which Berth keeps, and UTF-16, which Windows and the callouts have.
//
// Strict both ways: what is not the one is refused, never repaired, so two names that differ stay
// different. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace berth {

// Nothing: it is not UTF-8 (utf8.h).
[[nodiscard]] std::optional<std::u16string> utf16_of(std::string_view utf8);
// Nothing: it has a surrogate without its other half.
[[nodiscard]] std::optional<std::string> utf8_of(std::u16string_view utf16);

}  // namespace berth
