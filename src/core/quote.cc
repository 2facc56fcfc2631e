// quote.cc - somebody else's text in a sentence of ours.
#include "core/quote.h"

#include "core/utf8.h"

namespace berth {
namespace {

void append_hex(std::string& out, char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  auto value = static_cast<unsigned char>(byte);
  out += "\\x";
  out += kDigits[value >> 4];
  out += kDigits[value & 15];
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  std::size_t at = 0;
  while (at < text.size() && at < kMaxQuoted) {
    std::string_view rest = text.substr(at);
    std::size_t length = utf8_length(rest);
    if (length == 0 || is_control(rest)) {
      append_hex(out, rest[0]);
      at += 1;
    } else {
      out += rest.substr(0, length);
      at += length;
    }
  }
  if (at < text.size()) out += "…";
  out += '"';
  return out;
}

}  // namespace berth
