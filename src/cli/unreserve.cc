// unreserve.cc - berth unreserve: takes reservations away again.
#include <CLI/CLI.hpp>

#include "cli/reservation_change.h"
#include "cli/verbs.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

std::string in_words(const Reservation& removed) {
  if (removed.addresses.empty()) {
    return "nothing is reserved for " + printable(removed.owner) + " any more";
  }
  return removed.addresses.to_string() + " is no longer reserved for " + printable(removed.owner);
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
            auto asked = std::make_shared<NamedReservation>();
            app.add_option("USER", asked->user, "the user, in any spelling")->required();
            app.add_option("ADDRESS", asked->addresses, "which; without one, all");
            return [asked](World& world) {
              return change_reservation(world, *asked, &Book::unreserve, &in_words);
            };
          }};
}

}  // namespace berth::cli
