// utf8.cc - UTF-8, one character at a time; names of plain ASCII eight bytes at a time.
#include "core/utf8.h"

#include <cstdint>
#include <cstring>

#include "berth/error.h"

namespace berth {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// True where all eight bytes are printable ASCII, 0x20 to 0x7e.
bool is_plain(const char* eight) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, eight, sizeof bytes);
  std::uint64_t high = bytes & (kEach * 0x80);
  if (high != 0) return false;
  // With no high bit set, neither sum carries into the byte above it.
  std::uint64_t at_least_blank = bytes + kEach * (0x80 - 0x20);
  std::uint64_t delete_or_more = bytes + kEach;
  return (at_least_blank & ~delete_or_more & (kEach * 0x80)) == kEach * 0x80;
}

}  // namespace

// RFC 3629 section 4: the second byte tells overlong forms and surrogates apart.
std::size_t utf8_length(std::string_view text) {
  BERTH_ASSERT(!text.empty());
  unsigned first = byte_at(text, 0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;

  std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (text.size() < length) return 0;
  unsigned lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  unsigned highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  unsigned second = byte_at(text, 1);
  if (second < lowest || second > highest) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte_at(text, i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

bool is_control(std::string_view text) {
  unsigned first = byte_at(text, 0);
  if (first < 0x20 || first == 0x7f) return true;
  return first == 0xc2 && text.size() > 1 && byte_at(text, 1) < 0xa0;  // C1: U+0080 to U+009F
}

FoundFlaw find_flaw(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (text.size() - at >= 8 && is_plain(text.data() + at)) {
      at += 8;
      continue;
    }
    std::string_view rest = text.substr(at);
    std::size_t length = utf8_length(rest);
    if (length == 0) return {Flaw::not_utf8, at};
    if (is_control(rest)) return {Flaw::control, at};
    at += length;
  }
  return {};
}

}  // namespace berth
