// checker_test.cc - the checker catches every planted double, and excuses what is right.
#include "play/checker.h"

#include <gtest/gtest.h>

namespace berth::play {
namespace {

using namespace std::chrono_literals;

Plan some_plan() {
  Plan plan;
  plan.pools.push_back({.name = "p", .cool_down = 5min});
  plan.hold_time = 60s;
  return plan;
}

// A moment that is known to the millisecond, so many seconds into the day.
Moment at(std::chrono::seconds time) { return {WallTime{100h + time}, WallTime{100h + time}}; }

Connection on(const std::string& owner, const std::string& session) {
  return {.key = "vpn1\nsession " + session, .owner = owner, .server = "vpn1"};
}

struct GrantOf {
  std::uint64_t id = 1;
  State state = State::active;
  Reason reason = Reason::least_recent;
  Milliseconds lease_time{0};
};

Grant grant(std::string_view address, const GrantOf& of) {
  Grant grant{.id = {of.id},
              .generation = {of.id},
              .state = of.state,
              .addresses = {.ipv4 = *Ipv4::parse(address)},
              .lease_time = of.lease_time};
  grant.reasons.fill(of.reason);
  return grant;
}

class Checking : public testing::Test {
 protected:
  Checker checker{some_plan()};
};

TEST_F(Checking, IsQuietAboutDifferentAddresses) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.granted(on("bea", "2"), grant("10.0.0.2", {.id = 2}), at(1s));
  EXPECT_EQ(checker.doubles(), 0u);
  EXPECT_EQ(checker.open(), 2u);
  EXPECT_EQ(checker.first_fault(), "");
}

TEST_F(Checking, CatchesADouble) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}), at(1h));
  EXPECT_EQ(checker.doubles(), 1u);
  EXPECT_EQ(checker.first_fault(),
            "10.0.0.1 went to \"bea\" on \"vpn1\" while it was held by \"ana\"");
}

TEST_F(Checking, CatchesADoubleOfOneOwner) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.granted(on("ana", "2"), grant("10.0.0.1", {.id = 2}), at(1s));
  EXPECT_EQ(checker.doubles(), 1u);
}

TEST_F(Checking, CatchesOverlappingPrefixes) {
  Grant wide = grant("10.0.0.1", {.id = 1});
  wide.addresses.delegated = *Ipv6Prefix::parse("2001:db8:0:100::/56");
  Grant narrow = grant("10.0.0.2", {.id = 2});
  narrow.addresses.ipv6 = *Ipv6Prefix::parse("2001:db8:0:1ab::7/128");
  checker.granted(on("ana", "1"), wide, at(0s));
  checker.granted(on("bea", "2"), narrow, at(1s));
  EXPECT_EQ(checker.doubles(), 1u);
}

TEST_F(Checking, CatchesADoubleBeforeTheHoldTimeCanHaveEnded) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1, .state = State::held}), at(0s));
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}), at(5min + 59s));
  EXPECT_EQ(checker.doubles(), 1u);  // hold time and cool-down together
}

TEST_F(Checking, ExcusesALeaseThatWasNeverConfirmed) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1, .state = State::held}), at(0s));
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}), at(6min));
  EXPECT_EQ(checker.doubles(), 0u);
}

TEST_F(Checking, DoesNotExcuseALeaseThatWasConfirmed) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1, .state = State::held}), at(0s));
  checker.alive(on("ana", "1").key, at(3s));
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}), at(6h));
  EXPECT_EQ(checker.doubles(), 1u);
}

TEST_F(Checking, ExcusesALeaseThatWasNotRenewed) {
  const GrantOf leased{.id = 1, .lease_time = 1h};
  checker.granted(on("ana", "1"), grant("10.0.0.1", leased), at(0s));
  checker.alive(on("ana", "1").key, at(30min));
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}), at(1h + 34min));
  EXPECT_EQ(checker.doubles(), 1u);

  checker.granted(on("cem", "3"), grant("10.0.0.3", {.id = 3, .lease_time = 1h}), at(0s));
  checker.granted(on("dan", "4"), grant("10.0.0.3", {.id = 4}), at(1h + 5min));
  EXPECT_EQ(checker.doubles(), 1u);
}

TEST_F(Checking, ExcusesWhatWasReleasedAndCooled) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.released(on("ana", "1").key, at(10s));
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}), at(5min + 10s));
  EXPECT_EQ(checker.doubles() + checker.too_soon(), 0u);
}

