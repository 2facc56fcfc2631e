// reservations.cc - berth reservations: what is kept for whom.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/table.h"
#include "cli/verbs.h"
#include "cli/words.h"

namespace berth::cli {

namespace {

Outcome reservations(World& world) {
  Result<std::unique_ptr<Reader>> reader = open_reader(world);
  if (!reader) return std::unexpected(reader.error());
  Result<std::vector<Reservation>> found = (*reader)->reservations();
  if (!found) return std::unexpected(found.error());

  if (world.json) {
    JsonList list(world.out);
    for (const Reservation& reservation : *found) list.add(to_json(reservation));
    list.finish();
    return Exit::done;
  }
  Table table(world, {{"OWNER"}, {"ADDRESS"}, {"WRITTEN AS"}});
  for (const Reservation& reservation : *found) {
    bool same = reservation.user == reservation.owner;
    table.add(
        {reservation.owner, address_cell(reservation.addresses), same ? "" : reservation.user});
  }
  table.finish();
  if (found->empty()) world.err << "berth: nothing is reserved\n";
  return Exit::done;
}

}  // namespace

Verb reservations_verb() {
  return {
      .name = "reservations",
      .summary = "lists what is kept for whom",
      .manual =
          "Reads beside a process that writes the store. berth export writes the same "
          "in a form that berth import reads.",
      .example = "berth reservations",
      .options = [](CLI::App&) -> Run { return [](World& world) { return reservations(world); }; }};
}

}  // namespace berth::cli
