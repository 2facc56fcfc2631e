// registration.cc - DLLPath taken apart, put together, and changed by one element.
#include "ras/registration.h"

#include <algorithm>

namespace berth::ras {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(';');
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool same_file(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(one, other, {}, lower, lower);
}

Refusal refused(std::string rule, Win32 code, std::string what, std::string remedy) {
  return {.code = static_cast<std::uint32_t>(code),
          .rule = std::move(rule),
          .module = "DLLPath",
          .callout = {},
          .what = std::move(what),
          .remedy = std::move(remedy)};
}

}  // namespace

Loaded<Registration> parse_dll_path(std::string_view text) {
  Registration registration;
  if (trimmed(text).empty()) return registration;
  std::vector<std::string_view> parts = split(text);
  if (parts.size() > 1 && parts.back().empty()) parts.pop_back();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string_view path = trimmed(parts[i]);
    if (path.empty()) {
      return std::unexpected(refused(
          "R105", Win32::module_not_found,
          "element " + std::to_string(i + 1) + " of " + std::to_string(parts.size()) + " is empty",
          "take one of the two semicolons away"));
    }
    if (path.size() != parts[i].size()) {
      registration.warnings.push_back(
          "there are blanks around \"" + std::string(path) +
          "\" in DLLPath; at an element that begins with one RAS stops and says nothing (R104)");
    }
    registration.paths.emplace_back(path);
  }
  if (registration.paths.size() > kMostModules) {
    return std::unexpected(
        refused("R101", Win32::invalid_parameter,
                "it lists " + std::to_string(registration.paths.size()) + " modules",
                "list at most " + std::to_string(kMostModules)));
  }
  return registration;
}

std::string dll_path_of(const std::vector<std::string>& paths) {
  std::string text;
  for (const std::string& path : paths) {
    if (!text.empty()) text += ';';
    text += path;
  }
  return text;
}

std::string with_path(std::string_view text, std::string_view path) {
  for (std::string_view part : split(text)) {
    if (same_file(trimmed(part), path)) return std::string(text);
  }
  std::string longer(text);
  if (trimmed(text).empty()) longer.clear();
  if (!longer.empty() && longer.back() != ';') longer += ';';
  return longer.append(path);
}

std::string without_path(std::string_view text, std::string_view path) {
  std::vector<std::string> others;
  for (std::string_view part : split(text)) {
    if (!same_file(trimmed(part), path)) others.emplace_back(part);
  }
  std::string shorter = dll_path_of(others);
  return trimmed(shorter) == ";" ? std::string() : shorter;
}

}  // namespace berth::ras
