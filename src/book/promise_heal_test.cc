// promise_heal_test.cc - promises 7 and 10: stale leases heal, history is right.
#include "book/promise_test.h"

namespace berth::testing {
namespace {

// --- 7. Stale leases heal ---

TEST_P(Promise, AHeldLeaseEndsAfterItsHoldTimeAndCools) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  clock.advance(plan.hold_time - 125ms);
  book().tick();
  EXPECT_EQ(live(), 1U);
  clock.advance(125ms);
  book().tick();
  EXPECT_EQ(live(), 0U);
  EXPECT_EQ(use().cooling, 1U);
  EXPECT_EQ(history("ana")[0].cause, Cause::hold_expired);
}

TEST_P(Promise, AServerThatNeverConfirmsIsToldOfOnce) {
  const auto unconfirmed = [this](int logins, const std::string& server) {
    for (int i = 0; i < logins; ++i) {
      ASSERT_TRUE(assign(session_request("ana", std::to_string(i), server)));
      clock.advance(plan.hold_time);
      book().tick();
    }
  };
  unconfirmed(9, "nas1");
  unconfirmed(1, "nas2");
  EXPECT_EQ(told(), std::vector<std::string>());
  unconfirmed(5, "nas1");
  EXPECT_EQ(told(), std::vector<std::string>({"server_silent | server nas1: it lets hold times run "
                                              "out and confirms no session; have it send "
                                              "accounting, or say confirms = false of it in the "
                                              "settings"}));
  unconfirmed(20, "nas1");
  EXPECT_EQ(told(), std::vector<std::string>());

  ASSERT_TRUE(assign(session_request("ana", "up", "nas1")));
  ASSERT_TRUE(book().confirm(session_ref("up", "nas1")));
  EXPECT_EQ(told(),
            std::vector<std::string>({"server_heard | server nas1: it confirms sessions again"}));
}

TEST_P(Promise, AConfirmationInBetweenKeepsAServerFromBeingToldOf) {
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(assign(session_request("ana", std::to_string(i))));
    if (i % 10 == 9) {
      ASSERT_TRUE(book().confirm(session_ref(std::to_string(i))));
      ASSERT_TRUE(release(session_ref(std::to_string(i))));
    }
    clock.advance(plan.hold_time);
    book().tick();
  }
  EXPECT_EQ(told(), std::vector<std::string>());
}

TEST_P(Promise, AConfirmedLeaseStays) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  ASSERT_TRUE(book().confirm(session_ref("1")));
  clock.advance(1000h);
  book().tick();
  EXPECT_EQ(live(), 1U);
}

TEST_P(Promise, ALeaseThatIsNotRenewedEndsAfterItsLeaseTime) {
  plan.lease_time = 10min;
  ASSERT_TRUE(assign(session_request("ana", "1")));
  ASSERT_TRUE(book().confirm(session_ref("1")));
  clock.advance(9min);
  ASSERT_TRUE(book().renew(session_ref("1")));
  clock.advance(9min);
  book().tick();
  EXPECT_EQ(live(), 1U);
  clock.advance(1min);
  book().tick();
  EXPECT_EQ(live(), 0U);
  EXPECT_EQ(history("ana")[0].cause, Cause::lease_expired);
}

TEST_P(Promise, ALeaseTimeShorterThanTheHoldTimeCounts) {
  plan.hold_time = 10min;
  plan.lease_time = 1min;
  ASSERT_TRUE(assign(session_request("ana", "1")));
  ASSERT_TRUE(book().confirm(session_ref("1")));
  clock.advance(1min);
  book().tick();
  EXPECT_EQ(live(), 0U);
}

TEST_P(Promise, AllLeasesOfAnOwnerThatAreDueEndAtOnce) {
  for (const char* session : {"1", "2", "3"}) {
    ASSERT_TRUE(assign(session_request("ana", session)));
  }
  clock.advance(plan.hold_time);
  book().tick();
  EXPECT_EQ(live(), 0U);
}

TEST_P(Promise, HoldAndLeaseTimesBeginAgainInFullAfterAStart) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  clock.advance(plan.hold_time - 1s);
  lose_power();
  book();
  clock.advance(plan.hold_time - 1s);
  book().tick();
  EXPECT_EQ(live(), 1U);
  clock.advance(1s);
  book().tick();
  EXPECT_EQ(live(), 0U);
}

