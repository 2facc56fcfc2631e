// promise_assign_test.cc - promises 1 to 6: no doubles, durable, same address, all or nothing,
// harmless retries, constant cost.
#include <algorithm>
#include <condition_variable>
#include <future>
#include <set>

#include "book/promise_test.h"

namespace berth::testing {
namespace {

// Of promise_heal_test.cc, too.
const auto kName = [](const auto& kept) { return ::testing::PrintToString(kept.param); };
INSTANTIATE_TEST_SUITE_P(Stores, Promise,
                         ::testing::Values(Kept::in_memory, Kept::in_snapshots, Kept::in_sqlite),
                         kName);
INSTANTIATE_TEST_SUITE_P(Stores, PromiseInMemory,
                         ::testing::Values(Kept::in_memory, Kept::in_snapshots), kName);
INSTANTIATE_TEST_SUITE_P(Stores, PromiseInSnapshots, ::testing::Values(Kept::in_snapshots), kName);

// --- 1. No doubles ---

TEST_P(Promise, TwoLiveLeasesNeverHoldOneAddress) {
  PoolPlan& pool = plan.pools[0];
  pool.identifiers = IdentifierPool{.prefix = prefix("2001:db8:a::/64"), .exclude = {}};
  pool.delegated =
      PrefixPool{.from = {{prefix("2001:db8:d000::/54"), ""}}, .length = 56, .exclude = {}};
  std::set<std::string> held;
  for (int i = 0; i < 4; ++i) {
    const auto grant = assign(session_request("user" + std::to_string(i), std::to_string(i)));
    ASSERT_TRUE(grant);
    EXPECT_TRUE(held.insert(grant->addresses.ipv4->to_string()).second);
    EXPECT_TRUE(held.insert(grant->addresses.ipv6->to_string()).second);
    EXPECT_TRUE(held.insert(grant->addresses.delegated->to_string()).second);
    if (i == 1) lose_power();
  }
  EXPECT_EQ(held.size(), 12U);
}

TEST_P(Promise, NobodyElseGetsAnAddressThatIsReserved) {
  plan.pools = {ipv4_pool("main", "10.0.0.1-10.0.0.2")};
  ASSERT_TRUE(book().reserve("ana", {.ipv4 = ip("10.0.0.1")}));
  EXPECT_EQ(ipv4(session_request("bob", "1")), "10.0.0.2");
  EXPECT_EQ(ipv4(session_request("eva", "2")), "pool_exhausted");
  lose_power();
  EXPECT_EQ(ipv4(session_request("eva", "2")), "pool_exhausted");
  EXPECT_EQ(ipv4(session_request("ana", "3")), "10.0.0.1");
}

TEST_P(Promise, AReservationOverALiveLeaseWaitsForItsEnd) {
  plan.pools = {ipv4_pool("main", "10.0.0.1-10.0.0.2")};
  ASSERT_EQ(ipv4(session_request("bob", "1")), "10.0.0.1");
  ASSERT_TRUE(book().reserve("ana", {.ipv4 = ip("10.0.0.1")}));
  EXPECT_EQ(ipv4(session_request("ana", "2")), "10.0.0.2");
  ASSERT_TRUE(release(session_ref("1")));
  ASSERT_TRUE(release(session_ref("2")));
  EXPECT_EQ(ipv4(session_request("ana", "3")), "10.0.0.2") << "10.0.0.1 cools from bob";
  ASSERT_TRUE(release(session_ref("3")));
  clock.advance(plan.pools[0].cool_down);
  EXPECT_EQ(ipv4(session_request("ana", "4")), "10.0.0.1");
}

TEST_P(Promise, NobodyElseGetsAnAddressThatCools) {
  plan.pools = {ipv4_pool("main", "10.0.0.1")};
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  ASSERT_TRUE(release(session_ref("1")));
  clock.advance(plan.pools[0].cool_down - 125ms);
  EXPECT_EQ(ipv4(session_request("bob", "2")), "pool_exhausted");
  clock.advance(125ms);
  EXPECT_EQ(ipv4(session_request("bob", "2")), "10.0.0.1");
}

TEST_P(Promise, ACoolDownBeginsAgainInFullAfterAStart) {
  plan.pools = {ipv4_pool("main", "10.0.0.1")};
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  ASSERT_TRUE(release(session_ref("1")));
  clock.advance(plan.pools[0].cool_down - 125ms);
  lose_power();
  book();
  clock.advance(plan.pools[0].cool_down - 125ms);
  EXPECT_EQ(ipv4(session_request("bob", "2")), "pool_exhausted");
  clock.advance(125ms);
  EXPECT_EQ(ipv4(session_request("bob", "2")), "10.0.0.1");
}

TEST_P(PromiseInSnapshots, WhatHasCooledIsCoolInASnapshot) {
  plan.pools = {ipv4_pool("main", "10.0.0.1")};
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  ASSERT_TRUE(release(session_ref("1")));
  clock.advance(plan.pools[0].cool_down);
  book().tick();
  lose_power();
  EXPECT_EQ(ipv4(session_request("bob", "2")), "10.0.0.1");
}

TEST_P(Promise, NobodyGetsAnAddressThatIsExcluded) {
  plan.pools[0].exclude_ipv4 = {{*Ipv4Range::parse("10.0.0.1-10.0.0.3"), ""}};
  EXPECT_EQ(ipv4(session_request("ana", "1")), "10.0.0.4");
  EXPECT_EQ(ipv4(session_request("bob", "2")), "pool_exhausted");
  EXPECT_EQ(code_of(book().reserve("bob", {.ipv4 = ip("10.0.0.2")})), "address_taken");
}

TEST_P(Promise, AnIdentifierOfAnotherCoolsBeforeItsReservationIsServed) {
  plan.pools[0].ipv4.clear();
  plan.pools[0].identifiers = IdentifierPool{.prefix = prefix("2001:db8:a::/64"), .exclude = {}};
  const auto ana = assign(session_request("ana", "1"));
  ASSERT_TRUE(ana);
  ASSERT_TRUE(release(session_ref("1")));
  ASSERT_TRUE(book().reserve("bob", {.ipv6 = ana->addresses.ipv6}));
  auto bob = assign(session_request("bob", "2"));
  ASSERT_TRUE(bob);
  EXPECT_NE(bob->addresses.ipv6, ana->addresses.ipv6);
  ASSERT_TRUE(release(session_ref("2")));
  clock.advance(plan.pools[0].cool_down);
  bob = assign(session_request("bob", "3"));
  ASSERT_TRUE(bob);
  EXPECT_EQ(bob->addresses.ipv6, ana->addresses.ipv6);
}

TEST_P(Promise, EqualIdentifiersOfTwoPoolsCoolEachForItself) {
  plan.pools = {{.name = "a"}, {.name = "b"}};
  plan.pools[0].identifiers = IdentifierPool{.prefix = prefix("2001:db8:a::/64"), .exclude = {}};
  plan.pools[1].identifiers = IdentifierPool{.prefix = prefix("2001:db8:b::/64"), .exclude = {}};
  const Addresses in_a{.ipv6 = prefix("2001:db8:a::5/128")};
  ASSERT_TRUE(book().reserve("ana", in_a));
  ASSERT_TRUE(book().reserve("bob", {.ipv6 = prefix("2001:db8:b::5/128")}));
  EXPECT_EQ(assign(session_request("ana", "1"))->addresses, in_a);
  ASSERT_TRUE(release(session_ref("1")));
  ASSERT_TRUE(assign(session_request("bob", "2")));
  ASSERT_TRUE(book().unreserve("ana", {}));
  ASSERT_TRUE(book().reserve("eva", in_a));
  EXPECT_NE(assign(session_request("eva", "3"))->addresses, in_a) << "it cools from ana";
}

TEST_P(Promise, OverlappingPoolsAreRefusedAtLoad) {
  plan.pools.push_back(ipv4_pool("other", "10.0.0.4-10.0.0.9"));
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::settings_invalid);
}

TEST_P(Promise, PrefixesThatLiveAreNotCutAnewByOtherSettings) {
  plan.pools[0].delegated =
      PrefixPool{.from = {{prefix("2001:db8:d000::/54"), ""}}, .length = 56, .exclude = {}};
  ASSERT_TRUE(assign(session_request("ana", "1")));
  restart();
  plan.pools[0].delegated->length = 60;
  const auto opened = open();
  ASSERT_FALSE(opened) << "2001:db8:d000::/60 lies inside ana's /56";
  EXPECT_EQ(opened.error().code, Code::settings_invalid);
}

TEST_P(Promise, ALeaseOutsideEveryPoolOfNewSettingsStaysAndIsNotGivenTwice) {
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  restart();
  plan.pools = {ipv4_pool("main", "10.0.0.2-10.0.0.3")};
  EXPECT_EQ(live(), 1U);
  EXPECT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  restart();
  plan.pools = {ipv4_pool("main", "10.0.0.1-10.0.0.2")};
  EXPECT_EQ(ipv4(session_request("bob", "2")), "10.0.0.2");
  EXPECT_EQ(ipv4(session_request("eva", "3")), "pool_exhausted");
}

// --- 2. Durable before answered ---

TEST_P(Promise, WhatWasAnsweredSurvivesThePowerCut) {
  const auto ana = assign(session_request("ana", "1"));
  ASSERT_TRUE(assign(session_request("bob", "2")));
  ASSERT_TRUE(assign(session_request("eva", "3")));
  ASSERT_TRUE(book().confirm(session_ref("1")));
  ASSERT_TRUE(release(session_ref("2")));
  ASSERT_TRUE(book().reserve("kim", {.ipv4 = ip("10.0.0.4")}));
  lose_power();
  const auto lease = book().find(session_ref("1"));
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->addresses, ana->addresses);
  EXPECT_EQ(lease->generation, ana->generation);
  EXPECT_EQ(lease->state, State::active);
  EXPECT_EQ(live(), 2U);
  EXPECT_EQ(history("bob").size(), 1U);
  EXPECT_EQ(book().reservations().size(), 1U);
}

