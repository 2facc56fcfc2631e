// reserve.cc - berth reserve: addresses that belong to one user from now on.
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

Outcome reserve(World& world, const Asked& asked) {
  Result<Addresses> addresses = parse_addresses(asked.addresses);
  if (!addresses) return std::unexpected(addresses.error());
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  Result<std::string> owner = owner_of(*found, asked.user);
  if (!owner) return std::unexpected(owner.error());
  Result<std::unique_ptr<Book>> book = open_book(world, *found);
  if (!book) return std::unexpected(book.error());
  Done done = (*book)->reserve(asked.user, *addresses);
  if (!done) return std::unexpected(done.error());

  if (world.json) {
    print_json(world.out, to_json(Reservation{*owner, asked.user, *addresses}));
  } else {
    world.out << "reserved " << addresses->to_string() << " for " << printable(*owner) << '\n';
  }
  return Exit::done;
}

}  // namespace

Verb reserve_verb() {
  return {
      .name = "reserve",
      .summary = "keeps addresses for a user",
      .manual =
          "Nobody else gets a reserved address. One that somebody else holds at this "
          "moment is the user's from the end of that lease. Of each kind a user has "
          "at most one reservation.\n\n"
          "ADDRESS is an IPv4 address, an IPv6 address, a /64, or a shorter prefix, "
          "which is delegated; \"delegated:\" in front of a prefix says so for any "
          "length.",
      .example =
          "berth reserve ana 10.8.0.7\n"
          "berth reserve ana 2001:db8::7 2001:db8:100::/56",
      .options = [](CLI::App& app) -> Run {
        auto asked = std::make_shared<Asked>();
        app.add_option("USER", asked->user, "the user, in any spelling")->required();
        app.add_option("ADDRESS", asked->addresses, "what to keep; one of each kind")->required();
        return [asked](World& world) { return reserve(world, *asked); };
      }};
}

}  // namespace berth::cli
