// settings.cc - berth.toml: from a file to Settings that can be true.
#include "berth/settings.h"

#include <cerrno>
#include <exception>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/plan_check.h"
#include "settings/key_depth.h"
#include "settings/keys.h"
#include "settings/path.h"
#include "settings/value.h"

namespace berth {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{16} << 20;  // 100,000 ranges and some comments

Result<std::string> read_file(const std::string& path);
Done check_size(std::size_t bytes, std::string_view name);
std::string beside(const std::string& settings_path, const std::string& store);

}  // namespace

Result<Settings> read_settings(const std::string& path) try {
  auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  auto settings = parse_settings(*text, path);
  if (settings) {
    settings->store = settings->store.empty() ? default_store() : beside(path, settings->store);
  }
  return settings;
} catch (const std::exception& error) {  // a path that this system cannot write
  return fail(Code::not_found, path + " cannot be read: " + error.what(), "check the path");
}

Result<Settings> parse_settings(std::string_view text, std::string_view name) {
  if (Done size = check_size(text.size(), name); !size) return std::unexpected(size.error());
  if (auto line = find_deep_key(text)) {
    return fail(Code::settings_invalid,
                std::string(name) + ":" + std::to_string(*line) + ": a key has more than " +
                    std::to_string(kMaxKeyDots) + " dots",
                "docs/settings.md shows every key");
  }
  toml::parse_result file = toml::parse(text, name);
  if (!file) {
    return fail(Code::settings_invalid,
                std::string(name) + ":" + std::to_string(file.error().source().begin.line) + ": " +
                    std::string(file.error().description()),
                "correct the line; docs/settings.md shows the form");
  }

  auto settings = read_keys(Value(file.table(), name, ""));
  if (!settings) return settings;
  if (Done checked = check_plan(settings->plan); !checked) {
    Error error = checked.error();
    // Where no place is known, the file at least is.
    if (error.what.find(name) == std::string::npos)
      error.what = std::string(name) + ": " + error.what;
    return std::unexpected(error);
  }
  return settings;
}

namespace {

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path_of(path), std::ios::binary);
  std::string text(kMaxFileBytes + 1, '\0');
  // A directory opens on some systems, and then cannot be read.
  if (!file ||
      (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && !file.eof())) {
    return fail(Code::not_found,
                path + " cannot be read: " + std::generic_category().message(errno),
                "name a settings file that this user may read");
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Done check_size(std::size_t bytes, std::string_view name) {
  if (bytes <= kMaxFileBytes) return {};
  return fail(Code::settings_invalid,
              std::string(name) + " is larger than " + std::to_string(kMaxFileBytes) + " bytes",
              "use fewer and larger ranges, and * in lists of names");
}

std::string beside(const std::string& settings_path, const std::string& store) {
  std::filesystem::path whole = path_of(settings_path).parent_path() / path_of(store);
  std::u8string text = whole.u8string();
  return {text.begin(), text.end()};
}

}  // namespace
}  // namespace berth