TEST_P(PromiseInMemory, NothingIsAnsweredThatTheStoreDidNotWrite) {
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  disk.cut();
  EXPECT_EQ(ipv4(session_request("bob", "2")), "store_unavailable");
  EXPECT_EQ(code_of(release(session_ref("1"))), "store_unavailable");
  EXPECT_EQ(live(), 1U);
  disk.mend();
  EXPECT_TRUE(assign(session_request("bob", "2")));
  EXPECT_EQ(code_of(release(session_ref("1"))), "done");
}

TEST_P(PromiseInMemory, ManyCallersShareOneSync) {
  constexpr int kCallers = 200;
  plan.pools = {ipv4_pool("main", "10.0.0.0/16")};
  book();
  std::promise<void> all_asked;
  std::shared_future<void> asked = all_asked.get_future().share();
  disk.before_commit = [asked] { asked.wait(); };
  const std::uint64_t before = disk.commits();
  std::mutex mutex;
  std::condition_variable told;
  int answers = 0;
  for (int i = 0; i < kCallers; ++i) {
    book().assign_async(session_request("user" + std::to_string(i), std::to_string(i)),
                        [&](const Result<Grant>& grant) {
                          EXPECT_TRUE(grant);
                          const std::lock_guard lock(mutex);
                          ++answers;
                          told.notify_one();
                        });
  }
  all_asked.set_value();
  std::unique_lock lock(mutex);
  told.wait(lock, [&] { return answers == kCallers; });
  EXPECT_LE(disk.commits() - before, 2U) << "what waits while one commit runs is the next";
}

