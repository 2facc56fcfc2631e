// near_miss_test.cc - which known word somebody probably meant.
#include "settings/near_miss.h"

#include <string>

#include <gtest/gtest.h>

namespace berth {
namespace {

constexpr std::string_view kKnown[] = {"name", "ipv4", "cool_down", "intake", "hold_time"};

TEST(NearMiss, SlipsOfThePenAreSeenThrough) {
  EXPECT_EQ(near_miss("cool_donw", kKnown), "cool_down");
  EXPECT_EQ(near_miss("cooldown", kKnown), "cool_down");
  EXPECT_EQ(near_miss("cool-down", kKnown), "cool_down");
  EXPECT_EQ(near_miss("Cool_Down", kKnown), "cool_down");
  EXPECT_EQ(near_miss("holdtime", kKnown), "hold_time");
  EXPECT_EQ(near_miss("nmae", kKnown), "name");
  EXPECT_EQ(near_miss("ip4", kKnown), "ipv4");
}

TEST(NearMiss, WhatIsNearNothingIsLeftAlone) {
  EXPECT_EQ(near_miss("dns", kKnown), "");
  EXPECT_EQ(near_miss("", kKnown), "");
  EXPECT_EQ(near_miss("cooling_period", kKnown), "");
  EXPECT_EQ(near_miss(std::string(65536, 'n'), kKnown), "");
  EXPECT_EQ(near_miss("name", {}), "");
}

}  // namespace
}  // namespace berth
