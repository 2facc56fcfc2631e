// allocator_test.cc - the order of choice, and each way a lease can move, step by step.
#include "core/allocator_test.h"

namespace berth::testing {
namespace {

// --- The order of choice ---

TEST_F(AllocatorTest, TheSameConnectionGetsTheSameLeaseAgain) {
  const Result<Grant> first = assign(request("ana", "1"));
  const Result<Grant> again = assign(request("ana", "1"));
  ASSERT_TRUE(first && again);
  EXPECT_EQ(again->id, first->id);
  EXPECT_EQ(again->generation, first->generation);
  EXPECT_EQ(again->addresses, first->addresses);
  EXPECT_EQ(again->reasons[0], Reason::same_connection);
  EXPECT_EQ(allocator().live(), 1U);
}

TEST_F(AllocatorTest, AReturningOwnerGetsTheLastAddressEvenWhileItCools) {
  const Ipv4 before = address(request("ana", "1"));
  ASSERT_TRUE(release(session("1")));
  const Ipv4 other = address(request("bob", "2"));
  EXPECT_NE(other, before);
  EXPECT_EQ(address(request("ana", "3")), before);
}

TEST_F(AllocatorTest, NobodyElseGetsAnAddressWhileItCools) {
  for (int i = 0; i < 4; ++i) address(request("user" + std::to_string(i), std::to_string(i)));
  ASSERT_TRUE(release(session("0")));
  const Result<Grant> refused = assign(request("ana", "9"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::pool_exhausted);
  EXPECT_NE(refused.error().what.find("1 cooling"), std::string::npos) << refused.error().what;
  advance(5min);
  EXPECT_TRUE(assign(request("ana", "9")));
}

TEST_F(AllocatorTest, AReservationComesBeforeTheLastAddress) {
  const Ipv4 last = address(request("ana", "1"));
  ASSERT_TRUE(release(session("1")));
  const Ipv4 reserved = last == ip("10.0.0.3") ? ip("10.0.0.2") : ip("10.0.0.3");
  ASSERT_TRUE(reserve("ana", {.ipv4 = reserved}));
  const Result<Grant> grant = assign(request("ana", "2"));
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->addresses.ipv4, reserved);
  EXPECT_EQ(grant->reasons[0], Reason::reservation);
}

TEST_F(AllocatorTest, AReservedAddressIsNeverGivenToAnother) {
  ASSERT_TRUE(reserve("ana", {.ipv4 = ip("10.0.0.0")}));
  for (int i = 0; i < 3; ++i) {
    EXPECT_NE(address(request("u" + std::to_string(i), std::to_string(i))), ip("10.0.0.0"));
  }
  EXPECT_FALSE(assign(request("u9", "9")));
  EXPECT_EQ(address(request("ana", "10")), ip("10.0.0.0"));
}

TEST_F(AllocatorTest, AReservationOverALiveLeaseOfAnotherWaitsForItsEndAndCooling) {
  const Ipv4 held = address(request("bob", "1"));
  ASSERT_TRUE(reserve("ana", {.ipv4 = held}));
  EXPECT_NE(address(request("ana", "2")), held);
  ASSERT_TRUE(release(session("2")));
  ASSERT_TRUE(release(session("1")));
  EXPECT_NE(address(request("ana", "3")), held);  // it cools from bob
  ASSERT_TRUE(release(session("3")));
  advance(5min);
  EXPECT_EQ(address(request("ana", "4")), held);
}

TEST_F(AllocatorTest, WhatTheServerProposesIsTakenWhereItIsFree) {
  Request wish = request("ana", "1");
  wish.proposed_ipv4 = ip("10.0.0.2");
  EXPECT_EQ(address(wish), ip("10.0.0.2"));
  Request other = request("bob", "2");
  other.proposed_ipv4 = ip("10.0.0.2");
  EXPECT_NE(address(other), ip("10.0.0.2"));
  Request outside = request("cyd", "3");
  outside.proposed_ipv4 = ip("192.0.2.1");
  EXPECT_TRUE(assign(outside));
}

TEST_F(AllocatorTest, AddressesAreTakenFromTheOneUnusedLongest) {
  std::vector<Ipv4> order;
  for (int i = 0; i < 4; ++i) {
    order.push_back(address(request("u" + std::to_string(i), std::to_string(i))));
  }
  for (int i : {2, 0, 3, 1}) ASSERT_TRUE(release(session(std::to_string(i))));
  advance(5min);
  for (int i : {2, 0, 3, 1}) {
    EXPECT_EQ(address(request("new" + std::to_string(i), "n" + std::to_string(i))),
              order[static_cast<std::size_t>(i)]);
  }
}

TEST_F(AllocatorTest, ThePoolsOfARuleAreUsedUpInOrder) {
  plan_.pools = {ipv4_pool("first", "10.0.0.0/31"), ipv4_pool("second", "10.1.0.0/31")};
  plan_.rules = {{.name = "all", .place = "", .match = {}, .pools = {"second", "first"}}};
  EXPECT_EQ(address(request("a", "1")).bits() >> 16, 0x0a01U);
  EXPECT_EQ(address(request("b", "2")).bits() >> 16, 0x0a01U);
  EXPECT_EQ(address(request("c", "3")).bits() >> 16, 0x0a00U);
}

// --- Second logins ---

TEST_F(AllocatorTest, ASecondLoginGetsAnotherAddressThatIsNotRemembered) {
  const Ipv4 first = address(request("ana", "1"));
  const Ipv4 second = address(request("ana", "2"));
  EXPECT_NE(first, second);
  ASSERT_TRUE(release(session("1")));
  ASSERT_TRUE(release(session("2")));
  EXPECT_EQ(address(request("ana", "3")), first);
}

TEST_F(AllocatorTest, ATakeOverMovesTheAddressAndEndsTheOldLease) {
  plan_.second_login = SecondLogin::take_over;
  const Result<Grant> old = assign(request("ana", "1"));
  const Result<Grant> grant = assign(request("ana", "2"));
  ASSERT_TRUE(old && grant);
  EXPECT_EQ(grant->addresses, old->addresses);
  EXPECT_GT(grant->generation, old->generation);
  EXPECT_EQ(allocator().live(), 1U);
  // The old session's late stop changes nothing.
  const Done late = release(session("1"));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::not_found);
  EXPECT_EQ(allocator().live(), 1U);
}

TEST_F(AllocatorTest, ASecondLoginIsRefusedWhereTheRuleSaysSo) {
  plan_.second_login = SecondLogin::refuse;
  ASSERT_TRUE(assign(request("ana", "1")));
  const Result<Grant> refused = assign(request("ana", "2"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::second_login);
}

TEST_F(AllocatorTest, TheRefusalOfASecondLoginNamesTheLeaseThatStands) {
  const Result<Grant> stands = assign({.user = "ana", .server = "ras1", .port = "P1"});
  ASSERT_TRUE(assign({.user = "ana", .server = "ras2", .port = "P1"}));
  plan_.second_login = SecondLogin::refuse;
  restart();
  // The lease on ras2 would end: its port is asked for by a new connection.
  const Result<Grant> refused = assign({.user = "ana", .server = "ras2", .port = "P1"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::second_login);
  EXPECT_NE(refused.error().what.find("ras1 with " + stands->addresses.to_string()),
            std::string::npos)
      << refused.error().what;
}

// --- Ports ---

TEST_F(AllocatorTest, ANewUserOnAnExclusivePortEndsThatPortsOldLease) {
  Request ana{.user = "ana", .server = "ras1", .port = "VPN2-1"};
  Request bob{.user = "bob", .server = "ras1", .port = "VPN2-1"};
  const Ipv4 anas = address(ana);
  const Ipv4 bobs = address(bob);
  EXPECT_NE(anas, bobs);
  EXPECT_EQ(allocator().live(), 1U);
}

TEST_F(AllocatorTest, AnActivePortKeyedLeaseGetsANewGenerationAndKeepsItsAddress) {
  const Request again{.user = "ana", .server = "ras1", .port = "VPN2-1"};
  const Result<Grant> first = assign(again);
  const Result<Grant> second = assign(again);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->state, State::active);  // RRAS never confirms
  EXPECT_EQ(second->addresses, first->addresses);
  EXPECT_GT(second->generation, first->generation);
  EXPECT_EQ(second->id, first->id);
  LeaseRef old;
  old.id = first->id;
  old.generation = first->generation;
  const Done late = release(old);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::stale);
}

// --- Kinds ---

class ThreeKinds : public AllocatorTest {
 protected:
  ThreeKinds() {
    PoolPlan& pool = plan_.pools[0];
    pool.identifiers = IdentifierPool{.prefix = prefix("2001:db8:1::/64"),
                                      .place = "",
                                      .choice = IdentifierPool::Choice::stable,
                                      .exclude = {}};
    pool.delegated =
        PrefixPool{.from = {{prefix("2001:db8:ff00::/55"), ""}}, .length = 56, .exclude = {}};
  }
};

TEST_F(ThreeKinds, OneLeaseDrawsFromAllThree) {
  const Result<Grant> grant = assign(request("ana", "1"));
  ASSERT_TRUE(grant);
  EXPECT_TRUE(grant->addresses.ipv4);
  ASSERT_TRUE(grant->addresses.ipv6);
  EXPECT_EQ(grant->addresses.ipv6->length(), 128);
  EXPECT_TRUE(prefix("2001:db8:1::/64").contains(grant->addresses.ipv6->address()));
  ASSERT_TRUE(grant->addresses.delegated);
  EXPECT_EQ(grant->addresses.delegated->length(), 56);
}

TEST_F(ThreeKinds, RequiredKindsComeAllOrNotAtAll) {
  Request all = request("ana", "1");
  all.delegated = Want::required;
  ASSERT_TRUE(assign(all));
  all = request("bob", "2");
  all.delegated = Want::required;
  ASSERT_TRUE(assign(all));
  all = request("cyd", "3");
  all.delegated = Want::required;  // there are two prefixes
  const Result<Grant> refused = assign(all);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::pool_exhausted);
  const std::vector<PoolUse> uses = allocator().uses();
  EXPECT_EQ(uses[0].held + uses[0].pending, 2U) << "no IPv4 address may stay behind";
  all.delegated = Want::optional;
  const Result<Grant> partial = assign(all);
  ASSERT_TRUE(partial);
  EXPECT_FALSE(partial->addresses.delegated);
}

