// utf16.cc - characters taken apart and put together, RFC 3629 and RFC 2781.
#include "core/utf16.h"

#include "core/utf8.h"

namespace berth {
namespace {

constexpr char32_t kFirstHigh = 0xd800;
constexpr char32_t kFirstLow = 0xdc00;
constexpr char32_t kAfterLow = 0xe000;
constexpr char32_t kFirstPair = 0x10000;  // what UTF-16 needs two units for

// Of `length` bytes, as utf8_length() has it.
char32_t character_of(std::string_view bytes, std::size_t length) {
  constexpr unsigned char kFirstBits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t character = static_cast<unsigned char>(bytes[0]) & kFirstBits[length];
  for (std::size_t i = 1; i < length; ++i) {
    character = (character << 6) | (static_cast<unsigned char>(bytes[i]) & 0x3f);
  }
  return character;
}

void append(char32_t character, std::string& utf8) {
  const auto rest = [&](int shift) {
    utf8 += static_cast<char>(0x80 | ((character >> shift) & 0x3f));
  };
  if (character < 0x80) {
    utf8 += static_cast<char>(character);
  } else if (character < 0x800) {
    utf8 += static_cast<char>(0xc0 | (character >> 6));
    rest(0);
  } else if (character < kFirstPair) {
    utf8 += static_cast<char>(0xe0 | (character >> 12));
    rest(6);
    rest(0);
  } else {
    utf8 += static_cast<char>(0xf0 | (character >> 18));
    rest(12);
    rest(6);
    rest(0);
  }
}

}  // namespace

std::optional<std::u16string> utf16_of(std::string_view utf8) {
  std::u16string utf16;
  utf16.reserve(utf8.size());
  while (!utf8.empty()) {
    const std::size_t length = utf8_length(utf8);
    if (length == 0) return std::nullopt;
    const char32_t character = character_of(utf8, length);
    utf8.remove_prefix(length);
    if (character < kFirstPair) {
      utf16 += static_cast<char16_t>(character);
      continue;
    }
    utf16 += static_cast<char16_t>(kFirstHigh + ((character - kFirstPair) >> 10));
    utf16 += static_cast<char16_t>(kFirstLow + ((character - kFirstPair) & 0x3ff));
  }
  return utf16;
}

std::optional<std::string> utf8_of(std::u16string_view utf16) {
  std::string utf8;
  utf8.reserve(utf16.size());
  for (std::size_t i = 0; i < utf16.size(); ++i) {
    char32_t character = utf16[i];
    if (character >= kFirstLow && character < kAfterLow) return std::nullopt;
    if (character >= kFirstHigh && character < kFirstLow) {
      const char32_t low = i + 1 < utf16.size() ? utf16[i + 1] : 0;
      if (low < kFirstLow || low >= kAfterLow) return std::nullopt;
      character = kFirstPair + ((character - kFirstHigh) << 10) + (low - kFirstLow);
      ++i;
    }
    append(character, utf8);
  }
  return utf8;
}

}  // namespace berth
