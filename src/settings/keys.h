// keys.h - every key of berth.toml, and where each goes in the Settings.
//
// To add one: a line in its table in keys.cc, its line in examples/berth.toml and docs/settings.md.
// A test finds the one that was forgotten.
#pragma once

#include <string>
#include <vector>

#include "berth/error.h"
#include "berth/settings.h"
#include "settings/value.h"

namespace berth {

// Reads a whole file. What it says is not yet checked against itself (core/plan_check.h).
[[nodiscard]] Result<Settings> read_keys(const Value& file);

// "store", "pool.name", "pool.delegated.length" …: all that read_keys knows.
[[nodiscard]] std::vector<std::string> known_keys();

}  // namespace berth
