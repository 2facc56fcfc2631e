// renew.cc - berth renew: the session is still up.
#include <CLI/CLI.hpp>

#include "cli/sign_of_life.h"
#include "cli/verbs.h"

namespace berth::cli {

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
            return [asked = LeaseOptions::declare(app)](World& world) {
              return tell_alive(world, *asked, &Book::renew, "renewed");
            };
          }};
}

}  // namespace berth::cli
