// system.h - what differs between systems for a program in a terminal.
//
// Behind it one file per system: system_posix.cc, system_windows.cc.
#pragma once

#include <string>
#include <vector>

#include "cli/world.h"

namespace berth::cli {

// Call first in main(). Output in UTF-8 and unchanged; a reader of our output that has gone
// away ends the program without a word.
void prepare_system();

// The arguments without the program's name, in UTF-8.
[[nodiscard]] std::vector<std::string> arguments(int argc, char** argv);

[[nodiscard]] Terminal out_terminal();
[[nodiscard]] Terminal err_terminal();
[[nodiscard]] bool in_is_terminal();

// Whether this user may make files in that folder.
[[nodiscard]] bool may_write(const std::string& folder);

// $BERTH_SETTINGS, ./berth.toml and the place of the system, in the order to look.
[[nodiscard]] std::vector<std::string> settings_places();

}  // namespace berth::cli