// --- 3. Same user, same address ---

TEST_P(Promise, AReservationComesBeforeTheLastAddress) {
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  ASSERT_TRUE(release(session_ref("1")));
  ASSERT_TRUE(book().reserve("ana", {.ipv4 = ip("10.0.0.3")}));
  EXPECT_EQ(ipv4(session_request("ana", "2")), "10.0.0.3");
}

TEST_P(Promise, AReturningOwnerGetsTheLastAddress) {
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  ASSERT_EQ(ipv4(session_request("bob", "2")), "10.0.0.2");
  ASSERT_TRUE(release(session_ref("2")));
  ASSERT_TRUE(release(session_ref("1")));
  EXPECT_EQ(ipv4(session_request("ANA", "3")), "10.0.0.1") << "even while it cools";
  ASSERT_TRUE(release(session_ref("3")));
  lose_power();
  EXPECT_EQ(ipv4(session_request("eva", "4")), "10.0.0.3");
  EXPECT_EQ(ipv4(session_request("bob", "5")), "10.0.0.2");
  EXPECT_EQ(ipv4(session_request("ana", "6")), "10.0.0.1");
}

TEST_P(Promise, AnUnreservedAddressIsStillTheLastOne) {
  ASSERT_TRUE(book().reserve("ana", {.ipv4 = ip("10.0.0.3")}));
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.3");
  ASSERT_TRUE(release(session_ref("1")));
  ASSERT_TRUE(book().unreserve("ana", {}));
  EXPECT_EQ(ipv4(session_request("ana", "2")), "10.0.0.3");
}

