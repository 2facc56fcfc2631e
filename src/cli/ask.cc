// ask.cc - asks, and takes anything but a yes for a no.
#include "cli/ask.h"

#include <istream>
#include <ostream>
#include <string>

namespace berth::cli {

Result<bool> ask(World& world, std::string_view question) {
  if (!world.in_is_terminal) {
    return fail(Code::invalid, "this cannot be undone, and nobody is at the terminal to be asked",
                "say --yes");
  }
  world.err << question << " This cannot be undone. [y/N] " << std::flush;
  std::string answer;
  std::getline(world.in, answer);
  return answer == "y" || answer == "yes";
}

}  // namespace berth::cli
