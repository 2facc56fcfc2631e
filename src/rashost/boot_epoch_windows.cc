// boot_epoch_windows.cc - the environment of this process, as Windows has it and not the C runtime:
// a module brings a runtime of its own.
#include <windows.h>

#include "rashost/boot_epoch.h"

namespace berth::ras {

void hand_over_boot_epoch(const std::string& epoch) {
  SetEnvironmentVariableA(kBootEpoch, epoch.c_str());
}

}  // namespace berth::ras
