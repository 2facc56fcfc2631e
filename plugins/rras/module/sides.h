// sides.h - the two sides of the module, which share nothing but their log.
#pragma once

#include <memory>

#include "rras/desk.h"
#include "rras/notices.h"

namespace berth::rras {

struct Sides {
  Log log{system_log()};
  Desk desk{system_surroundings(), log};
  Notices notices{[] { return read_settings(settings_path()); }, log};
};

// Those of this process, made at their first use: a module that is unloaded before has taken
// nothing (R18). They last until the service stops. At the end of a process they are not destroyed:
// Windows has stopped their threads by then, in the middle of whatever they did.
[[nodiscard]] std::shared_ptr<Sides> sides();

// Tells those that are there, if any.
void service_starts();
// The store is closed, and no thread is left.
void service_stops();

}  // namespace berth::rras
