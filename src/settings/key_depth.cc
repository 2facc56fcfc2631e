// key_depth.cc - counts the dots of keys, past strings and comments.
#include "settings/key_depth.h"

#include <algorithm>

namespace berth {
namespace {

constexpr auto kNone = std::string_view::npos;

// The bytes of the string that begins at the front of `text`, quotes included; all of the text
// where it never ends.
std::size_t string_size(std::string_view text) {
  char quote = text.front();
  std::size_t quotes = text.starts_with(quote == '"' ? R"(""")" : "'''") ? 3 : 1;
  std::string_view end = text.substr(0, quotes);
  for (std::size_t at = quotes; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (quotes == 1 && text[at] == '\n') {
      return at;
    } else if (text.substr(at).starts_with(end)) {
      at += quotes;
      // """a""""" ends with two quotes of its own before the three.
      for (int more = 0; quotes == 3 && more < 2 && at < text.size() && text[at] == quote; ++more) {
        ++at;
      }
      return at;
    }
  }
  return text.size();
}

// What is no part of a key at the front of `text`: a string or a comment.
std::size_t size_to_skip(std::string_view text) {
  if (text.front() == '"' || text.front() == '\'') return string_size(text);
  if (text.front() == '#') return std::min(text.find('\n'), text.size());
  return 0;
}

}  // namespace

std::optional<std::size_t> find_deep_key(std::string_view text) {
  std::size_t line = 1;
  std::size_t dots = 0;
  while (!text.empty()) {
    std::size_t skip = size_to_skip(text);
    if (skip == 0) {
      if (text.front() == '.' && ++dots > kMaxKeyDots) return line;
      constexpr std::string_view kEndsKey = "\n=,[]{}";
      if (kEndsKey.find(text.front()) != kNone) dots = 0;
      skip = 1;
    }
    line += static_cast<std::size_t>(std::ranges::count(text.substr(0, skip), '\n'));
    text.remove_prefix(skip);
  }
  return std::nullopt;
}

}  // namespace berth
