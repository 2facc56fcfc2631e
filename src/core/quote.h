// quote.h - somebody else's text, made safe to stand in a sentence of ours.
//
//   quoted("10.8.0.300")     "10.8.0.300", with the quotes
//   quoted("a\0b\xff")       "a\x00b\xff"
//
// Control characters and bytes that are not UTF-8 are written as \xNN, and of a long text only
// the beginning is shown, so an error about 64 KiB of rubbish is one short line. Pure.
#pragma once

#include <string>
#include <string_view>

namespace berth {

// The bytes of a text that are shown; "…" stands for the rest.
inline constexpr std::size_t kMaxQuoted = 64;

// Where <iomanip> is about, say berth::quoted: std::quoted is found for a std::string too.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace berth
