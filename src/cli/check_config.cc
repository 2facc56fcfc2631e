// check_config.cc - berth check-config: can these settings be?
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

void print(World& world, const std::string& file, const Settings& found,
           const std::vector<PoolUse>& pools) {
  if (world.json) {
    print_json(world.out, {{"file", json_text(file)},
                           {"store", json_text(found.store)},
                           {"pools", found.plan.pools.size()},
                           {"rules", found.plan.rules.size()},
                           {"servers", found.plan.servers.size()}});
    return;
  }
  world.out << printable(file) << " is right; the store is " << printable(found.store) << "\n\n";
  Table table(world, {{"POOL"}, {"KIND"}, {"SIZE", Side::right}, {"EXCLUDED", Side::right}});
  for (const PoolUse& use : pools) {
    table.add({use.pool, std::string(kind_name(use.kind)), count_text(use.size),
               count_text(use.excluded)});
  }
  table.finish();
}

Outcome check_config(World& world, const std::string& asked) {
  if (!asked.empty()) world.settings_path = asked;
  Result<std::string> file = find_settings(world);
  if (!file) return std::unexpected(file.error());
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  // In memory: a book refuses a plan that cannot be, and this one touches no store.
  Result<std::unique_ptr<Book>> book =
      Book::open(found->plan, {.path = "", .clock = &world.clock, .chance = &world.chance});
  if (!book) return std::unexpected(book.error());
  print(world, *file, *found, (*book)->pools());
  return Exit::done;
}

}  // namespace

Verb check_config_verb() {
  return {.name = "check-config",
          .summary = "says whether the settings can be used",
          .manual =
              "Reads FILE, or the settings that every verb would use, and checks all of it: "
              "unknown keys, overlaps, bad ranges. An error names file, line and remedy. "
              "The store is not touched.",
          .example = "berth check-config /etc/berth/berth.toml",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<std::string>();
            app.add_option("FILE", *asked, "the settings to check");
            return [asked](World& world) { return check_config(world, *asked); };
          }};
}

}  // namespace berth::cli
