// backup.cc - berth backup: a consistent copy of the store in one file.
#include "store/backup.h"

#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/files.h"
#include "cli/json.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

Outcome backup(World& world, const std::string& file) {
  Result<std::string> store = store_path(world);
  if (!store) return std::unexpected(store.error());
  if (Done done = backup_store(*store, file); !done) {
    return std::unexpected(done.error().code == Code::not_found ? no_store(*store) : done.error());
  }

  std::uint64_t bytes = size_of(file);
  if (world.json) {
    print_json(world.out,
               {{"file", json_text(file)}, {"store", json_text(*store)}, {"size_bytes", bytes}});
  } else {
    world.out << "backed up " << printable(*store) << " to " << printable(file) << ", "
              << count_of(bytes, "byte") << '\n';
  }
  return Exit::done;
}

}  // namespace

Verb backup_verb() {
  return {.name = "backup",
          .summary = "copies the store to a file, beside a process that writes it",
          .manual =
              "The copy holds every change that was acknowledged when it began, and is a "
              "store itself: the reading verbs work on it with --store. FILE must not "
              "be there yet.",
          .example = "berth backup /var/backups/berth-monday.db",
          .options = [](CLI::App& app) -> Run {
            auto file = std::make_shared<std::string>();
            app.add_option("FILE", *file, "the new file")->required();
            return [file](World& world) { return backup(world, *file); };
          }};
}

}  // namespace berth::cli
