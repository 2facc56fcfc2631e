// registration.cc - DLLPath taken apart as RAS does, and put together.
#include "ras/registration.h"

#include "core/dll_path.h"

namespace berth::ras {
namespace {

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
  if (without_blanks(text).empty()) return registration;
  std::vector<std::string_view> parts = elements_of(text);
  if (parts.size() > 1 && parts.back().empty()) parts.pop_back();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string_view path = without_blanks(parts[i]);
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

}  // namespace berth::ras
