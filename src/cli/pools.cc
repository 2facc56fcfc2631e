// pools.cc - berth pools: how full they are.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "cli/words.h"

namespace berth::cli {

namespace {

Result<std::vector<PoolUse>> read(const World& world) {
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  Result<std::unique_ptr<Reader>> reader = open_reader(world);
  if (!reader) return std::unexpected(reader.error());
  return (*reader)->pools(found->plan, world.clock.wall());
}

Outcome pools(World& world) {
  Result<std::vector<PoolUse>> pools = read(world);
  if (!pools) return std::unexpected(pools.error());

  if (world.json) {
    JsonList list(world.out);
    for (const PoolUse& use : *pools) list.add(to_json(use));
    list.finish();
    return Exit::done;
  }
  Table table(world, {{"POOL"},
                      {"KIND"},
                      {"SIZE", Side::right},
                      {"HELD", Side::right},
                      {"ACTIVE", Side::right},
                      {"COOLING", Side::right},
                      {"RESERVED", Side::right},
                      {"FREE", Side::right}});
  for (const PoolUse& use : *pools) {
    table.add({use.pool, std::string(kind_name(use.kind)), count_text(use.size),
               count_text(use.held), count_text(use.active), count_text(use.cooling),
               count_text(use.reserved), count_text(use.free)});
  }
  table.finish();
  return Exit::done;
}

}  // namespace

Verb pools_verb() {
  return {.name = "pools",
          .summary = "shows how much of each pool is in use",
          .manual =
              "SIZE counts the addresses that are listed and not excluded; HELD, ACTIVE, "
              "COOLING, RESERVED (for somebody who is not connected) and FREE add up to "
              "it. Reads beside a process that writes the store, and judges cool-down "
              "by the wall clock: after a clock jump COOLING can be off for a while.",
          .example = "berth pools",
          .options = [](CLI::App&) -> Run { return [](World& world) { return pools(world); }; }};
}

}  // namespace berth::cli
