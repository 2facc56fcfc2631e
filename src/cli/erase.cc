// erase.cc - berth erase: takes every trace of a user out of the store.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/ask.h"
#include "cli/json.h"
#include "cli/verbs.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string user;
  bool yes = false;
};

Outcome erase(World& world, const Asked& asked) {
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  Result<std::string> owner = owner_of(*found, asked.user);
  if (!owner) return std::unexpected(owner.error());
  if (!asked.yes) {
    Result<bool> sure = ask(world, "Erase every trace of " + printable(*owner) + "?");
    if (!sure) return std::unexpected(sure.error());
    if (!*sure) {
      if (world.json) print_json(world.out, {{"owner", *owner}, {"erased", false}});
      return Exit::refused;
    }
  }
  Result<std::unique_ptr<Book>> book = open_book(world, *found);
  if (!book) return std::unexpected(book.error());
  if (Done done = (*book)->erase_owner(asked.user); !done) return std::unexpected(done.error());

  if (world.json) {
    print_json(world.out, {{"owner", *owner}, {"erased", true}});
  } else {
    world.out << "erased every trace of " << printable(*owner)
              << "; backups that were taken before still have it\n";
  }
  return Exit::done;
}

}  // namespace

Verb erase_verb() {
  return {.name = "erase",
          .summary = "takes every trace of a user out of the store",
          .manual =
              "History, journal and snapshot forget the user, with reservations and last "
              "addresses; that somebody was erased is recorded, without the name. Refused "
              "while the user is connected: release first. Asks before it begins, "
              "unless --yes.",
          .example = "berth erase ana --yes",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<Asked>();
            app.add_option("USER", asked->user, "the user, in any spelling")->required();
            app.add_flag("--yes", asked->yes, "does not ask");
            return [asked](World& world) { return erase(world, *asked); };
          }};
}

}  // namespace berth::cli
