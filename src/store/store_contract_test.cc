// store_contract_test.cc - what every store promises.
#include "store/store_contract_test.h"

#include <algorithm>

namespace berth::testing {

TEST_P(StoreContract, NumbersChangesInTheOrderOfTheirCommits) {
  EXPECT_EQ(commit({begin({})}).revision, 1U);
  const Commit last =
      commit({begin({.id = 2, .generation = 2}), begin({.id = 3, .generation = 3})});
  EXPECT_EQ(last.outcome, Outcome::durable);
  EXPECT_EQ(last.revision, 3U);
  EXPECT_EQ(store->settle().value(), 3U);
}

TEST_P(StoreContract, ShowsAnEndedIntervalInFull) {
  const LeaseSaid lease{.addresses = {.ipv4 = ip("10.8.0.7"), .ipv6 = prefix("2001:db8::7/128")}};
  commit({begin(lease), end(lease, at(200), 9, Cause::superseded)});
  const std::vector<Interval> found = who("10.8.0.7", at(150));
  ASSERT_EQ(found.size(), 1U);
  const Interval want{.sequence = 1,
                      .lease = {1},
                      .generation = {1},
                      .owner = "ana",
                      .user = "Ana",
                      .server = "vpn1",
                      .port = "VPN2-17",
                      .session = "s1",
                      .addresses = lease.addresses,
                      .started = at(100),
                      .ended = at(200),
                      .cause = Cause::superseded};
  EXPECT_EQ(found[0], want);
}

TEST_P(StoreContract, CountsAnIntervalFromItsStartUpToItsEnd) {
  commit({end({.started = at(100)}, at(200), 9)});
  EXPECT_TRUE(who("10.8.0.7", at(99)).empty());
  EXPECT_EQ(who("10.8.0.7", at(100)).size(), 1U);
  EXPECT_EQ(who("10.8.0.7", at(199)).size(), 1U);
  EXPECT_TRUE(who("10.8.0.7", at(200)).empty());
  EXPECT_EQ(who("10.8.0.7", at(205), std::chrono::seconds(10)).size(), 1U);
  EXPECT_TRUE(who("10.8.0.8", at(150)).empty());
}

TEST_P(StoreContract, NamesEveryCandidateTheLatestFirst) {
  commit({end({.generation = 1, .owner = "ana", .started = at(100)}, at(200), 1),
          end({.generation = 2, .owner = "ben", .started = at(200)}, at(300), 2),
          end({.generation = 3, .owner = "cid", .started = at(300)}, at(400), 3)});
  EXPECT_EQ(owners(who("10.8.0.7", at(250))), Names({"ben"}));
  EXPECT_EQ(owners(who("10.8.0.7", at(250), std::chrono::seconds(60))),
            Names({"cid", "ben", "ana"}));
}

TEST_P(StoreContract, NamesAllWhoHadAnAddressWhenTheClockWasSetBack) {
  commit({end({.generation = 1, .owner = "ana", .started = at(1000)}, at(2000), 1),
          change(ClockStepped{at(2000), at(500)}),
          end({.generation = 2, .owner = "ben", .started = at(1100)}, at(1300), 2)});
  EXPECT_EQ(owners(who("10.8.0.7", at(1200))), Names({"ben", "ana"}));
  EXPECT_EQ(owners(who("10.8.0.7", at(1500))), Names({"ana"}));
}

// Begun at 7200, the clock went from 7380 back to 3600, ended when it showed 5400: by its times
// the interval is empty, but the address was held when the clock showed 3780.
TEST_P(StoreContract, NamesWhoHadAnAddressWhenTheClockHadBeenSetBackUnderIt) {
  commit({end({.generation = 1, .owner = "ben", .started = at(1000)}, at(2000), 1),
          change(ClockStepped{at(7380), at(3600)}),
          end({.generation = 2, .owner = "ana", .started = at(7200)}, at(7200), 2)});
  EXPECT_EQ(owners(who("10.8.0.7", at(3780))), Names({"ana"}));
  EXPECT_EQ(owners(who("10.8.0.7", at(3600))), Names({"ana"}));
  EXPECT_EQ(owners(who("10.8.0.7", at(3590), std::chrono::seconds(10))), Names({"ana"}));
  EXPECT_TRUE(who("10.8.0.7", at(3599)).empty());
  EXPECT_TRUE(who("10.8.0.7", at(7381)).empty());
}

TEST_P(StoreContract, NamesWhoHadAnAddressWhenTheClockWasSetBackTwice) {
  commit({change(ClockStepped{at(7380), at(3600)}), change(ClockStepped{at(4000), at(1000)}),
          change(ClockStepped{at(1200), at(9000)}),
          end({.owner = "ana", .started = at(7200)}, at(7200), 2)});
  EXPECT_EQ(owners(who("10.8.0.7", at(1100))), Names({"ana"}));
  EXPECT_TRUE(who("10.8.0.7", at(8000)).empty());
}

TEST_P(StoreContract, FindsAnIpv4AddressInsideARange) {
  commit({end({.owner = "ana", .addresses = {.ipv4 = ip("10.0.0.255")}}, at(200), 1),
          end({.owner = "ben", .addresses = {.ipv4 = ip("10.0.1.0")}}, at(200), 2)});
  EXPECT_EQ(owners(who("10.0.0.0/24", at(150))), Names({"ana"}));
  EXPECT_EQ(owners(who("10.0.0.0/23", at(150))), Names({"ben", "ana"}));
  EXPECT_TRUE(who("10.0.0.0/23", at(200)).empty());
}

TEST_P(StoreContract, FindsAnAddressInsideAHeldPrefix) {
  commit(
      {end({.owner = "ana", .addresses = {.delegated = prefix("2001:db8:0:100::/56")}}, at(200), 1),
       end({.owner = "ben", .addresses = {.ipv6 = prefix("2001:db8:1:5::/64")}}, at(200), 2),
       end({.owner = "cid", .addresses = {.ipv6 = prefix("2001:db8:2::7/128")}}, at(200), 3)});
  EXPECT_EQ(owners(who("2001:db8:0:1ab::1", at(150))), Names({"ana"}));
  EXPECT_TRUE(who("2001:db8:0:200::", at(150)).empty());
  EXPECT_EQ(owners(who("2001:db8:1:5:ffff::", at(150))), Names({"ben"}));
  EXPECT_EQ(owners(who("2001:db8:2::7", at(150))), Names({"cid"}));
  EXPECT_EQ(owners(who("2001:db8:0:110::/60", at(150))), Names({"ana"}));
  EXPECT_EQ(owners(who("2001:db8::/32", at(150))), Names({"cid", "ben", "ana"}));
}

TEST_P(StoreContract, MakesKindsThatBeganApartIntervalsOfTheirOwn) {
  const LeaseSaid said{.addresses = {.ipv4 = ip("10.8.0.7"), .ipv6 = prefix("2001:db8::7/128")}};
  LeaseRecord lease = said.record();
  lease.started[1] = at(150);
  commit({change(End{lease, at(200), Cause::released, true, true, 1})});
  EXPECT_EQ(who("10.8.0.7", at(120)).size(), 1U);
  EXPECT_TRUE(who("2001:db8::7", at(120)).empty());
  EXPECT_EQ(who("2001:db8::7", at(160)).size(), 1U);
  EXPECT_EQ(history("ana").size(), 2U);
}

TEST_P(StoreContract, TellsAnOwnersHistoryWithinATimeAndALimit) {
  commit({end({.generation = 1, .session = "a", .started = at(100)}, at(200), 1),
          end({.generation = 2, .owner = "ben", .started = at(200)}, at(300), 2),
          end({.generation = 3, .session = "c", .started = at(300)}, at(400), 3)});
  ASSERT_EQ(history("ana").size(), 2U);
  EXPECT_EQ(history("ana")[0].session, "c");
  EXPECT_EQ(history("ana", {.until = at(300)}).at(0).session, "a");
  EXPECT_EQ(history("ana", {.from = at(200)}).at(0).session, "c");
  EXPECT_EQ(history("ana", {.from = at(200)}).size(), 1U);
  EXPECT_EQ(history("ana", {.limit = 1}).at(0).session, "c");
  EXPECT_TRUE(history("nobody").empty());
}

TEST_P(StoreContract, ForgetsWhatEndedBefore) {
  EXPECT_FALSE(store->oldest_end().value());
  commit({end({.generation = 1, .started = at(100)}, at(200), 1),
          end({.generation = 2, .started = at(200)}, at(300), 2)});
  EXPECT_EQ(store->ended_before(at(300)).value(), 1U);
  EXPECT_EQ(store->oldest_end().value(), at(200));
  commit({change(Forget{at(300), at(500)})});
  EXPECT_TRUE(who("10.8.0.7", at(150)).empty());
  EXPECT_EQ(who("10.8.0.7", at(250)).size(), 1U);
  EXPECT_EQ(store->ended_before(at(1000)).value(), 1U);
  EXPECT_EQ(store->oldest_end().value(), at(300));
}

TEST_P(StoreContract, KnowsTheOldestEndThoughTheClockWasOnceAhead) {
  commit({end({.generation = 1, .started = at(100)}, at(90'000), 1)});
  EXPECT_EQ(store->oldest_end().value(), at(90'000));
  commit({end({.generation = 2, .started = at(200)}, at(300), 2),
          end({.generation = 3, .started = at(300)}, at(400), 3)});
  EXPECT_EQ(store->oldest_end().value(), at(300));
  commit({change(Forget{at(301), at(500)})});
  EXPECT_GE(store->oldest_end().value(), at(301));
  EXPECT_LE(store->oldest_end().value(), at(400));
  commit({change(Forget{at(401), at(500)})});
  EXPECT_GE(store->oldest_end().value(), at(401));
  EXPECT_LE(store->oldest_end().value(), at(90'000));
  EXPECT_TRUE(store->scrub());
  EXPECT_EQ(store->oldest_end().value(), at(90'000));
}

TEST_P(StoreContract, ErasesAnOwner) {
  commit({end({.generation = 1, .owner = "ana"}, at(200), 1),
          end({.generation = 2, .owner = "ben", .user = "ben"}, at(300), 2)});
  commit({change(Erase{"ana", at(500)})});
  EXPECT_TRUE(history("ana").empty());
  EXPECT_EQ(owners(who("10.8.0.7", at(150), std::chrono::seconds(100))), Names({"ben"}));
  EXPECT_TRUE(store->scrub());
}

TEST_P(StoreContract, RenamesWhatIsKeptOfAnOwner) {
  commit({end({.generation = 1, .owner = "corp\\ana", .user = "CORP\\Ana"}, at(200), 1),
          end({.generation = 2, .owner = "corp\\ana", .user = "corp\\ANA"}, at(300), 2)});
  commit({change(Rename{"corp\\ana", "CORP\\Ana", "ana@corp.example"})});
  ASSERT_EQ(history("ana@corp.example").size(), 1U);
  EXPECT_EQ(history("ana@corp.example")[0].user, "CORP\\Ana");
  EXPECT_EQ(history("corp\\ana").size(), 1U);
}

TEST_P(StoreContract, RenamesAllThatOneChangeNamesAndNobodyElse) {
  commit({end({.generation = 1, .owner = "ana@corp", .user = "Ana@Corp"}, at(200), 1),
          end({.generation = 2, .owner = "ben@corp", .user = "ben@corp"}, at(300), 2),
          end({.generation = 3, .owner = "cid", .user = "cid"}, at(400), 3)});
  commit({change(Rename{"ana@corp", "Ana@Corp", "ana"}, Rename{"ben@corp", "ben@corp", "ben"},
                 Rename{"dan@corp", "dan@corp", "dan"}, RulesChanged{"v2"}),
          end({.generation = 4, .owner = "ana", .user = "Ana@Corp"}, at(500), 4)});
  EXPECT_EQ(owners(who("10.8.0.7", at(150))), Names({"ana", "cid", "ben", "ana"}));
  EXPECT_EQ(history("ana").size(), 2U);
  EXPECT_EQ(history("ben").at(0).user, "ben@corp");
  EXPECT_EQ(history("cid").size(), 1U);
  EXPECT_TRUE(history("ana@corp").empty());
  EXPECT_TRUE(history("dan").empty());
}

}  // namespace berth::testing
