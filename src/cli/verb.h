// verb.h - what a verb of the command line is.
//
// A verb is one file: it declares its options to CLI11 and hands back what to do once they are
// parsed. verbs.cc lists all of them; help, man page and completion are made from that list, so
// a new verb is a new file, and its line there and in verbs.h.
//
//   Verb boot_verb() {
//     return {.name = "boot", .summary = "says that a server started anew", …,
//             .options = [](CLI::App& app) -> Run {
//               auto asked = std::make_shared<Asked>();
//               app.add_option("SERVER", asked->server, "the server that started")->required();
//               return [asked](World& world) -> Outcome { … };
//             }};
//   }
//
// A verb prints its answer to world.out: text and tables for people (table.h), or one JSON
// document when world.json is set (json.h). Whatever came from a user or a file goes through
// printable() first (printable.h). What goes wrong is returned as an Error: run.cc prints it,
// once, and chooses the exit code (exit_codes.h). Progress is drawn by progress.h.
#pragma once

#include <functional>
#include <string_view>

#include "berth/error.h"
#include "cli/exit_codes.h"
#include "cli/world.h"

namespace CLI {
class App;
}

namespace berth::cli {

// How it ended, or why it could not be done.
using Outcome = Result<Exit>;
using Run = std::function<Outcome(World&)>;

struct Verb {
  std::string_view name;
  std::string_view summary;  // for the list of verbs: no capital, no full stop
  std::string_view manual;   // paragraphs with an empty line between them
  std::string_view example;  // command lines, one a line

  // Declares options and arguments of the verb. What they are parsed into must live as long as
  // the Run that is returned.
  Run (*options)(CLI::App& app);
};

}  // namespace berth::cli