TEST_F(Checking, CatchesForeignReuseWithinTheCoolDown) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.released(on("ana", "1").key, at(10s));
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}), at(5min + 9s));
  EXPECT_EQ(checker.doubles(), 0u);
  EXPECT_EQ(checker.too_soon(), 1u);
  EXPECT_EQ(checker.first_fault(),
            "10.0.0.1 went to \"bea\" on \"vpn1\" while it was still cooling from \"ana\"");
}

TEST_F(Checking, LetsAnOwnerBackAtOnce) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.released(on("ana", "1").key, at(10s));
  checker.granted(on("ana", "2"), grant("10.0.0.1", {.id = 2}), at(11s));
  EXPECT_EQ(checker.doubles() + checker.too_soon(), 0u);
}

TEST_F(Checking, DoesNotBelieveARefusedRelease) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.releasing(on("ana", "1").key);
  checker.release_refused(on("ana", "1").key);
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}), at(1h));
  EXPECT_EQ(checker.doubles(), 1u);
}

TEST_F(Checking, KnowsTakeOver) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.granted(on("ana", "2"), grant("10.0.0.1", {.id = 2, .reason = Reason::taken_over}),
                  at(1s));
  EXPECT_EQ(checker.doubles(), 0u);
  checker.granted(on("bea", "3"), grant("10.0.0.1", {.id = 3, .reason = Reason::taken_over}),
                  at(1h));
  EXPECT_EQ(checker.doubles(), 1u);  // nobody takes over from somebody else
}

TEST_F(Checking, KnowsThatAnExclusivePortCarriesOne) {
  Connection ana{.key = "a", .owner = "ana", .server = "rras1", .exclusive_port = "VPN2-1"};
  Connection bea{.key = "b", .owner = "bea", .server = "rras1", .exclusive_port = "VPN2-1"};
  checker.granted(ana, grant("10.0.0.1", {.id = 1}), at(0s));
  checker.granted(bea, grant("10.0.0.2", {.id = 2}), at(10s));
  EXPECT_EQ(checker.open(), 1u);
  checker.granted(on("cem", "3"), grant("10.0.0.1", {.id = 3}), at(5min + 10s));
  EXPECT_EQ(checker.doubles() + checker.too_soon(), 0u);
}

TEST_F(Checking, KnowsThatABootEndsEverythingOnItsServer) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.booted("vpn2", at(5s));
  EXPECT_EQ(checker.open(), 1u);
  checker.booted("vpn1", at(10s));
  EXPECT_EQ(checker.open(), 0u);
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}), at(5min + 10s));
  EXPECT_EQ(checker.doubles() + checker.too_soon(), 0u);
}

TEST_F(Checking, TakesARetryForWhatItIs) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(1s));
  EXPECT_EQ(checker.doubles(), 0u);
  EXPECT_EQ(checker.open(), 1u);
}

// When nobody knows when a lease ended, nobody can say that its prefix came back too soon.
TEST_F(Checking, GivesAnUnknownEndTheBenefitOfTheDoubt) {
  Grant two = grant("10.0.0.1", {.id = 1, .state = State::held});
  two.addresses.delegated = *Ipv6Prefix::parse("2001:db8:0:100::/56");
  checker.granted(on("ana", "1"), two, at(0s));
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}), at(1h));
  Grant other = grant("10.0.0.3", {.id = 3});
  other.addresses.delegated = two.addresses.delegated;
  checker.granted(on("cem", "3"), other, at(1h + 1s));
  EXPECT_EQ(checker.doubles() + checker.too_soon(), 0u);
}

TEST_F(Checking, KnowsWhoIsConnectedElsewhere) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  EXPECT_FALSE(checker.is_connected("ana", on("ana", "1").key, at(1s)));
  EXPECT_TRUE(checker.is_connected("ana", on("ana", "2").key, at(1s)));
  EXPECT_FALSE(checker.is_connected("bea", "", at(1s)));
  checker.released(on("ana", "1").key, at(2s));
  EXPECT_FALSE(checker.is_connected("ana", "", at(3s)));
}

// Between sending and answer the Book may have acted at any moment: only what is wrong at all of
// them is counted.
TEST_F(Checking, CountsOnlyWhatIsWrongWheneverItHappened) {
  checker.granted(on("ana", "1"), grant("10.0.0.1", {.id = 1}), at(0s));
  checker.released(on("ana", "1").key, {WallTime{100h + 10s}, WallTime{100h + 20s}});
  checker.granted(on("bea", "2"), grant("10.0.0.1", {.id = 2}),
                  {WallTime{100h + 5min + 8s}, WallTime{100h + 5min + 12s}});
  EXPECT_EQ(checker.too_soon(), 0u);
}

}  // namespace
}  // namespace berth::play