TEST_F(ThreeKinds, AStableIdentifierIsTheSameAfterAnyTime) {
  const auto first = assign(request("ana", "1"))->addresses.ipv6;
  ASSERT_TRUE(release(session("1")));
  advance(std::chrono::hours(24 * 400));
  const Result<Grant> later = assign(request("ana", "2"));
  EXPECT_EQ(later->addresses.ipv6, first);
  EXPECT_EQ(later->reasons[1], Reason::stable);
  const Result<Grant> second = assign(request("ana", "3"));
  EXPECT_NE(second->addresses.ipv6, first);
}

TEST_F(ThreeKinds, ALeaseGrowsAndShrinksByAKind) {
  Request first{.user = "ana", .server = "ras1", .port = "P1"};
  first.ipv6 = Want::no;
  first.delegated = Want::no;
  Request second = first;
  second.ipv4 = Want::no;
  second.ipv6 = Want::required;
  const Result<Grant> four = assign(first);
  advance(1s);
  const Result<Grant> six = assign(second);
  ASSERT_TRUE(four && six);
  EXPECT_EQ(six->id, four->id);
  EXPECT_EQ(six->generation, four->generation);
  EXPECT_EQ(six->addresses.ipv4, four->addresses.ipv4);
  EXPECT_TRUE(six->addresses.ipv6);

  LeaseRef which;
  which.id = six->id;
  which.kind = Kind::ipv4;
  ASSERT_TRUE(release(which));
  EXPECT_EQ(allocator().live(), 1U);
  which.kind = Kind::ipv6;
  ASSERT_TRUE(release(which));
  EXPECT_EQ(allocator().live(), 0U);
}

