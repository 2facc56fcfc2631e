// confirm.cc - berth confirm: the session is up.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/lease_options.h"
#include "cli/lease_text.h"
#include "cli/verbs.h"

namespace berth::cli {

namespace {

Outcome confirm(World& world, const LeaseOptions& asked) {
  Result<LeaseRef> which = asked.lease();
  if (!which) return std::unexpected(which.error());
  Result<std::unique_ptr<Book>> book = open_book(world);
  if (!book) return std::unexpected(book.error());
  Result<Lease> lease = asked.find(**book, *which);
  if (!lease) return std::unexpected(lease.error());
  if (Done done = (*book)->confirm(*which); !done) return std::unexpected(done.error());
  lease = (*book)->find(*which);
  if (!lease) return std::unexpected(lease.error());

  if (world.json) {
    print_json(world.out, to_json(*lease));
  } else {
    world.out << "confirmed " << in_words(*lease) << '\n';
  }
  return Exit::done;
}

}  // namespace

Verb confirm_verb() {
  static const std::string kManual =
      "A held lease becomes active: it stays until it is released. Confirming an active lease "
      "changes nothing.\n\n" +
      std::string(kNamesALease);
  return {.name = "confirm",
          .summary = "says that a session is up",
          .manual = kManual,
          .example = "berth confirm --server vpn1 --session 17",
          .options = [](CLI::App& app) -> Run {
            return [asked = LeaseOptions::declare(app)](World& world) {
              return confirm(world, *asked);
            };
          }};
}

}  // namespace berth::cli
