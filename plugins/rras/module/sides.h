// sides.h - the two sides of the module, which share nothing but their log.
#pragma once

#include "rras/desk.h"
#include "rras/notices.h"

namespace berth::rras {

// Made at their first use, with some bytes of memory and nothing else (R18), and never destroyed:
// when a process ends Windows has stopped its threads already, in the middle of whatever they did.
// MprAdminTerminateDll closes the desk.
[[nodiscard]] Desk& desk();
[[nodiscard]] Notices& notices();

}  // namespace berth::rras
