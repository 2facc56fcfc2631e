// plan.h - the plan of the settings, made fit for RRAS.
#pragma once

#include <string_view>

#include "berth/error.h"
#include "berth/plan.h"

namespace berth::rras {

// Four things are as RAS has them, whatever the settings say:
//
//   confirms       RAS never confirms a lease and promises to say when it is over (R30, R31), so a
//                  lease is active from the start. Ports are exclusive, unless a [[server]] that
//                  matches says otherwise.
//   lease_time     RAS renews nothing. A lease that ended by itself would be given to the next user
//                  while the first is still up.
//   take_over      refuses: the earlier connection has its address up, and RAS refuses an address
//                  that it has given out already (R29).
//   identifiers    RAS puts one prefix before all identifiers, so not more than one pool may count
//                  them from 1: two would give one identifier to two users. settings_invalid.
[[nodiscard]] Result<Plan> plan_for_rras(Plan plan, std::string_view server);

}  // namespace berth::rras
