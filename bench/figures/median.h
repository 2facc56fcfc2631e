// median.h - what lies in the middle of what was measured.
#pragma once

#include <algorithm>
#include <vector>

#include "figures/machine.h"

namespace berth::figures {

[[nodiscard]] inline double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + std::ssize(values) / 2);
  return values[values.size() / 2];
}

// The median of what `once` takes, in seconds, called again and again for so many.
template <class Once>
[[nodiscard]] double median_seconds(double seconds, Once&& once) {
  std::vector<double> times;
  for (const Stopwatch watch; watch.seconds() < seconds;) {
    const Stopwatch one;
    once();
    times.push_back(one.seconds());
  }
  return median(std::move(times));
}

}  // namespace berth::figures
