// lanes_test.cc - jobs of one lane go one after the other, all others freely.
#include "play/lanes.h"

#include <gtest/gtest.h>

namespace berth::play {
namespace {

using Jobs = std::vector<Lanes::Job>;

TEST(Lanes, LetJobsWithoutACommonLaneStartAtOnce) {
  Lanes lanes;
  EXPECT_TRUE(lanes.enter(1, {"ana", "port 1"}));
  EXPECT_TRUE(lanes.enter(2, {"bea", "port 2"}));
  EXPECT_TRUE(lanes.enter(3, {}));
}

TEST(Lanes, KeepTheOrderInALane) {
  Lanes lanes;
  EXPECT_TRUE(lanes.enter(1, {"ana"}));
  EXPECT_FALSE(lanes.enter(2, {"ana"}));
  EXPECT_FALSE(lanes.enter(3, {"ana"}));
  EXPECT_EQ(lanes.leave(1), (Jobs{2}));
  EXPECT_EQ(lanes.leave(2), (Jobs{3}));
  EXPECT_EQ(lanes.leave(3), (Jobs{}));
  EXPECT_TRUE(lanes.enter(4, {"ana"}));
}

TEST(Lanes, LetAJobWaitForEachOfItsLanes) {
  Lanes lanes;
  EXPECT_TRUE(lanes.enter(1, {"ana"}));
  EXPECT_TRUE(lanes.enter(2, {"port 1"}));
  EXPECT_FALSE(lanes.enter(3, {"ana", "port 1"}));
  EXPECT_EQ(lanes.leave(2), (Jobs{}));
  EXPECT_EQ(lanes.leave(1), (Jobs{3}));
}

TEST(Lanes, StartInTheOrderTheyCame) {
  Lanes lanes;
  EXPECT_TRUE(lanes.enter(1, {"b", "a"}));
  EXPECT_FALSE(lanes.enter(2, {"a"}));
  EXPECT_FALSE(lanes.enter(3, {"b"}));
  EXPECT_EQ(lanes.leave(1), (Jobs{2, 3}));
}

}  // namespace
}  // namespace berth::play
