// watch_test.cc - pools that fill up are told of once for each threshold, and again when it eases.
#include "book/promise_test.h"

namespace berth::testing {
namespace {

using Told = std::vector<std::string>;

class WatchTest : public PromiseInMemory {
 protected:
  WatchTest() {
    plan.pools = {ipv4_pool("main", "10.0.0.0-10.0.0.99")};
    plan.pools[0].cool_down = 0s;
    plan.pools[0].thresholds = {90, 80};
    plan.servers = {{.name = "*", .confirms = false}};
  }

  void connect(int from, int to) {
    for (int i = from; i < to; ++i) ASSERT_TRUE(assign(session_request(user(i), user(i))));
  }
  void disconnect(int from, int to) {
    for (int i = from; i < to; ++i) ASSERT_TRUE(release(session_ref(user(i))));
  }

 private:
  static std::string user(int number) { return "user" + std::to_string(number); }
};

TEST_P(WatchTest, EachThresholdIsToldOfWhenItIsReached) {
  connect(0, 79);
  EXPECT_EQ(told(), Told());
  connect(79, 80);
  EXPECT_EQ(told(), Told({"pool_threshold_reached | pool main: 80 % of its ipv4 addresses are "
                          "taken, 80 of 100"}));
  connect(80, 89);
  EXPECT_EQ(told(), Told());
  connect(89, 95);
  EXPECT_EQ(told(), Told({"pool_threshold_reached | pool main: 90 % of its ipv4 addresses are "
                          "taken, 95 of 100"}));
}

TEST_P(WatchTest, SeveralThatAreReachedTogetherAreToldOfFromTheLowest) {
  connect(0, 90);
  const Told texts = told();
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_NE(texts[0].find("80 %"), std::string::npos);
  EXPECT_NE(texts[1].find("90 %"), std::string::npos);
}

TEST_P(WatchTest, AUserWhoComesAndGoesAtAThresholdIsNotToldOfEachTime) {
  connect(0, 80);
  EXPECT_EQ(told().size(), 1U);
  for (int i = 0; i < 3; ++i) {
    disconnect(79, 80);
    EXPECT_EQ(told(), Told());
    connect(79, 80);
    EXPECT_EQ(told(), Told());
  }
  disconnect(78, 80);
  EXPECT_EQ(told(), Told({"pool_threshold_left | pool main: fewer than 80 % of its ipv4 addresses "
                          "are taken again, 78 of 100"}));
  connect(78, 80);
  EXPECT_EQ(told().size(), 1U);
}

TEST_P(WatchTest, CoolingAndReservedAddressesAreTaken) {
  plan.pools[0].cool_down = 5min;
  connect(0, 40);
  disconnect(0, 40);
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(book().reserve(
        "owner" + std::to_string(i),
        {.ipv4 = ip("10.0.0." + std::to_string(50 + i)), .ipv6 = {}, .delegated = {}}));
  }
  EXPECT_EQ(told().size(), 1U);
}

TEST_P(WatchTest, ALowThresholdIsLeftWhenNothingIsTaken) {
  plan.pools[0].thresholds = {1};
  connect(0, 1);
  EXPECT_EQ(told().size(), 1U);
  disconnect(0, 1);
  EXPECT_EQ(told().size(), 1U);
}

TEST_P(WatchTest, PoolsWithoutThresholdsSayNothing) {
  plan.pools[0].thresholds.clear();
  connect(0, 100);
  EXPECT_EQ(told(), Told());
}

TEST_P(WatchTest, NothingIsToldTwiceInASecond) {
  connect(0, 80);
  EXPECT_EQ(told().size(), 1U);
  connect(80, 90);
  book().tick();
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(told().size(), 1U);
}

TEST_P(WatchTest, ANewBookTellsAgainOfAPoolThatIsNearlyFull) {
  connect(0, 80);
  EXPECT_EQ(told().size(), 1U);
  restart();
  EXPECT_EQ(told().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Stores, WatchTest, ::testing::Values(Kept::in_memory),
                         [](const auto& kept) { return ::testing::PrintToString(kept.param); });

}  // namespace
}  // namespace berth::testing
