// timeline.cc - looks at pools, thinned out as they grow.
#include "play/timeline.h"

#include <algorithm>

namespace berth::play {
namespace {

std::uint64_t taken_of(const PoolUse& use) {
  return use.held + use.active + use.cooling + use.reserved + use.pending;
}

}  // namespace

bool Timeline::is_due(WallTime now) const {
  return looks_ == 0 || now >= start_ + every_ * static_cast<std::int64_t>(looks_);
}

void Timeline::look(WallTime now, std::span<const PoolUse> pools) {
  if (series_.empty()) {
    start_ = now;
    for (const PoolUse& use : pools) {
      series_.push_back({.pool = use.pool, .kind = use.kind, .size = use.size});
    }
  }
  BERTH_ASSERT(pools.size() == series_.size());
  while (is_due(now)) {
    if (looks_ == kMostLooks) thin_out();
    for (Series& series : series_) series.taken.push_back(0);
    looks_ += 1;
    // Whoever skips a look saw nothing happen: the pools were then as they are now.
    raise(pools);
  }
  raise(pools);
}

void Timeline::raise(std::span<const PoolUse> pools) {
  for (std::size_t i = 0; i < series_.size(); ++i) {
    const std::uint64_t taken = taken_of(pools[i]);
    series_[i].taken.back() = std::max(series_[i].taken.back(), taken);
    series_[i].peak = std::max(series_[i].peak, taken);
  }
}

void Timeline::thin_out() {
  for (Series& series : series_) {
    for (std::size_t i = 0; 2 * i + 1 < series.taken.size(); ++i) {
      series.taken[i] = std::max(series.taken[2 * i], series.taken[2 * i + 1]);
    }
    series.taken.resize(series.taken.size() / 2);
  }
  looks_ /= 2;
  every_ *= 2;
}

}  // namespace berth::play
