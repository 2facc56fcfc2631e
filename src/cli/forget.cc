// forget.cc - berth forget: deletes old history.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/ask.h"
#include "cli/json.h"
#include "cli/verbs.h"
#include "cli/words.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string before;
  bool yes = false;
};

void print(World& world, WallTime before, std::uint64_t deleted) {
  print_json(world.out,
             {{"before", to_json(std::optional(before))}, {"deleted_intervals", deleted}});
}

Outcome forget(World& world, const Asked& asked) {
  Result<WallTime> before = parse_time(asked.before);
  if (!before) return std::unexpected(before.error());
  if (!asked.yes) {
    Result<bool> sure =
        ask(world, "Delete all history that ended before " + format_time(*before) + "?");
    if (!sure) return std::unexpected(sure.error());
    if (!*sure) {
      if (world.json) print(world, *before, 0);
      return Exit::refused;
    }
  }
  Result<std::unique_ptr<Book>> book = open_book(world);
  if (!book) return std::unexpected(book.error());
  Result<std::uint64_t> deleted = (*book)->forget_history(*before);
  if (!deleted) return std::unexpected(deleted.error());

  if (world.json) {
    print(world, *before, *deleted);
  } else {
    world.out << "deleted " << count_of(*deleted, "interval") << " of history\n";
  }
  return Exit::done;
}

}  // namespace

Verb forget_verb() {
  return {.name = "forget",
          .summary = "deletes history that ended before a time",
          .manual =
              "Sessions that are up stay, and so do reservations and last addresses. That "
              "history was deleted, and up to when, is recorded. keep_history in the "
              "settings does this by itself. Asks before it begins, unless --yes.",
          .example = "berth forget --before 2026-01-01T00:00:00Z",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<Asked>();
            app.add_option("--before", asked->before, "what ended before this goes")
                ->type_name("TIME")
                ->required();
            app.add_flag("--yes", asked->yes, "does not ask");
            return [asked](World& world) { return forget(world, *asked); };
          }};
}

}  // namespace berth::cli
