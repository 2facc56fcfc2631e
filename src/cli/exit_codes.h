// exit_codes.h - how a run of berth ended, for scripts.
//
// The numbers are part of the interface and never change their meaning. The table is what
// `berth --help`, the man page and docs/cli.md show.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "berth/error.h"

namespace berth::cli {

enum class Exit : std::uint8_t {
  done = 0,
  refused = 1,
  bad_input = 2,
  bad_store = 3,
  try_again = 4,
};

struct ExitMeaning {
  Exit code;
  std::string_view meaning;
};

inline constexpr std::array<ExitMeaning, 5> kExitMeanings = {{
    {Exit::done, "done, or the answer is yes"},
    {Exit::refused, "refused, or the answer is no: pool full, no such lease, nobody had it"},
    {Exit::bad_input,
     "bad input: usage, an address, a name, a time, a line of a file; "
     "nothing was changed (play: what stands before the line was played)"},
    {Exit::bad_store,
     "the settings or the store cannot be used: missing, wrong, corrupt, "
     "full, written by a later berth (check: the module would not be loaded)"},
    {Exit::try_again, "not now: another process writes the store, or too much is waiting"},
}};

// The exit code that an error ends the program with.
[[nodiscard]] Exit exit_for(Code code);

}  // namespace berth::cli
