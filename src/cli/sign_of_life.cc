// sign_of_life.cc - finds the lease, says that it is alive, and shows it.
#include "cli/sign_of_life.h"

#include <ostream>

#include "cli/json.h"
#include "cli/lease_text.h"

namespace berth::cli {

Outcome tell_alive(World& world, const LeaseOptions& asked, Done (Book::*call)(const LeaseRef&),
                   std::string_view done) {
  Result<LeaseRef> which = asked.lease();
  if (!which) return std::unexpected(which.error());
  Result<std::unique_ptr<Book>> book = open_book(world);
  if (!book) return std::unexpected(book.error());
  Result<Lease> lease = asked.find(**book, *which);
  if (!lease) return std::unexpected(lease.error());
  if (Done told = ((**book).*call)(*which); !told) return std::unexpected(told.error());
  lease = (*book)->find(*which);
  if (!lease) return std::unexpected(lease.error());

  if (world.json) {
    print_json(world.out, to_json(*lease));
  } else {
    world.out << done << ' ' << in_words(*lease) << '\n';
  }
  return Exit::done;
}

}  // namespace berth::cli
