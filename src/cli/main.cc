// main.cc - berth: makes the world and hands it to the verb that was asked for.
#include <iostream>

#include "cli/run.h"
#include "cli/system.h"

namespace cli = berth::cli;

int main(int argc, char** argv) {
  cli::prepare_system();
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);
  cli::World world{.in = std::cin,
                   .out = std::cout,
                   .err = std::cerr,
                   .clock = berth::system_clock(),
                   .chance = berth::system_chance(),
                   .version = BERTH_VERSION,
                   .out_terminal = cli::out_terminal(),
                   .err_terminal = cli::err_terminal(),
                   .in_is_terminal = cli::in_is_terminal(),
                   .settings_places = cli::settings_places()};
  return static_cast<int>(cli::run(world, cli::arguments(argc, argv)));
}
