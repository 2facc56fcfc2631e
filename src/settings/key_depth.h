// key_depth.h - refuses a TOML text with absurdly long dotted keys before it is parsed.
//
// toml++ makes a table inside a table for every dot of "a.b.c" and takes them apart by recursion:
// a line of 100,000 dots ends the process. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace berth {

inline constexpr std::size_t kMaxKeyDots = 16;  // settings need three

// The line, from 1, of the first key with more dots than that. Exact for what is TOML; where a
// text is not, a parser stops there too.
[[nodiscard]] std::optional<std::size_t> find_deep_key(std::string_view text);

}  // namespace berth