TEST_P(Promise, ANewUserOnAnExclusivePortEndsItsOldLease) {
  ASSERT_EQ(ipv4(port_request("ana", "VPN2-1")), "10.0.0.1");
  EXPECT_EQ(ipv4(port_request("bob", "VPN2-2")), "10.0.0.2");
  EXPECT_EQ(ipv4(port_request("eva", "VPN2-1")), "10.0.0.3");
  EXPECT_EQ(live(), 2U);
  EXPECT_EQ(history("ana")[0].cause, Cause::superseded);
  lose_power();
  EXPECT_EQ(ipv4(port_request("kim", "VPN2-1")), "10.0.0.4");
  EXPECT_EQ(history("eva")[0].cause, Cause::superseded);
  Request shared = session_request("new", "1");
  shared.port = "0";
  ASSERT_TRUE(release(port_ref("kim", "VPN2-1")));
  clock.advance(plan.pools[0].cool_down);
  ASSERT_TRUE(assign(shared));
  shared.user = "other";
  shared.session = "2";
  ASSERT_TRUE(assign(shared));
  EXPECT_EQ(book().leases({}, "nas", 9)->size(), 2U) << "its ports are shared by all";
}

TEST_P(Promise, ANewBootEpochEndsTheLeasesThatBeganBeforeIt) {
  ASSERT_TRUE(assign(session_request("ana", "1", "nas")));
  ASSERT_TRUE(assign(session_request("bob", "2", "nas")));
  ASSERT_TRUE(assign(session_request("eva", "3", "other")));
  const auto booted = book().server_booted("nas", "one");
  ASSERT_TRUE(booted);
  EXPECT_FALSE(booted->known);
  EXPECT_EQ(booted->ended, 2U);
  EXPECT_EQ(live(), 1U);
  EXPECT_EQ(history("ana")[0].cause, Cause::server_boot);
}

TEST_P(Promise, TheSameBootEpochAgainEndsNone) {
  ASSERT_TRUE(book().server_booted("nas", "one"));
  ASSERT_TRUE(assign(session_request("ana", "1", "nas")));
  lose_power();  // loading a module or starting a daemon is no boot of the server
  const auto again = book().server_booted("nas", "one");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->known);
  EXPECT_EQ(again->ended, 0U);
  EXPECT_EQ(live(), 1U);
}

TEST_P(Promise, ABootWithoutAnEpochIsRefused) {
  const auto refused = book().server_booted("nas", "");
  ASSERT_FALSE(refused) << "it would be taken for the epoch of a server that never booted";
  EXPECT_EQ(refused.error().code, Code::invalid);
}

TEST_P(PromiseInMemory, ABootThatThePowerInterruptedStillEndsItsLeases) {
  ASSERT_TRUE(assign(session_request("ana", "1", "nas")));
  ASSERT_TRUE(book().confirm(session_ref("1")));
  disk.cut_after(1);
  EXPECT_FALSE(book().server_booted("nas", "one"));
  lose_power();
  EXPECT_EQ(code_of(book().renew(session_ref("1"))), "stale");
  const auto again = book().server_booted("nas", "one");
  ASSERT_TRUE(again);
  EXPECT_EQ(live(), 0U);
  EXPECT_EQ(history("ana")[0].cause, Cause::server_boot);
}

TEST_P(Promise, LeasesOfAfterABootLiveThoughManyServersBooted) {
  ASSERT_TRUE(assign(session_request("ana", "1", "nas")));
  for (const char* server : {"other", "third", "nas"}) {
    ASSERT_TRUE(book().server_booted(server, "one"));
  }
  restart();
  ASSERT_TRUE(assign(session_request("ana", "1", "nas")));
  book().tick();
  EXPECT_EQ(live(), 1U);
  EXPECT_TRUE(book().renew(session_ref("1")));
}

// --- 10. History is right ---

TEST_P(Promise, AnIntervalTellsWhoWhereAndWhen) {
  Request request = session_request("ANA", "17");
  request.port = "p5";
  const WallTime start = clock.wall();
  const auto grant = assign(request);
  ASSERT_TRUE(grant);
  clock.advance(10min);
  ASSERT_TRUE(book().renew(session_ref("17")));
  clock.advance(10min);
  ASSERT_TRUE(release(session_ref("17")));
  const WallTime end = clock.wall();
  lose_power();

  const auto where = AnyRange::of(*grant->addresses.ipv4);
  const auto found = *book().who_had(where, start + 1min);
  ASSERT_EQ(found.size(), 1U) << "a renewal makes no row";
  EXPECT_EQ(found[0].owner, "ana");
  EXPECT_EQ(found[0].user, "ANA");
  EXPECT_EQ(found[0].server, "nas");
  EXPECT_EQ(found[0].port, "p5");
  EXPECT_EQ(found[0].session, "17");
  EXPECT_EQ(found[0].generation, grant->generation);
  EXPECT_EQ(found[0].started, start);
  EXPECT_EQ(found[0].ended, end);
  EXPECT_EQ(found[0].cause, Cause::released);
  EXPECT_TRUE(book().who_had(where, start - 1ms)->empty());
  EXPECT_TRUE(book().who_had(where, end)->empty()) << "[start, end)";
  EXPECT_EQ(book().who_had(where, end + 1min, 2min)->size(), 1U);
}

