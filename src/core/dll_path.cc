// dll_path.cc - DLLPath taken apart, and changed by one element.
#include "core/dll_path.h"

#include <algorithm>

namespace berth {
namespace {

bool same_file(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(one, other, {}, lower, lower);
}

}  // namespace

std::vector<std::string_view> elements_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(';');
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string with_path(std::string_view text, std::string_view path) {
  for (std::string_view part : elements_of(text)) {
    if (same_file(without_blanks(part), path)) return std::string(text);
  }
  std::string longer(text);
  if (without_blanks(text).empty()) longer.clear();
  if (!longer.empty() && longer.back() != ';') longer += ';';
  return longer.append(path);
}

std::string without_path(std::string_view text, std::string_view path) {
  std::string shorter;
  bool first = true;
  for (std::string_view part : elements_of(text)) {
    if (same_file(without_blanks(part), path)) continue;
    if (!first) shorter += ';';
    shorter += part;
    first = false;
  }
  return without_blanks(shorter) == ";" ? std::string() : shorter;
}

}  // namespace berth
