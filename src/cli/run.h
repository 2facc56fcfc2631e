// run.h - one run of berth, from arguments to exit code.
#pragma once

#include <string>
#include <vector>

#include "cli/exit_codes.h"
#include "cli/world.h"

namespace berth::cli {

// Parses, does what was asked, prints the error if there was one. Never throws.
[[nodiscard]] Exit run(World& world, const std::vector<std::string>& arguments);

// "berth: <what> (<code>)" and the remedy below it; with --json the same as an object.
void print_error(World& world, const Error& error);

}  // namespace berth::cli
