// intervals_test.cc - live leases and ended intervals, put together.
#include "book/intervals.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "book/world_for_tests.h"

namespace berth::testing {
namespace {

constexpr WallTime kStart{Milliseconds(1'764'000'000'000)};

Interval interval(std::uint64_t lease, std::uint64_t generation) {
  Interval made;
  made.lease = {lease};
  made.generation = {generation};
  made.addresses.ipv4 = Ipv4(static_cast<std::uint32_t>(lease));
  made.started = kStart;
  return made;
}
Interval ended(Interval made, Milliseconds after = 1min) {
  made.ended = made.started + after;
  return made;
}

TEST(Intervals, OneThatHasEndedSinceItWasLookedAtIsToldOnce) {
  const auto all = merge({interval(1, 1), interval(2, 2)}, {ended(interval(1, 1))}, 9);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0], interval(2, 2));
  EXPECT_EQ(all[1], ended(interval(1, 1)));
}

TEST(Intervals, AnEarlierGenerationOrAnotherAddressOrStartIsAnotherOne) {
  Interval moved = interval(1, 2);
  moved.addresses.ipv4 = Ipv4(9);
  Interval later = interval(1, 2);
  later.started += 1ms;
  EXPECT_EQ(
      merge({interval(1, 2)},
            {ended(interval(1, 1)), ended(moved), ended(later), ended(interval(1, 2), 0ms)}, 9)
          .size(),
      5U);
  EXPECT_EQ(merge({interval(1, 2)}, {ended(moved), ended(interval(1, 2)), ended(later)}, 9).size(),
            3U);
}

TEST(Intervals, LiveOnesComeBeforeEndedOnesTheLatestFirstUpToTheLimit) {
  const auto all =
      merge({interval(1, 1), interval(2, 3)}, {ended(interval(3, 4)), ended(interval(4, 2))}, 3);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0], interval(2, 3));
  EXPECT_EQ(all[1], interval(1, 1));
  EXPECT_EQ(all[2], ended(interval(3, 4)));
}

}  // namespace
}  // namespace berth::testing