// --- Time ---

TEST_F(AllocatorTest, AHeldLeaseEndsAfterItsHoldTimeAndCools) {
  ASSERT_TRUE(assign(request("ana", "1")));
  advance(59s);
  EXPECT_EQ(end_due(), 0U);
  advance(2s);
  EXPECT_EQ(end_due(), 1U);
  EXPECT_EQ(allocator().live(), 0U);
  EXPECT_EQ(allocator().uses()[0].cooling, 1U);
}

TEST_F(AllocatorTest, AConfirmedLeaseStays) {
  ASSERT_TRUE(assign(request("ana", "1")));
  ASSERT_TRUE(confirm(session("1")));
  advance(std::chrono::hours(1000));
  EXPECT_EQ(end_due(), 0U);
}

TEST_F(AllocatorTest, ARenewedLeaseEndsOneLeaseTimeAfterTheLastRenewal) {
  plan_.lease_time = 10min;
  ASSERT_TRUE(assign(request("ana", "1")));
  ASSERT_TRUE(confirm(session("1")));
  for (int i = 0; i < 5; ++i) {
    advance(9min);
    ASSERT_TRUE(settled(allocator().alive(session("1"), "", Sign::renew, now_)));
    EXPECT_EQ(end_due(), 0U);
  }
  advance(11min);
  EXPECT_EQ(end_due(), 1U);
}

