// settings.h - berth.toml: where the store is, and the Plan.
//
// Five lines are enough; examples/berth.toml has every key with its meaning. An unknown key, an
// overlap or a bad range is an Error that names file, line and remedy.
//
//   Result<Settings> settings = read_settings("/etc/berth/berth.toml");
//
// Any thread may call these.
#pragma once

#include <string>
#include <string_view>

#include "berth/error.h"
#include "berth/plan.h"

namespace berth {

struct Settings {
  std::string store;  // path of the store; relative ones count from the settings file
  Plan plan;
};

// settings_invalid or not_found.
[[nodiscard]] Result<Settings> read_settings(const std::string& path);

// The same from text; `name` stands for the file in errors, relative paths stay as they are.
[[nodiscard]] Result<Settings> parse_settings(std::string_view text, std::string_view name);

}  // namespace berth
