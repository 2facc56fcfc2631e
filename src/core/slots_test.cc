// slots_test.cc - the one unused longest comes first, and nothing is free before it is cool.
#include "core/slots.h"

#include <numeric>

#include <gtest/gtest.h>

namespace berth {
namespace {

constexpr Tick kNow = 1000;

// One pool of `size` addresses, and what a test does with them.
class SlotsTest : public testing::Test {
 protected:
  void make(std::uint64_t size) {
    Slots::Group group;
    group.listing = Listing::make({{100, 100 + size - 1}}, {}, 1);
    group.cool_down = Milliseconds(5000);
    slots_.add_group(std::move(group));
  }
  SlotNumber take() {
    const SlotNumber number = slots_.first_free(0, kNow);
    if (number != 0) slots_.occupy(number, kNone, 1, true);
    return number;
  }
  std::uint64_t count(SlotState state) const {
    return slots_.groups()[0].counts[static_cast<std::size_t>(state)];
  }

  Slots slots_;
};

TEST_F(SlotsTest, EveryAddressIsGivenOnceBeforeThePoolIsFull) {
  make(10'000);  // several chunks
  std::vector<bool> given(10'000);
  for (int i = 0; i < 10'000; ++i) {
    const SlotNumber number = take();
    ASSERT_NE(number, 0U);
    const auto member = static_cast<std::size_t>(slots_.address(number) - 100);
    ASSERT_FALSE(given[member]);
    given[member] = true;
  }
  EXPECT_EQ(take(), 0U);
  EXPECT_EQ(count(SlotState::live), 10'000U);
}

TEST_F(SlotsTest, TheOneUnusedLongestComesFirst) {
  make(3);
  const SlotNumber a = take();
  const SlotNumber b = take();
  slots_.vacate(b, true, kNone, 0, 1);
  slots_.vacate(a, true, kNone, 0, 2);
  EXPECT_NE(take(), b);  // the third was never used
  EXPECT_EQ(take(), b);
  EXPECT_EQ(take(), a);
}

TEST_F(SlotsTest, WhatCoolsIsNotFreeBeforeItsTick) {
  make(1);
  const SlotNumber only = take();
  slots_.vacate(only, true, kNone, kNow + 8, 1);
  EXPECT_EQ(slots_.first_free(0, kNow + 7), 0U);
  EXPECT_EQ(count(SlotState::cooling), 1U);
  EXPECT_EQ(slots_.first_free(0, kNow + 8), only);
}

TEST_F(SlotsTest, AdvancingFreesWhatIsCoolAndNoMore) {
  make(4);
  const SlotNumber a = take();
  const SlotNumber b = take();
  slots_.vacate(a, true, kNone, kNow + 1, 1);
  slots_.vacate(b, true, kNone, kNow + 2, 2);
  slots_.advance(kNow + 1, 64);
  EXPECT_EQ(slots_.at(a).state(), SlotState::free);
  EXPECT_EQ(slots_.at(b).state(), SlotState::cooling);
  slots_.advance(kNow + 2, 64);
  EXPECT_EQ(slots_.at(b).state(), SlotState::free);
}

TEST_F(SlotsTest, APendingSlotIsOutOfReachUntilItIsPutBack) {
  make(1);
  const SlotNumber only = slots_.first_free(0, kNow);
  const Slots::Was was = slots_.pend(only);
  EXPECT_EQ(slots_.first_free(0, kNow), 0U);
  EXPECT_EQ(count(SlotState::pending), 1U);
  slots_.unpend(was, 0);
  EXPECT_EQ(slots_.first_free(0, kNow), only);
}

TEST_F(SlotsTest, AReservedSlotIsIdleAndNeverFirst) {
  make(2);
  const SlotNumber first = slots_.number(0, 0);
  slots_.set_reserved(first, true);
  EXPECT_NE(take(), first);
  EXPECT_EQ(take(), 0U);
  EXPECT_EQ(count(SlotState::idle), 1U);
  slots_.set_reserved(first, false);
  EXPECT_EQ(take(), first);
}

TEST_F(SlotsTest, AReservationOverALiveSlotTakesEffectWhenItHasCooled) {
  make(1);
  const SlotNumber only = take();
  slots_.set_reserved(only, true);
  slots_.vacate(only, true, kNone, kNow + 8, 1);
  EXPECT_EQ(slots_.at(only).state(), SlotState::cooling);
  slots_.advance(kNow + 8, 64);
  EXPECT_EQ(slots_.at(only).state(), SlotState::idle);
  EXPECT_EQ(take(), 0U);
}

TEST_F(SlotsTest, TheMarkOfWhatHasCooledFollowsTheClock) {
  make(3);
  const SlotNumber a = take();
  const SlotNumber b = take();
  slots_.vacate(a, true, kNone, kNow + 1, 11);
  slots_.vacate(b, true, kNone, kNow + 5, 12);
  CoolMarks& marks = slots_.marks(0);
  EXPECT_FALSE(marks.newly_cooled(kNow));
  EXPECT_EQ(marks.newly_cooled(kNow + 1), 11U);
  EXPECT_FALSE(marks.newly_cooled(kNow + 4));
  EXPECT_EQ(marks.newly_cooled(kNow + 5), 12U);
}

TEST_F(SlotsTest, TheCountsAlwaysSumToTheSize) {
  make(50);
  const auto sum = [this] {
    const auto& counts = slots_.groups()[0].counts;
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  };
  EXPECT_EQ(sum(), 50U);
  const SlotNumber a = take();
  EXPECT_EQ(sum(), 50U);
  slots_.vacate(a, true, kNone, kNow + 1, 1);
  EXPECT_EQ(sum(), 50U);
  slots_.set_reserved(slots_.number(0, 20), true);
  slots_.advance(kNow + 1, 64);
  EXPECT_EQ(sum(), 50U);
}

TEST_F(SlotsTest, AHugePoolTakesNoMemoryForWhatWasNeverUsed) {
  make(std::uint64_t{1} << 27);
  for (int i = 0; i < 100; ++i) ASSERT_NE(take(), 0U);
  EXPECT_EQ(slots_.known(0, (std::uint64_t{1} << 27) - 1), 0U);
}

TEST_F(SlotsTest, ReservedOnesThatHaveCooledDoNotHideTheOneBehindThem) {
  make(3);
  const SlotNumber a = take();
  const SlotNumber b = take();
  const SlotNumber c = take();
  for (SlotNumber each : {a, b, c}) slots_.vacate(each, true, kNone, kNow + 10, each);
  slots_.set_reserved(a, true);
  slots_.set_reserved(b, true);
  EXPECT_EQ(slots_.first_free(0, kNow + 9), 0U);
  EXPECT_EQ(slots_.first_free(0, kNow + 10), c);
}

TEST_F(SlotsTest, OneThatIsPutBackCoolsInItsTurn) {
  make(3);
  const SlotNumber a = take();
  const SlotNumber b = take();
  const SlotNumber c = take();
  slots_.vacate(a, true, kNone, kNow + 10, 1);
  slots_.vacate(b, true, kNone, kNow + 20, 2);
  const Slots::Was was = slots_.pend(b);
  slots_.vacate(c, true, kNone, kNow + 100, 3);
  slots_.unpend(was, kNow);
  EXPECT_EQ(slots_.first_free(0, kNow + 10), a);
  slots_.occupy(a, kNone, 1, true);
  EXPECT_EQ(slots_.first_free(0, kNow + 20), b);
}

}  // namespace
}  // namespace berth
