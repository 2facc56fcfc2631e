// runs_for_tests.h - runs of berth in a folder with settings and a store of their own.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/folder_for_tests.h"
#include "cli/run.h"
#include "cli/world_for_tests.h"

namespace berth::cli {

class Runs {
 public:
  // Runs berth; what it printed is in out and err.
  int berth(const std::vector<std::string>& arguments) {
    std::istringstream in(input);
    std::ostringstream answers;
    std::ostringstream remarks;
    World world{.in = in,
                .out = answers,
                .err = remarks,
                .clock = clock,
                .chance = chance,
                .version = "1.2.3",
                .in_is_terminal = at_terminal,
                .settings_places = {path("berth.toml")}};
    const Exit exit = run(world, arguments);
    out = answers.str();
    err = remarks.str();
    return static_cast<int>(exit);
  }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path(name); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }

  std::string input;
  bool at_terminal = false;  // so somebody is there to be asked
  std::string out;
  std::string err;
  HandClock clock;
  CountingChance chance;

 private:
  TestFolder folder_;
};

}  // namespace berth::cli
