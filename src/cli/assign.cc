// assign.cc - berth assign: the right address for a connection.
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/grant_text.h"
#include "cli/json.h"
#include "cli/request_options.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "wire/words.h"

namespace berth::cli {

namespace {

Outcome assign(World& world, const RequestOptions& asked) {
  Result<Request> request = asked.request();
  if (!request) return std::unexpected(request.error());
  Result<std::unique_ptr<Book>> book = open_book(world);
  if (!book) return std::unexpected(book.error());
  Result<Grant> grant = (*book)->assign(*request);
  if (!grant) return std::unexpected(grant.error());

  if (world.json) {
    print_json(world.out, to_json(*grant));
    return Exit::done;
  }
  print_addresses(world, *grant);
  world.out << fmt::format("lease {}, generation {}, {}", lease_id_text(grant->id),
                           grant->generation.value, state_name(grant->state));
  if (grant->lease_time.count() > 0) {
    world.out << ", to be renewed within " << format_duration(grant->lease_time);
  }
  world.out << '\n';
  return Exit::done;
}

}  // namespace

Verb assign_verb() {
  return {.name = "assign",
          .summary = "gives a user on a server the right addresses",
          .manual =
              "Chooses by the rules of the settings, in this order: what this connection has "
              "already, the owner's reservation, the address the owner had last, the proposed "
              "one, the free address that was unused longest. The answer is durable before it "
              "is printed. The same connection again (server and session, else server, port "
              "and user) is answered with the same lease.\n\n"
              "The lease is held until confirm says that the session is up; one that is never "
              "confirmed ends after the hold time of its rule. That time goes on between two "
              "commands, by the wall clock: the next one that writes ends what has become due.",
          .example =
              "berth assign --user ana --server vpn1 --session 17\n"
              "berth assign --user ana --server vpn1 --port 3 --ipv6 required",
          .options = [](CLI::App& app) -> Run {
            return [asked = RequestOptions::declare(app)](World& world) {
              return assign(world, *asked);
            };
          }};
}

}  // namespace berth::cli
