// play_clock_test.cc - waiting goes on as it should, whenever the events happened.
#include "play/play_clock.h"

#include <gtest/gtest.h>

#include "berth/book.h"

namespace berth::play {
namespace {

using namespace std::chrono_literals;

TEST(PlayClock, WhatCoolsIsKeptInEveryYear) {
  // Where 32 bits of eighths of a second since 1970 begin anew; and an hour like others.
  for (const char* text :
       {"2021-01-14T08:25:36Z", "2038-01-19T03:14:08Z", "2026-11-21T09:00:00Z"}) {
    const WallTime then = *parse_time(text);
    PlayClock clock(then - 1min);
    Plan plan;
    plan.pools.push_back({.name = "one", .ipv4 = {{*Ipv4Range::parse("10.0.0.1"), ""}}});
    const auto book = Book::open(plan, {.clock = &clock});
    ASSERT_TRUE(book);
    ASSERT_TRUE((*book)->assign({.user = "ana", .server = "vpn1", .session = "1"}));
    ASSERT_TRUE((*book)->release({.server = "vpn1", .session = "1"}));

    const Request bobs{.user = "bob", .server = "vpn1", .session = "2"};
    EXPECT_FALSE((*book)->assign(bobs)) << "it cools since " << text;
    clock.move_to(then + 3min);
    EXPECT_FALSE((*book)->assign(bobs)) << "it cools since " << text;
    clock.move_to(then + 5min);
    EXPECT_TRUE((*book)->assign(bobs)) << text;
  }
}

TEST(PlayClock, BeginsNearZeroOnTheSteadySide) {
  const WallTime start = *parse_time("2026-11-21T09:00:00Z");
  PlayClock clock(start);
  EXPECT_EQ(clock.wall(), start);
  EXPECT_EQ(clock.steady(), SteadyTime{});
  clock.move_to(start + 2s);
  clock.move_to(start + 1s);
  EXPECT_EQ(clock.wall(), start + 2s);
  EXPECT_EQ(clock.steady(), SteadyTime(2s));
}

}  // namespace
}  // namespace berth::play
