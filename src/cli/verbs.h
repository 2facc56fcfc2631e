// verbs.h - every verb of berth, one file each.
#pragma once

#include <span>

#include "cli/verb.h"

namespace berth::cli {

Verb assign_verb();
Verb confirm_verb();
Verb renew_verb();
Verb release_verb();
Verb boot_verb();
Verb reconcile_verb();
Verb leases_verb();
Verb pools_verb();
Verb who_verb();
Verb history_verb();
Verb explain_verb();
Verb reserve_verb();
Verb unreserve_verb();
Verb reservations_verb();
Verb import_verb();
Verb export_verb();
Verb check_config_verb();
Verb backup_verb();
Verb restore_verb();
Verb erase_verb();
Verb forget_verb();
Verb check_verb();
Verb doctor_verb();
Verb play_verb();
Verb completion_verb();
Verb man_verb();

// All of them, in the order in which help and manual show them.
[[nodiscard]] std::span<const Verb> verbs();

}  // namespace berth::cli