TEST_P(Promise, TheLeastRecentlyUsedAddressGoesFirst) {
  plan.pools = {ipv4_pool("main", "10.0.0.1-10.0.0.3")};
  for (const char* user : {"ana", "bob", "eva"}) ASSERT_TRUE(assign(session_request(user, user)));
  for (const char* user : {"bob", "eva", "ana"}) ASSERT_TRUE(release(session_ref(user)));
  lose_power();
  book();
  clock.advance(plan.pools[0].cool_down);
  EXPECT_EQ(ipv4(session_request("new1", "1")), "10.0.0.2") << "bob's was given back first";
  EXPECT_EQ(ipv4(session_request("new2", "2")), "10.0.0.3") << "then eva's";
  EXPECT_EQ(ipv4(session_request("ana", "3")), "10.0.0.1") << "nobody needed it";
}

TEST_P(Promise, ASecondLoginIsNotRemembered) {
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  ASSERT_EQ(ipv4(session_request("ana", "2")), "10.0.0.2");
  ASSERT_TRUE(release(session_ref("1")));
  ASSERT_TRUE(release(session_ref("2")));
  lose_power();
  EXPECT_EQ(ipv4(session_request("ana", "3")), "10.0.0.1");
}

TEST_P(Promise, ATakeOverMovesTheAddressWithoutCooling) {
  plan.second_login = SecondLogin::take_over;
  const auto first = assign(session_request("ana", "1"));
  const auto second = assign(session_request("ana", "2"));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->addresses, first->addresses);
  EXPECT_GT(second->generation, first->generation);
  EXPECT_EQ(live(), 1U);
  EXPECT_EQ(use().cooling, 0U);
  const auto intervals = history("ana");
  ASSERT_EQ(intervals.size(), 2U);
  EXPECT_EQ(intervals[1].cause, Cause::taken_over);
}

TEST_P(Promise, AComputedIdentifierIsTheSameEachTime) {
  plan.pools[0].ipv4.clear();
  plan.pools[0].identifiers = IdentifierPool{.prefix = prefix("2001:db8:a::/64"), .exclude = {}};
  const auto first = assign(session_request("ana", "1"));
  ASSERT_TRUE(first);
  ASSERT_TRUE(release(session_ref("1")));
  lose_power();
  clock.advance(24h);
  EXPECT_EQ(assign(session_request("ana", "2"))->addresses, first->addresses);
}

// --- 4. All or nothing ---

TEST_P(Promise, KindsThatAreRequiredComeAllOrNotAtAll) {
  plan.pools[0].delegated =
      PrefixPool{.from = {{prefix("2001:db8:d000::/56"), ""}}, .length = 56, .exclude = {}};
  Request both = session_request("ana", "1");
  both.ipv4 = both.delegated = Want::required;
  ASSERT_TRUE(assign(both));
  both.user = "bob";
  both.session = "2";
  EXPECT_EQ(ipv4(both), "pool_exhausted") << "there is one prefix only";
  EXPECT_EQ(use(Kind::ipv4).held, 1U);
  EXPECT_EQ(use(Kind::ipv4).pending, 0U);
  both.delegated = Want::optional;
  const auto without = assign(both);
  ASSERT_TRUE(without);
  EXPECT_FALSE(without->addresses.delegated);
}

