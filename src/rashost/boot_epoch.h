// boot_epoch.h - tells modules in this process and in its workers which start of RAS this is.
//
// On Windows a module takes the epoch from the RemoteAccess service: process and time of its start.
// Here there is no such service, so the host says one in the environment, which workers inherit. A
// worker that is replaced has the same one; only a start of the host is a boot.
#pragma once

#include <string>

namespace berth::ras {

inline constexpr const char* kBootEpoch = "BERTH_BOOT_EPOCH";

// Call it before modules are loaded, when none is: the environment is shared by all threads.
void hand_over_boot_epoch(const std::string& epoch);

}  // namespace berth::ras