// --- Boots ---

TEST_F(AllocatorTest, ABootEndsTheServersEarlierLeasesAndTheSameEpochEndsNone) {
  const Ipv4 before = address(request("ana", "1"));
  ASSERT_TRUE(assign(request("bob", "2", "other")));
  ASSERT_TRUE(settled(allocator().boot("nas", "epoch-2", now_)));
  EXPECT_EQ(end_due(), 1U);
  EXPECT_EQ(allocator().live(), 1U);
  EXPECT_EQ(address(request("ana", "1")), before);
  const Result<Proposal> again = allocator().boot("nas", "epoch-2", now_);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->bytes.empty());
  EXPECT_EQ(end_due(), 0U);
  EXPECT_EQ(allocator().live(), 2U);
}

TEST_F(AllocatorTest, AUserWhoReturnsBeforeTheBootHasBeenWorkedOffKeepsTheAddress) {
  const Result<Grant> before = assign(request("ana", "1"));
  ASSERT_TRUE(settled(allocator().boot("nas", "epoch-2", now_)));
  const Result<Grant> after = assign(request("ana", "1"));
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->addresses, before->addresses);
  EXPECT_GT(after->generation, before->generation);
  EXPECT_EQ(end_due(), 0U);
}

// --- Proposals ---

TEST_F(AllocatorTest, AnAddressIsOutOfReachFromTheProposalOn) {
  plan_.pools = {ipv4_pool("one", "10.0.0.1")};
  const Result<Proposal> first = propose(request("ana", "1"));
  ASSERT_TRUE(first);
  EXPECT_FALSE(propose(request("bob", "2")));
  allocator().settle(*first, Settled::not_written, now_);
  EXPECT_EQ(address(request("bob", "2")), ip("10.0.0.1"));
}

TEST_F(AllocatorTest, TheSameOwnerWaitsForTheProposalUnderWay) {
  const Result<Proposal> first = propose(request("ana", "1"));
  const Result<Proposal> second = propose(request("ana", "2"));
  ASSERT_TRUE(first && second);
  ASSERT_TRUE(second->blocked_on);
  allocator().settle(*first, Settled::durable, now_);
  EXPECT_FALSE(propose(request("ana", "2"))->blocked_on);
}

TEST_F(AllocatorTest, AChangeThatWasNotWrittenLeavesNoTrace) {
  ASSERT_TRUE(assign(request("ana", "1")));
  ASSERT_TRUE(release(session("1")));
  const std::string before = allocator().fingerprint();
  const Result<Proposal> dropped = propose(request("bob", "2"));
  allocator().settle(*dropped, Settled::not_written, now_);
  // The serial that it drew is gone; all else is as it was.
  const auto body = [](const std::string& text) { return text.substr(text.find('\n')); };
  EXPECT_NE(before, "");
  EXPECT_EQ(body(allocator().fingerprint()).find("bob"), std::string::npos);
  EXPECT_EQ(allocator().uses()[0].pending, 0U);
  EXPECT_EQ(allocator().uses()[0].free + allocator().uses()[0].cooling, 4U);
}

TEST_F(AllocatorTest, ReplayingTheSameBytesGivesTheSameState) {
  std::vector<std::string> journal;
  const auto keep = [&](Result<Proposal> proposal) {
    ASSERT_TRUE(proposal) << proposal.error().what;
    journal.push_back(proposal->bytes);
    allocator().settle(*proposal, Settled::durable, now_);
  };
  keep(propose(request("ana", "1")));
  keep(propose(request("bob", "2")));
  keep(allocator().alive(session("1"), "", Sign::confirm, now_));
  keep(allocator().release(session("2"), "", Cause::released, now_));
  keep(allocator().reserve(name("cyd"), "Cyd", {.ipv4 = ip("10.0.0.3")}));
  keep(propose(request("bob", "4")));
  keep(allocator().boot("nas", "e1", now_));

  auto replayed = Allocator::make(plan_, SipKey{1, 2}, 0);
  for (const std::string& bytes : journal) ASSERT_TRUE((*replayed)->apply(bytes, now_));
  EXPECT_EQ((*replayed)->fingerprint(), allocator().fingerprint());
}

// --- Messages about leases ---