TEST_P(Promise, ALeaseGrowsAndShrinksByAKind) {
  plan.pools[0].identifiers = IdentifierPool{.prefix = prefix("2001:db8:a::/64"), .exclude = {}};
  Request ask = port_request("ana", "VPN2-1");
  ask.ipv4 = Want::required;
  ask.ipv6 = ask.delegated = Want::no;
  const auto first = assign(ask);
  ASSERT_TRUE(first);
  clock.advance(1s);
  ask.ipv4 = Want::no;
  ask.ipv6 = Want::required;
  const auto grown = assign(ask);
  ASSERT_TRUE(grown);
  EXPECT_EQ(grown->id, first->id);
  EXPECT_EQ(grown->generation, first->generation);
  EXPECT_EQ(grown->addresses.ipv4, first->addresses.ipv4);
  ASSERT_TRUE(grown->addresses.ipv6);
  lose_power();

  LeaseRef which = port_ref("ana", "VPN2-1");
  which.kind = Kind::ipv4;
  ASSERT_TRUE(release(which));
  EXPECT_EQ(live(), 1U);
  EXPECT_EQ(code_of(release(which)), "not_found");
  which.kind = Kind::ipv6;
  ASSERT_TRUE(release(which));
  EXPECT_EQ(live(), 0U) << "it ends with its last kind";
  EXPECT_EQ(history("ana").size(), 2U);
}

// --- 5. Retries and late messages are harmless ---

TEST_P(Promise, TheSameRequestGetsTheSameLease) {
  const auto first = assign(session_request("ana", "1"));
  ASSERT_TRUE(first);
  lose_power();
  const auto again = assign(session_request("ana", "1"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, first->id);
  EXPECT_EQ(again->generation, first->generation);
  EXPECT_EQ(again->addresses, first->addresses);
  EXPECT_EQ(live(), 1U);
  EXPECT_EQ(history("ana").size(), 1U);
}

TEST_P(Promise, AnActiveConnectionWithoutSessionIdThatAsksAgainIsANewOne) {
  const auto first = assign(port_request("ana", "VPN2-1"));
  clock.advance(1s);
  const auto again = assign(port_request("ana", "VPN2-1"));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->addresses, first->addresses);
  EXPECT_GT(again->generation, first->generation);
  const auto intervals = history("ana");
  ASSERT_EQ(intervals.size(), 2U);
  EXPECT_EQ(intervals[1].ended, clock.wall()) << "the old interval is closed";
}

TEST_P(Promise, ALateReleaseChangesNothingAndSaysSo) {
  const auto first = assign(session_request("ana", "1"));
  ASSERT_TRUE(release(session_ref("1")));
  const auto second = assign(session_request("ana", "1"));  // the id is used again
  ASSERT_TRUE(first && second);
  EXPECT_EQ(code_of(release({.id = first->id, .generation = first->generation})), "stale");
  EXPECT_EQ(code_of(release({.id = second->id, .user = "bob"})), "foreign");
  EXPECT_EQ(code_of(release({.server = "nas", .session = "1", .user = "bob"})), "foreign");
  EXPECT_EQ(code_of(release({.generation = first->generation, .server = "nas", .session = "1"})),
            "stale");
  EXPECT_EQ(
      code_of(release({.ipv4 = second->addresses.ipv4, .session_started = clock.wall() - 1h})),
      "stale");
  EXPECT_EQ(live(), 1U);
  EXPECT_EQ(code_of(release({.ipv4 = second->addresses.ipv4, .session_started = clock.wall()})),
            "done");
  EXPECT_EQ(code_of(release(session_ref("1"))), "not_found") << "the second of two releases";
}

// --- 6. Constant cost, and full only when full ---

TEST_P(Promise, EveryListedAddressIsUsedBeforeThePoolIsFull) {
  plan.pools = {ipv4_pool("main", "10.0.0.0/26")};
  plan.pools[0].exclude_ipv4 = {{*Ipv4Range::parse("10.0.0.7"), ""}};
  std::set<std::string> held;
  for (int i = 0; i < 63; ++i) {
    held.insert(ipv4(session_request("user" + std::to_string(i), std::to_string(i))));
  }
  EXPECT_EQ(held.size(), 63U);
  EXPECT_FALSE(held.contains("10.0.0.7"));
  EXPECT_EQ(ipv4(session_request("late", "late")), "pool_exhausted");
  EXPECT_EQ(use().free, 0U);
}

}  // namespace
}  // namespace berth::testing
