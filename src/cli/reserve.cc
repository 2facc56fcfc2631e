// reserve.cc - berth reserve: addresses that belong to one user from now on.
#include <CLI/CLI.hpp>

#include "cli/reservation_change.h"
#include "cli/verbs.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

std::string in_words(const Reservation& added) {
  return "reserved " + added.addresses.to_string() + " for " + printable(added.owner);
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
        auto asked = std::make_shared<NamedReservation>();
        app.add_option("USER", asked->user, "the user, in any spelling")->required();
        app.add_option("ADDRESS", asked->addresses, "what to keep; one of each kind")->required();
        return [asked](World& world) {
          return change_reservation(world, *asked, &Book::reserve, &in_words);
        };
      }};
}

}  // namespace berth::cli
