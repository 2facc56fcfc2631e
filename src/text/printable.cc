// printable.cc - escapes what a terminal must not be shown, and counts columns.
#include "text/printable.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

#include "core/utf8.h"
#include "text/characters.h"

namespace berth {

namespace {

// The code point of one whole character of UTF-8.
char32_t code_point(std::string_view character) {
  auto bits = [&](std::size_t i, int mask) {
    return static_cast<char32_t>(static_cast<unsigned char>(character[i]) & mask);
  };
  switch (character.size()) {
    case 1: return bits(0, 0x7F);
    case 2: return bits(0, 0x1F) << 6 | bits(1, 0x3F);
    case 3: return bits(0, 0x0F) << 12 | bits(1, 0x3F) << 6 | bits(2, 0x3F);
    default: return bits(0, 0x07) << 18 | bits(1, 0x3F) << 12 | bits(2, 0x3F) << 6 | bits(3, 0x3F);
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    std::size_t length = utf8_length(text);
    if (length == 0) {
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}",
                     static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    std::string_view character = text.substr(0, length);
    const char32_t point = code_point(character);
    if (is_control(character)) {
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}", static_cast<std::uint32_t>(point));
    } else if (is_invisible(point)) {
      const auto number = static_cast<std::uint32_t>(point);
      shown +=
          number <= 0xFFFF ? fmt::format("\\u{:04x}", number) : fmt::format("\\U{:08x}", number);
    } else {
      shown += character;
    }
    text.remove_prefix(length);
  }
  return shown;
}

int width_of(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
    const char32_t point = code_point(text.substr(0, length));
    width += columns_of(point);
    text.remove_prefix(length);
  }
  return width;
}

}  // namespace berth
