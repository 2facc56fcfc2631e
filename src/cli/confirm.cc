// confirm.cc - berth confirm: the session is up.
#include <CLI/CLI.hpp>

#include "cli/sign_of_life.h"
#include "cli/verbs.h"

namespace berth::cli {

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
              return tell_alive(world, *asked, &Book::confirm, "confirmed");
            };
          }};
}

}  // namespace berth::cli
