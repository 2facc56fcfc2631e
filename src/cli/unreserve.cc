// unreserve.cc - berth unreserve: takes reservations away again.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "cli/words.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string user;
  std::vector<std::string> addresses;
};

Outcome unreserve(World& world, const Asked& asked) {
  Result<Addresses> addresses = parse_addresses(asked.addresses);
  if (!addresses) return std::unexpected(addresses.error());
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  Result<std::string> owner = owner_of(*found, asked.user);
  if (!owner) return std::unexpected(owner.error());
  Result<std::unique_ptr<Book>> book = open_book(world, *found);
  if (!book) return std::unexpected(book.error());
  Done done = (*book)->unreserve(asked.user, *addresses);
  if (!done) return std::unexpected(done.error());

  if (world.json) {
    print_json(world.out, to_json(Reservation{*owner, asked.user, *addresses}));
  } else if (addresses->empty()) {
    world.out << "nothing is reserved for " << printable(*owner) << " any more\n";
  } else {
    world.out << addresses->to_string() << " is no longer reserved for " << printable(*owner)
              << '\n';
  }
  return Exit::done;
}

}  // namespace

Verb unreserve_verb() {
  return {.name = "unreserve",
          .summary = "takes reservations of a user away",
          .manual =
              "Without an ADDRESS all of the user's reservations go. Somebody who holds "
              "such an address keeps it until the lease ends.",
          .example = "berth unreserve ana 10.8.0.7\nberth unreserve ana",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<Asked>();
            app.add_option("USER", asked->user, "the user, in any spelling")->required();
            app.add_option("ADDRESS", asked->addresses, "which; without one, all");
            return [asked](World& world) { return unreserve(world, *asked); };
          }};
}

}  // namespace berth::cli