TEST_P(Promise, WhoNamesEveryCandidateTheLatestFirst) {
  plan.pools = {ipv4_pool("main", "10.0.0.1")};
  plan.pools[0].cool_down = 0s;
  for (const char* user : {"ana", "bob", "eva"}) {
    ASSERT_TRUE(assign(session_request(user, user)));
    if (user != std::string("eva")) {
      ASSERT_TRUE(release(session_ref(user)));
    }
    clock.advance(1min);
  }
  const auto found = *book().who_had(AnyRange::of(ip("10.0.0.1")), clock.wall(), 1h);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].owner, "eva");
  EXPECT_FALSE(found[0].ended);
  EXPECT_EQ(found[1].owner, "bob");
  EXPECT_EQ(found[2].owner, "ana");
}

TEST_P(Promise, AnIntervalNeverEndsBeforeItBegins) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  clock.jump(-2h);
  ASSERT_TRUE(release(session_ref("1")));
  ASSERT_TRUE(assign(session_request("ana", "2")));
  clock.advance(1min);
  ASSERT_TRUE(release(session_ref("2")));
  lose_power();
  const auto intervals = history("ana");
  ASSERT_EQ(intervals.size(), 2U);
  EXPECT_GE(*intervals[0].ended, intervals[0].started);
  EXPECT_GE(*intervals[1].ended, intervals[1].started);
  EXPECT_GT(intervals[0].sequence, intervals[1].sequence) << "order is by sequence";
  EXPECT_LT(intervals[0].started, intervals[1].started) << "whatever the clock said";
}

TEST_P(Promise, WhoNamesTheHolderThoughTheClockWasSetBack) {
  const auto where = AnyRange::of(ip("10.0.0.1"));
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  EXPECT_TRUE(book().who_had(where, clock.wall() - 1ms)->empty()) << "nobody set the clock";
  clock.jump(-2h);
  for (int i = 0; i < 2; ++i) {
    const auto found = *book().who_had(where, clock.wall());
    ASSERT_EQ(found.size(), 1U) << "ana has it, though she seems to begin later";
    EXPECT_EQ(found[0].owner, "ana");
    EXPECT_EQ(book().history("ana", {.until = clock.wall()})->size(), 1U);
    clock.advance(1h);
  }
}

TEST_P(PromiseInMemory, AWideLookIsToldTheLatestLiveLeases) {
  plan.pools = {ipv4_pool("main", "10.0.0.0/16")};
  constexpr std::size_t kMost = Store::kMostIntervals;
  for (std::size_t i = 0; i < kMost + 20; ++i) {
    ASSERT_TRUE(assign(session_request("user" + std::to_string(i), std::to_string(i))));
  }
  clock.advance(1s);
  const auto found = *book().who_had(AnyRange::of(*Ipv4Range::parse("10.0.0.0/8")), clock.wall());
  ASSERT_EQ(found.size(), kMost);
  EXPECT_EQ(found.front().owner, "user" + std::to_string(kMost + 19));
  EXPECT_EQ(found.back().owner, "user20");
}

TEST_P(Promise, WhoIsAskedForAnyTimeAtAll) {
  const auto where = AnyRange::of(ip("10.0.0.1"));
  const WallTime start = clock.wall();
  ASSERT_EQ(ipv4(session_request("ana", "1")), "10.0.0.1");
  clock.advance(1min);
  ASSERT_TRUE(release(session_ref("1")));
  clock.advance(plan.pools[0].cool_down);
  ASSERT_EQ(ipv4(session_request("ana", "2")), "10.0.0.1");
  const auto count = [&](WallTime at, Milliseconds window) {
    return book().who_had(where, at, window)->size();
  };
  EXPECT_EQ(count(start, Milliseconds::max()), 2U);
  EXPECT_EQ(count(WallTime::min(), Milliseconds::max()), 2U);
  EXPECT_EQ(count(WallTime::max(), Milliseconds::max()), 2U);
  EXPECT_EQ(count(WallTime::max(), 0ms), 1U) << "the one that goes on";
  EXPECT_EQ(count(WallTime::min(), 0ms), 0U);
  EXPECT_EQ(count(start, Milliseconds::min()), 1U) << "a window is never less than none";
}

