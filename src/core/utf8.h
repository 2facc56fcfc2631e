// utf8.h - which bytes are UTF-8 that may stand in a name.
//
// Strict, as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. What
// other programs might read as another character is refused, not repaired. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace berth {

// The bytes of the character at the front of `text` (1 to 4), or 0: it is not UTF-8. `text`
// must not be empty.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

// True for the C0 controls (NUL among them), DEL and the C1 controls; `text` begins with a
// character of UTF-8. They would forge lines in a log and cannot be seen in a list.
[[nodiscard]] bool is_control(std::string_view text);

// What is the matter with a text, and at which byte.
enum class Flaw : unsigned char { none, not_utf8, control };
struct FoundFlaw {
  Flaw flaw = Flaw::none;
  std::size_t at = 0;
};
[[nodiscard]] FoundFlaw find_flaw(std::string_view text);

}  // namespace berth
