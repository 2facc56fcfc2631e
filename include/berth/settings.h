// settings.h - berth.toml: where the store is, and the Plan.
//
// Five lines are enough; examples/berth.toml has every key with its meaning. An unknown key, an
// overlap or a bad range is an Error that names file, line and remedy.
//
//   Result<Settings> settings = read_settings("/etc/berth/berth.toml");
//
// Any thread may call these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "berth/error.h"
#include "berth/plan.h"

namespace berth {

// How much a module tells of: each of these, and those before it.
enum class LogLevel : std::uint8_t { error, warning, information, debug };

// What berth.dll, the module for Windows RRAS, has of its own.
struct RrasSettings {
  std::string server;            // what it calls its server; empty: the computer's name
  Milliseconds deadline{500ms};  // of every callout; after that the user is refused
  LogLevel log = LogLevel::information;
};

// The longest that a callout may take: RAS keeps all others waiting meanwhile.
inline constexpr Milliseconds kMaxCalloutDeadline = 60s;

struct Settings {
  std::string store;  // path of the store; relative ones count from the settings file
  Plan plan;
  RrasSettings rras;
};

// Where the store is if the settings do not say: below /var/lib, or below %ProgramData%.
[[nodiscard]] std::string default_store();

// settings_invalid or not_found.
[[nodiscard]] Result<Settings> read_settings(const std::string& path);

// The same from text; `name` stands for the file in errors, relative paths stay as they are.
[[nodiscard]] Result<Settings> parse_settings(std::string_view text, std::string_view name);

}  // namespace berth
