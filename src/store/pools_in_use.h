// pools_in_use.h - how much of each pool is in use at one moment of a store.
//
// Each address counts once: as live, else as cooling, else as reserved.
#pragma once

#include <vector>

#include "berth/error.h"
#include "berth/plan.h"
#include "store/look.h"

namespace berth {

// In the order of the plan, which must have passed Policy::compile. What cools at `now` is judged
// by wall time. What fails is what the Look's calls say.
[[nodiscard]] Result<std::vector<PoolUse>> pools_in_use(const Look& look, const Plan& plan,
                                                        WallTime now);

}  // namespace berth