TEST_F(AllocatorTest, AMessageThatNamesAnotherOwnerChangesNothing) {
  ASSERT_TRUE(assign(request("ana", "1")));
  LeaseRef wrong = session("1");
  wrong.user = "bob";
  const Done refused = release(wrong);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::foreign);
  EXPECT_EQ(allocator().live(), 1U);
}

TEST_F(AllocatorTest, AReleaseByAddressOfAnEarlierSessionIsStale) {
  const Ipv4 given = address(request("ana", "1"));
  LeaseRef late;
  late.ipv4 = given;
  late.user = "ana";
  late.session_started = now_.wall - 1h;
  const Done stale = release(late);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code, Code::stale);
  late.session_started = now_.wall;
  EXPECT_TRUE(release(late));
}

TEST_F(AllocatorTest, ADrainingPoolServesOnlyConnectionsThatHaveALease) {
  plan_.pools[0].intake = PoolPlan::Intake::draining;
  EXPECT_FALSE(assign(request("ana", "1")));
}

TEST_F(AllocatorTest, ExplainingChangesNothing) {
  ASSERT_TRUE(assign(request("ana", "1")));
  const std::string before = allocator().fingerprint();
  std::string rule;
  std::vector<std::string> steps;
  const Result<Grant> told =
      allocator().explain(request("bob", "2"), name("bob"), now_, rule, steps);
  ASSERT_TRUE(told);
  EXPECT_FALSE(steps.empty());
  EXPECT_EQ(allocator().fingerprint(), before);
  EXPECT_EQ(assign(request("bob", "2"))->addresses, told->addresses);
}

TEST_F(AllocatorTest, ExplainingDoesNotWaitForTheOwnerWhoHasThePort) {
  ASSERT_TRUE(assign({.user = "ana", .server = "ras1", .port = "P1"}));
  const Result<Proposal> anas = propose(request("ana", "2"));  // on its way
  ASSERT_TRUE(anas);
  const Request bobs{.user = "bob", .server = "ras1", .port = "P1"};
  EXPECT_TRUE(propose(bobs)->blocked_on);
  std::string rule;
  std::vector<std::string> steps;
  const Result<Grant> told = allocator().explain(bobs, name("bob"), now_, rule, steps);
  ASSERT_TRUE(told);
  EXPECT_TRUE(told->addresses.ipv4);
}

TEST_F(AllocatorTest, ExplainingIsSilentAboutKindsThatNoPoolHas) {
  std::string rule;
  std::vector<std::string> steps;
  ASSERT_TRUE(allocator().explain(request("bob", "2"), name("bob"), now_, rule, steps));
  for (const std::string& step : steps) {
    EXPECT_FALSE(step.starts_with("ipv6") || step.starts_with("delegated")) << step;
  }
}

TEST_F(AllocatorTest, AfterARestoreNobodyNewIsServedUntilTheServersHaveBooted) {
  const Ipv4 anas = address(request("ana", "1"));
  ASSERT_TRUE(release(session("1")));
  std::string restored;
  ChangeWriter(restored).add(Step(Restored{now_.wall - 1h, now_.wall, false}));
  ASSERT_TRUE(allocator().apply(restored, now_));
  EXPECT_EQ(address(request("ana", "2")), anas);
  const Result<Grant> refused = assign(request("bob", "3"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::pool_exhausted);
  ASSERT_TRUE(settled(allocator().boot("nas", "e2", now_)));
  EXPECT_TRUE(assign(request("bob", "3")));
}

TEST_F(AllocatorTest, IdentifiersThatHaveCooledAreWrittenDownOnce) {
  plan_.pools[0].identifiers = IdentifierPool{.prefix = prefix("2001:db8::/64")};
  Request ana{.user = "ana", .server = "vpn1", .session = "1", .ipv4 = Want::no};
  ASSERT_TRUE(assign(ana));
  ASSERT_TRUE(release({.server = "vpn1", .session = "1"}));
  const Serial given_back = allocator().last_serial();
  EXPECT_EQ(allocator().cooled_marks(now_), "");
  now_.steady += 5min;
  const std::string bytes = allocator().cooled_marks(now_);
  ASSERT_FALSE(bytes.empty());
  const Result<Step> step = StepReader(bytes).next();
  ASSERT_TRUE(step && std::holds_alternative<Cooled>(*step));
  EXPECT_EQ(std::get<Cooled>(*step).kind, Kind::ipv6);
  EXPECT_EQ(std::get<Cooled>(*step).serial, given_back);
  EXPECT_EQ(allocator().cooled_marks(now_), "");
}

}  // namespace
}  // namespace berth::testing
