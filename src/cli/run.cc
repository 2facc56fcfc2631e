// run.cc - the way of every run: parse, run the verb, say what went wrong.
#include "cli/run.h"

#include <algorithm>
#include <ostream>

#include "cli/command_line.h"
#include "cli/help.h"
#include "cli/json.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

Outcome answer(World& world, const std::vector<std::string>& arguments) {
  CommandLine line(world);
  Result<CommandLine::Asked> asked = line.parse(arguments);
  if (!asked) return std::unexpected(asked.error());
  switch (asked->what) {
    case CommandLine::Asked::What::version:
      world.out << "berth " << world.version << '\n';
      return Exit::done;
    case CommandLine::Asked::What::help:
      if (asked->entry == nullptr) {
        print_help(world, line);
      } else {
        print_help(world, *asked->entry);
      }
      // Nothing was asked for: that is how somebody learns what could be.
      return arguments.empty() ? Exit::bad_input : Exit::done;
    case CommandLine::Asked::What::verb: return asked->entry->run(world);
  }
  BERTH_ASSERT(!"all that can be asked is answered");
}

}  // namespace

Exit run(World& world, const std::vector<std::string>& arguments) {
  // Wrong arguments may keep --json from being parsed; a program still wants its error in JSON.
  world.json = std::ranges::find(arguments, "--json") != arguments.end();
  Outcome outcome = answer(world, arguments);
  world.out.flush();
  if (outcome && !world.out) {
    outcome = fail(Code::store_unavailable, "the answer could not be written to the output",
                   "look whether its disk is full; what was asked for has been done");
  }
  if (outcome) return *outcome;
  print_error(world, outcome.error());
  return exit_for(outcome.error().code);
}

void print_error(World& world, const Error& error) {
  if (world.json) {
    print_json(world.err, {{"error", to_json(error)}});
    return;
  }
  world.err << "berth: " << printable(error.what) << " (" << code_name(error.code) << ")\n";
  if (!error.remedy.empty()) world.err << "       " << printable(error.remedy) << '\n';
}

}  // namespace berth::cli
