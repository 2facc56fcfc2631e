// printable.cc - which characters a terminal shows, and how wide they are.
#include "cli/printable.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

#include "core/utf8.h"

namespace berth::cli {

namespace {

struct Characters {
  std::uint32_t first;
  std::uint32_t last;
};

// Characters of Unicode that show nothing but change how others are shown: marks of direction,
// embeddings, overrides and isolates (UAX 9), line and paragraph separators, zero widths.
constexpr Characters kInvisible[] = {{0x061C, 0x061C}, {0x200B, 0x200F}, {0x2028, 0x202E},
                                     {0x2060, 0x2069}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}};

// The blocks of combining marks.
constexpr Characters kCombining[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},
                                     {0x064B, 0x065F}, {0x093C, 0x093C}, {0x0E34, 0x0E3A},
                                     {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF},
                                     {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};

// East Asian Wide and Fullwidth (UAX 11) in coarse blocks, and emoji.
constexpr Characters kWide[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},  {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},  {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

bool is_in(const auto& blocks, std::uint32_t character) {
  return std::ranges::any_of(blocks, [character](const Characters& block) {
    return block.first <= character && character <= block.last;
  });
}

// The code point of one whole character of UTF-8.
std::uint32_t code_point(std::string_view character) {
  auto bits = [&](std::size_t i, int mask) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(character[i]) & mask);
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
    std::uint32_t point = code_point(character);
    if (is_control(character)) {
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}", point);
    } else if (is_in(kInvisible, point)) {
      fmt::format_to(std::back_inserter(shown), "\\u{:04x}", point);
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
    std::uint32_t point = code_point(text.substr(0, length));
    if (is_in(kWide, point)) {
      width += 2;
    } else if (!is_in(kCombining, point)) {
      width += 1;
    }
    text.remove_prefix(length);
  }
  return width;
}

}  // namespace berth::cli
