// ask.h - one question to the RAS side of this machine.
#pragma once

#include "mprapi/protocol.h"

namespace berth::mprapi {

// Waits at most kPatience in all. No RAS side, or none that answers in time: ERROR_DDM_NOT_RUNNING;
// one that this user may not ask: ERROR_ACCESS_DENIED. Any thread; nothing is kept between calls,
// so a RAS side may come and go.
[[nodiscard]] Reply ask(const Question& question);

// Where it listens unless BERTH_RAS_SOCKET names another place.
inline constexpr const char* kSocket = "/run/berth/ras.sock";
inline constexpr const char* kSocketVariable = "BERTH_RAS_SOCKET";

}  // namespace berth::mprapi
