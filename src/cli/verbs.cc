// verbs.cc - the table of verbs.
#include "cli/verbs.h"

#include <array>

namespace berth::cli {

std::span<const Verb> verbs() {
  static const std::array kVerbs = {
      assign_verb(),       confirm_verb(),      renew_verb(),   release_verb(),
      boot_verb(),         reconcile_verb(),    leases_verb(),  pools_verb(),
      who_verb(),          history_verb(),      explain_verb(), reserve_verb(),
      unreserve_verb(),    reservations_verb(), import_verb(),  export_verb(),
      check_config_verb(), backup_verb(),       restore_verb(), erase_verb(),
      forget_verb(),       check_verb(),        doctor_verb(),  play_verb(),
      completion_verb(),   man_verb(),
  };
  return kVerbs;
}

}  // namespace berth::cli