TEST_P(Promise, AReleaseThatComesLateSaysWhenTheSessionEnded) {
  const WallTime began = clock.wall();
  const WallTime now = began + 1h;
  for (const char* user : {"ana", "bob", "cyd"}) ASSERT_TRUE(assign(port_request(user, user)));
  clock.advance(1h);
  const auto end_of = [&](const std::string& user, WallTime ended) {
    LeaseRef which = port_ref(user, user);
    which.ended = ended;
    EXPECT_TRUE(release(which));
    return history(user).front().ended;
  };
  EXPECT_EQ(end_of("ana", began + 40min), began + 40min);
  EXPECT_EQ(end_of("bob", now + 1h), now) << "none ends in the future";
  EXPECT_EQ(end_of("cyd", began - 1h), began) << "nor before it began";
  EXPECT_EQ(use().cooling, 3U) << "others wait in full, from when we heard of it";
}

TEST_P(Promise, HistoryIsForgottenByItselfAfterItsTime) {
  plan.keep_history = 1h;
  ASSERT_TRUE(assign(session_request("ana", "1")));
  ASSERT_TRUE(release(session_ref("1")));
  clock.advance(50min);
  ASSERT_TRUE(assign(session_request("ana", "2")));
  ASSERT_TRUE(release(session_ref("2")));
  book().tick();
  EXPECT_EQ(history("ana").size(), 2U);
  clock.advance(11min);
  book().tick();
  const auto kept = history("ana");
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].session, "2");
  clock.advance(1h);
  book().tick();
  EXPECT_TRUE(history("ana").empty());
}

TEST_P(PromiseInMemory, AJumpOfTheClockIsRecorded) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  const WallTime before = clock.wall();
  clock.advance(1s);
  clock.jump(-2h);
  ASSERT_TRUE(assign(session_request("ana", "2")));
  clock.advance(1h);
  clock.jump(1s);  // clocks are set right by so much every day
  ASSERT_TRUE(assign(session_request("ana", "3")));
  std::vector<ClockStepped> recorded;
  for (const std::string& change : disk.journal()) {
    for (StepReader reader(change); !reader.done();) {
      const Step step = *reader.next();
      if (const auto* stepped = std::get_if<ClockStepped>(&step)) recorded.push_back(*stepped);
    }
  }
  ASSERT_EQ(recorded.size(), 1U);
  EXPECT_EQ(recorded[0].from, before + 1s);
  EXPECT_EQ(recorded[0].to, before + 1s - 2h);
}

TEST_P(Promise, HoldTimesDoNotFollowTheWallClock) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  clock.jump(1000h);
  book().tick();
  EXPECT_EQ(live(), 1U);
  clock.jump(-2000h);
  clock.advance(plan.hold_time);
  book().tick();
  EXPECT_EQ(live(), 0U);
}

TEST_P(Promise, AKindThatCameBackHasItsOldIntervalAndItsNewOne) {
  plan.pools[0].identifiers = IdentifierPool{.prefix = prefix("2001:db8:a::/64"), .exclude = {}};
  const auto grant = assign(session_request("ana", "1"));
  ASSERT_TRUE(grant);
  clock.advance(1min);
  ASSERT_TRUE(release({.server = "nas", .session = "1", .kind = Kind::ipv4}));
  clock.advance(1min);
  Request again = session_request("ana", "1");
  again.ipv4 = Want::required;
  ASSERT_EQ(assign(again)->addresses, grant->addresses);
  const auto found = *book().who_had(AnyRange::of(*grant->addresses.ipv4), clock.wall(), 1h);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FALSE(found[0].ended);
  EXPECT_EQ(found[1].ended, clock.wall() - 1min);
}

TEST_P(Promise, AMovedAddressHasNoGapAndNoOverlap) {
  plan.second_login = SecondLogin::take_over;
  ASSERT_TRUE(assign(session_request("ana", "1")));
  clock.advance(1min);
  ASSERT_TRUE(assign(session_request("ana", "2")));
  const auto intervals = history("ana");
  ASSERT_EQ(intervals.size(), 2U);
  EXPECT_EQ(intervals[0].started, *intervals[1].ended);
}

}  // namespace
}  // namespace berth::testing
