// reservation_change.cc - finds the owner, makes the call, and shows what was changed.
#include "cli/reservation_change.h"

#include <memory>
#include <ostream>

#include "cli/json.h"
#include "cli/words.h"
#include "wire/words.h"

namespace berth::cli {

Outcome change_reservation(World& world, const NamedReservation& asked,
                           Done (Book::*call)(std::string_view user, const Addresses& addresses),
                           std::string (*in_words)(const Reservation& changed)) {
  Result<Addresses> addresses = parse_addresses(asked.addresses);
  if (!addresses) return std::unexpected(addresses.error());
  Result<Settings> found = settings(world);
  if (!found) return std::unexpected(found.error());
  Result<std::string> owner = owner_of(*found, asked.user);
  if (!owner) return std::unexpected(owner.error());
  Result<std::unique_ptr<Book>> book = open_book(world, *found);
  if (!book) return std::unexpected(book.error());
  Done done = ((**book).*call)(asked.user, *addresses);
  if (!done) return std::unexpected(done.error());

  const Reservation changed{*owner, asked.user, *addresses};
  if (world.json) {
    print_json(world.out, to_json(changed));
  } else {
    world.out << in_words(changed) << '\n';
  }
  return Exit::done;
}

}  // namespace berth::cli
