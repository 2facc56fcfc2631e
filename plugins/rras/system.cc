// system.cc - which berth.toml is meant.
#include "rras/system.h"

#include <filesystem>

namespace berth::rras {
namespace {

std::filesystem::path path_of(const std::string& utf8) {
  return {std::u8string(utf8.begin(), utf8.end())};
}

std::string settings_in(const std::string& folder) {
  const std::u8string path = (path_of(folder) / "berth.toml").u8string();
  return {path.begin(), path.end()};
}

}  // namespace

std::string settings_path() {
  if (auto named = environment("BERTH_SETTINGS")) return *named;
  std::string beside = settings_in(module_folder());
  std::error_code ignored;
  if (std::filesystem::exists(path_of(beside), ignored)) return beside;
  return settings_in(common_folder());
}

}  // namespace berth::rras
