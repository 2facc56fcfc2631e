// rename_test.cc - new owner rules rename the owners of what is there, and of what goes on.
#include "book/promise_test.h"

namespace berth::testing {
namespace {

// On SQLite: a store that keeps names can make them anew.
class Rename : public Promise {
 protected:
  Rename() { plan.servers = {{.name = "nas", .exclusive_ports = false, .confirms = true}}; }
  // The next start cuts realms off.
  void cut_realms() {
    restart();
    plan.owners.keep_realm = false;
  }
};

TEST_P(Rename, AConnectionWithoutSessionIdGoesOnUnderItsNewName) {
  const Request ask = port_request("ana@corp.example", "7", "nas");
  const Result<Grant> first = assign(ask);
  ASSERT_TRUE(first);
  cut_realms();
  const Result<Grant> again = assign(ask);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->generation, first->generation);
  EXPECT_EQ(again->addresses, first->addresses);
  EXPECT_EQ(live(), 1U);
  const LeaseRef which = port_ref("ana@corp.example", "7", "nas");
  EXPECT_EQ(book().find(which)->owner, "ana");
  EXPECT_EQ(code_of(book().confirm(which)), "done");
  EXPECT_EQ(code_of(book().renew(which)), "done");

  clock.advance(1s);
  const Result<Grant> redial = assign(ask);
  ASSERT_TRUE(redial);
  EXPECT_EQ(redial->addresses, first->addresses);
  EXPECT_GT(redial->generation, first->generation);
  EXPECT_EQ(live(), 1U);
  restart();
  EXPECT_EQ(code_of(release(which)), "done");
  EXPECT_EQ(live(), 0U);
  EXPECT_EQ(history("ana@corp.example").size(), 2U);
}

TEST_P(Rename, WhatAnOwnerHadLastAndWhatIsReservedComesAlong) {
  const std::string last = ipv4(session_request("ana@corp.example", "1"));
  ASSERT_TRUE(release(session_ref("1")));
  ASSERT_TRUE(book().reserve("bob@corp.example", {.ipv4 = ip("10.0.0.4")}));
  cut_realms();
  EXPECT_EQ(ipv4(session_request("bob", "2")), "10.0.0.4");
  EXPECT_EQ(ipv4(session_request("ana", "3")), last);
}

TEST_P(Rename, TwoOwnersWhoWouldBecomeOneKeepTheOldRules) {
  ASSERT_TRUE(assign(session_request("ana@corp.example", "1")));
  ASSERT_TRUE(assign(session_request("ana@lab.example", "2")));
  const OwnerRules old = plan.owners;
  cut_realms();
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::owners_collide);
  plan.owners = old;
  EXPECT_EQ(live(), 2U) << "and nothing has changed";
}

INSTANTIATE_TEST_SUITE_P(Book, Rename, ::testing::Values(Kept::in_sqlite));

}  // namespace
}  // namespace berth::testing
