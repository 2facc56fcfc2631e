// fold.h - ASCII letters without their case; every other byte as it is.
//
// Only ASCII: how other letters fold changes with locale and with Unicode's versions, and a key
// that changes is a user who loses the address. Bytes of UTF-8 above 0x7f are never touched.
#pragma once

#include <string>
#include <string_view>

namespace berth {

constexpr char folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

inline void fold(std::string& text) {
  for (char& c : text) c = folded(c);
}

[[nodiscard]] inline std::string folded(std::string_view text) {
  std::string out(text);
  fold(out);
  return out;
}

}  // namespace berth
