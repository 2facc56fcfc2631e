// restore.cc - berth restore: a backup becomes the store.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "store/backup.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string file;
  bool trust = false;
};

Outcome restore(World& world, const Asked& asked) {
  Result<std::string> store = store_path(world);
  if (!store) return std::unexpected(store.error());
  WallTime now = world.clock.wall();
  Result<WallTime> newest = restore_store(asked.file, *store, now, asked.trust);
  if (!newest) {
    Error error = newest.error();
    if (error.code == Code::not_found) error.code = Code::invalid;  // FILE: a slip of the pen
    return std::unexpected(error);
  }

  Milliseconds age = now - *newest;
  if (world.json) {
    print_json(world.out, {{"file", json_text(asked.file)},
                           {"store", json_text(*store)},
                           {"newest_change", to_json(std::optional(*newest))},
                           {"age_seconds", age.count() / 1000},
                           {"trusted", asked.trust}});
    return Exit::done;
  }
  world.out << "restored " << printable(*store) << " from " << printable(asked.file)
            << "\nits newest change is of " << format_time(*newest) << ", " << age_text(age)
            << " ago\n";
  if (!asked.trust) {
    world.out << "leases given since are unknown: until every server that it knows has booted "
                 "(berth boot)\nor listed its sessions (berth reconcile), what it calls free goes "
                 "only to whoever had it last;\n--trust says that none were given\n";
  }
  return Exit::done;
}

}  // namespace

Verb restore_verb() {
  return {.name = "restore",
          .summary = "puts a backup in place of the store",
          .manual =
              "No process may be writing the store. Its files are kept beside it, with "
              ".before-restore (.before-restore.2 and so on) at the end of their names, until "
              "you remove them; renamed back they are the old store.\n\n"
              "A backup does not know the leases that were given after it was taken, so "
              "what it calls free may be in use. Until every server that it knows has "
              "booted (berth boot) or listed its sessions (berth reconcile) such addresses "
              "cool down: they go to nobody but their last owner. --trust says that no lease was "
              "given since.",
          .example = "berth restore /var/backups/berth-monday.db",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<Asked>();
            app.add_option("FILE", asked->file, "the backup")->required();
            app.add_flag("--trust", asked->trust, "no lease was given since it was taken");
            return [asked](World& world) { return restore(world, *asked); };
          }};
}

}  // namespace berth::cli
