// timeline_test.cc - looks at pools are bounded, and no peak is lost.
#include "play/timeline.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace berth::play {
namespace {

using namespace std::chrono_literals;

std::vector<PoolUse> use(std::uint64_t active) {
  return {{.pool = "p", .kind = Kind::ipv4, .size = 100, .active = active}};
}

TEST(Timeline, LooksOnceAMinute) {
  Timeline timeline;
  const WallTime start{100h};
  EXPECT_TRUE(timeline.is_due(start));
  timeline.look(start, use(1));
  EXPECT_FALSE(timeline.is_due(start + 59s));
  EXPECT_TRUE(timeline.is_due(start + 60s));
  timeline.look(start + 60s, use(2));
  EXPECT_EQ(timeline.series().front().taken, (std::vector<std::uint64_t>{1, 2}));
}

TEST(Timeline, FillsAGapWithWhatItFindsBehindIt) {
  Timeline timeline;
  timeline.look(WallTime{0h}, use(1));
  timeline.look(WallTime{3min}, use(5));
  EXPECT_EQ(timeline.series().front().taken, (std::vector<std::uint64_t>{1, 5, 5, 5}));
}

TEST(Timeline, CountsWhateverIsNotFree) {
  Timeline timeline;
  timeline.look(WallTime{0h}, std::vector<PoolUse>{{.pool = "p",
                                                    .size = 100,
                                                    .held = 1,
                                                    .active = 2,
                                                    .cooling = 4,
                                                    .reserved = 8,
                                                    .pending = 16}});
  EXPECT_EQ(timeline.series().front().taken.front(), 31u);
}

TEST(Timeline, KeepsPeaksAndALimitWhateverTheSpan) {
  Timeline timeline;
  for (int minute = 0; minute < 10'000; ++minute) {
    timeline.look(WallTime{minute * 1min}, use(minute == 4321 ? 99 : 10));
  }
  const Series& series = timeline.series().front();
  EXPECT_LE(series.taken.size(), kMostLooks);
  EXPECT_EQ(series.peak, 99u);
  const auto place = static_cast<std::size_t>(4321min / timeline.every());
  EXPECT_EQ(series.taken.at(place), 99u);
  EXPECT_EQ(std::ranges::count(series.taken, 99u), 1);
}

}  // namespace
}  // namespace berth::play
