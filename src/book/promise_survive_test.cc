// promise_survive_test.cc - promise 2: what was answered is there after the power cut, whatever the
// call was. Each test cuts the power behind one answer.
#include "book/promise_test.h"

namespace berth::testing {
namespace {

TEST_P(Promise, ARenewalThatWasAnsweredSurvivesThePowerCut) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  clock.advance(10s);
  ASSERT_TRUE(book().renew(session_ref("1")));
  const auto before = book().find(session_ref("1"));
  ASSERT_TRUE(before);
  lose_power();
  const auto after = book().find(session_ref("1"));
  ASSERT_TRUE(after);
  EXPECT_EQ(after->state, State::active);
  EXPECT_EQ(after->renewed, clock.wall());
  EXPECT_EQ(*after, *before);
}

TEST_P(Promise, ABootThatWasAnsweredSurvivesThePowerCut) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  ASSERT_TRUE(book().server_booted("nas", "one"));
  lose_power();
  EXPECT_EQ(live(), 0U);
  EXPECT_EQ(history("ana")[0].cause, Cause::server_boot);
  const auto again = book().server_booted("nas", "one");
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->known);
}

TEST_P(Promise, AReservationTakenAwayStaysAwayAfterThePowerCut) {
  ASSERT_TRUE(book().reserve("ana", {.ipv4 = ip("10.0.0.1")}));
  ASSERT_TRUE(book().reserve("bob", {.ipv4 = ip("10.0.0.2")}));
  ASSERT_TRUE(book().unreserve("ana", {}));
  lose_power();
  const auto reservations = book().reservations();
  ASSERT_EQ(reservations.size(), 1U);
  EXPECT_EQ(reservations[0].owner, "bob");
}

TEST_P(Promise, AnOwnerWhoWasErasedStaysErasedAfterThePowerCut) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  ASSERT_TRUE(release(session_ref("1")));
  ASSERT_TRUE(book().reserve("ana", {.ipv4 = ip("10.0.0.1")}));
  ASSERT_TRUE(book().erase_owner("ana"));
  lose_power();
  EXPECT_TRUE(history("ana").empty());
  EXPECT_TRUE(book().reservations().empty());
  EXPECT_TRUE(book().who_had(AnyRange::of(ip("10.0.0.1")), clock.wall(), 1h)->empty());
}

TEST_P(Promise, HistoryThatWasForgottenStaysForgottenAfterThePowerCut) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  ASSERT_TRUE(release(session_ref("1")));
  clock.advance(1h);
  EXPECT_EQ(*book().forget_history(clock.wall()), 1U);
  lose_power();
  EXPECT_TRUE(history("ana").empty());
}

TEST_P(Promise, EveryAnswerSurvivesThePowerCutBehindIt) {
  plan.pools = {ipv4_pool("main", "10.0.0.0/24")};
  for (int i = 0; i < 20; ++i) {
    const std::string name = std::to_string(i);
    const auto grant = assign(session_request(name, name));
    ASSERT_TRUE(grant);
    lose_power();
    ASSERT_EQ(book().find(session_ref(name))->addresses, grant->addresses) << name;
    if (i % 2 == 0) continue;
    ASSERT_TRUE(release(session_ref(name)));
    lose_power();
    ASSERT_EQ(code_of(release(session_ref(name))), "not_found") << name;
  }
  EXPECT_EQ(live(), 10U);
}

}  // namespace
}  // namespace berth::testing
