// printable.h - other people's text, made safe and measurable for a terminal.
//
// Names come from access servers and files. Printed as they are, a control character could move
// the cursor, change colours or turn the line around, so each is written as an escape: \x1b, and
// \u202e or \U000e0061 for the invisible ones of Unicode, with which two names could look like
// one. Bytes that are not UTF-8 are written as \xff. Pure.
#pragma once

#include <string>
#include <string_view>

namespace berth {

// The text with nothing in it that a terminal would obey. Never holds a line break.
[[nodiscard]] std::string printable(std::string_view text);

// How many columns of a terminal printable text takes: East Asian wide characters count two,
// combining marks none.
[[nodiscard]] int width_of(std::string_view text);

}  // namespace berth
