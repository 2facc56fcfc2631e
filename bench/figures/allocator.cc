// allocator.cc - memory and speed of the allocator alone, at 10 million live leases.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "figures/crowd.h"
#include "figures/groups.h"
#include "figures/machine.h"
#include "figures/random_reads.h"
#include "figures/wide_plan.h"

namespace berth::figures {
namespace {

constexpr std::uint64_t kLive = 10'000'000;
// Who connected earlier and may come back; their addresses are kept for them.
constexpr std::uint64_t kAway = 1'000'000;
constexpr int kRounds = 7;

}  // namespace

void allocator(const Options& options, Report& report) {
  const std::uint64_t pairs = options.quick ? 100'000 : 500'000;
  Crowd crowd(wide_plan(10s), Want::required, Want::required, Want::no);
  crowd.make_room(kLive + kAway);
  const std::uint64_t empty = resident_bytes();
  const Stopwatch watch;
  crowd.grow(kLive);
  report.note(fmt::format("10,000,000 users connected in {:.1f} s", watch.seconds()));
  trim_heap();
  const std::uint64_t used = resident_bytes() - empty;
  report.note(fmt::format("resident: {} MiB, {} MiB before", resident_bytes() >> 20, empty >> 20));
  report.tell({.name = "memory_per_lease",
               .value = static_cast<double>(used) / kLive,
               .unit = "bytes",
               .goal = Figure::Goal::at_most,
               .limit = 192});

  crowd.grow(kAway);
  crowd.shrink(kAway);
  RandomReads reads(resident_bytes() - empty);
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    const double read = reads.seconds_a_read(2'000'000);
    const double pair = crowd.seconds_a_pair(pairs);
    ratios.push_back(pair / read);
    report.note(
        fmt::format("a pair of assign and release: {:.0f} ns; a dependent random read: "
                    "{:.1f} ns; {:.2f} reads a pair",
                    pair * 1e9, read * 1e9, pair / read));
  }
  std::ranges::sort(ratios);
  report.tell({.name = "memory_pair",
               .value = ratios[ratios.size() / 2],
               .unit = "random_reads",
               .goal = Figure::Goal::at_most,
               .limit = 12});
}

}  // namespace berth::figures
