// renew.cc - berth renew: the session is still up.
#include <ostream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/lease_options.h"
#include "cli/lease_text.h"
#include "cli/verbs.h"

namespace berth::cli {

namespace {

Outcome renew(World& world, const LeaseOptions& asked) {
  Result<LeaseRef> which = asked.lease();
  if (!which) return std::unexpected(which.error());
  Result<std::unique_ptr<Book>> book = open_book(world);
  if (!book) return std::unexpected(book.error());
  Result<Lease> lease = asked.find(**book, *which);
  if (!lease) return std::unexpected(lease.error());
  if (Done done = (*book)->renew(*which); !done) return std::unexpected(done.error());
  lease = (*book)->find(*which);
  if (!lease) return std::unexpected(lease.error());

  if (world.json) {
    print_json(world.out, to_json(*lease));
  } else {
    world.out << "renewed " << in_words(*lease) << '\n';
  }
  return Exit::done;
}

}  // namespace

Verb renew_verb() {
  static const std::string kManual =
      "The lease time of its rule, if there is one, starts again; a held lease becomes active."
      "\n\n" +
      std::string(kNamesALease);
  return {.name = "renew",
          .summary = "says that a session is still up",
          .manual = kManual,
          .example = "berth renew --server vpn1 --session 17",
          .options = [](CLI::App& app) -> Run {
            return
                [asked = LeaseOptions::declare(app)](World& world) { return renew(world, *asked); };
          }};
}

}  // namespace berth::cli
