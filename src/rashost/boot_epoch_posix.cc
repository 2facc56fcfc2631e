// boot_epoch_posix.cc - the environment of this process, by setenv(3).
#include <cstdlib>

#include "rashost/boot_epoch.h"

namespace berth::ras {

void hand_over_boot_epoch(const std::string& epoch) { setenv(kBootEpoch, epoch.c_str(), 1); }

}  // namespace berth::ras
