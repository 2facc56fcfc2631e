// given_test.cc - what RAS has, by address, the oldest first.
#include "rras/given.h"

#include <gtest/gtest.h>

namespace berth::rras {
namespace {

using namespace std::chrono_literals;

constexpr Address kAddress{Kind::ipv4, 0x0a080007};
const Holder kAna{"ana", "VPN2-1"};
const WallTime kNoon{Milliseconds(1'764'000'000'000)};

Holding holding(std::uint64_t generation, WallTime since = kNoon) {
  return {kAna, LeaseId{1}, Generation{generation}, since, std::nullopt};
}
std::uint64_t taken(Given& given, WallTime now = kNoon) {
  const auto one = given.take(kAddress, kAna, now);
  return one ? one->generation.value : 0;
}

TEST(Given, R40TheOldestIsTakenFirstAndEachOnce) {
  Given given;
  given.add(kAddress, holding(1));
  given.add(kAddress, holding(2));
  EXPECT_FALSE(given.take(kAddress, {"ana", "VPN2-2"}, kNoon));
  EXPECT_FALSE(given.take({Kind::ipv6, kAddress.bits}, kAna, kNoon));
  EXPECT_EQ(taken(given), 1U);
  EXPECT_EQ(taken(given), 2U);
  EXPECT_EQ(taken(given), 0U);
}

TEST(Given, OfOneAddressOnlySoManyAreKept) {
  Given given;
  for (std::uint64_t i = 1; i <= Given::kMostOfOne + 1; ++i) given.add(kAddress, holding(i));
  EXPECT_EQ(taken(given), 2U);
}

TEST(Given, AnEndIsThatOfWhoHadItWhenItsConnectionWasAccepted) {
  Given given;
  given.add(kAddress, holding(1, kNoon));
  given.add(kAddress, holding(2, kNoon + 10s));
  EXPECT_FALSE(given.end(kAddress, kNoon - 1s, kNoon)) << "nobody had it yet";
  EXPECT_FALSE(given.end(kAddress, std::nullopt, kNoon + 20s)) << "it may be either";
  EXPECT_EQ(given.end(kAddress, kNoon + 5s, kNoon + 20s)->generation.value, 1U);
  EXPECT_FALSE(given.end(kAddress, kNoon + 5s, kNoon + 20s)) << "it has ended already";
  EXPECT_EQ(given.end(kAddress, kNoon + 10s, kNoon + 20s)->generation.value, 2U);
}

TEST(Given, AReleaseComesSoonAfterTheEndOrNotAtAll) {
  Given given;
  given.add(kAddress, holding(1));
  given.add(kAddress, holding(2, kNoon + 10s));
  ASSERT_TRUE(given.end(kAddress, kNoon, kNoon + 5s));
  EXPECT_EQ(taken(given, kNoon + 30s), 1U);
  given.add(kAddress, holding(3, kNoon + 20s));
  ASSERT_TRUE(given.end(kAddress, kNoon + 15s, kNoon + 17s));
  EXPECT_EQ(taken(given, kNoon + 2min), 3U) << "the release of the second will not come any more";
}

TEST(Given, WhatMovedIsTakenAsOfItsNewGeneration) {
  Given given;
  given.add(kAddress, holding(1));
  given.move(kAddress, Generation{1}, LeaseId{2}, Generation{9});
  EXPECT_EQ(given.take(kAddress, kAna, kNoon)->generation.value, 1U) << "another lease";
  given.add(kAddress, holding(1));
  given.move(kAddress, Generation{1}, LeaseId{1}, Generation{2});
  EXPECT_EQ(taken(given), 2U);
}

}  // namespace
}  // namespace berth::rras
