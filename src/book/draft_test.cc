// draft_test.cc - assignments in two halves, and the Releases that modules are owed.
#include <future>

#include "book/promise_test.h"

namespace berth::testing {
namespace {

class DraftTest : public Promise {
 protected:
  static Request ana() { return port_request("ana", "VPN1"); }
  static LeaseRef anas() { return {.server = "ras", .port = "VPN1", .user = "ana"}; }
  static Addresses at(const char* ipv4) { return {.ipv4 = ip(ipv4), .ipv6 = {}, .delegated = {}}; }
  static Provider asked(bool release) {
    return {.kind = Kind::ipv4, .module = "corp.so", .release = release};
  }

  std::unique_ptr<Draft> propose(const Request& request) {
    auto draft = book().propose(request);
    EXPECT_TRUE(draft) << draft.error().what;
    return draft ? *std::move(draft) : nullptr;
  }
  // Makes a lease for which the module wants, or does not want, the Release.
  Grant made(const Request& request, bool release) {
    const Provider provider = asked(release);
    Result<Grant> grant = propose(request)->commit({&provider, 1});
    EXPECT_TRUE(grant) << grant.error().what;
    return grant.value_or(Grant{});
  }
  std::vector<OwedRelease> owed(std::size_t most = 10) { return book().take_owed(most).value(); }
  static OwedRelease anas_release() {
    return {.module = "corp.so",
            .user = "ana",
            .server = "ras",
            .port = "VPN1",
            .kind = Kind::ipv4,
            .address = at("10.0.0.1")};
  }
};

TEST_P(DraftTest, HoldsItsAddressUntilItIsDropped) {
  auto first = propose(ana());
  EXPECT_EQ(first->grant()->addresses, at("10.0.0.1"));
  auto second = propose(port_request("ben", "VPN2"));
  EXPECT_EQ(second->grant()->addresses, at("10.0.0.2"));
  EXPECT_FALSE(book().find(anas())) << "nothing is durable yet";
  auto third = propose(port_request("cid", "VPN3"));
  auto fourth = propose(port_request("dan", "VPN4"));
  EXPECT_FALSE(propose(port_request("eve", "VPN5"))->grant());
  first.reset();
  EXPECT_EQ(propose(port_request("eve", "VPN5"))->grant()->addresses, at("10.0.0.1"));
}

TEST_P(DraftTest, IsALeaseOnceItIsCommitted) {
  const Result<Grant> grant = propose(ana())->commit({});
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_EQ(grant->reasons[0], Reason::least_recent);
  EXPECT_NE(grant->generation.value, 0U);
  lose_power();
  EXPECT_EQ(book().find(anas())->addresses, at("10.0.0.1"));
}

TEST_P(DraftTest, GivesTheAddressThatAModuleChose) {
  auto draft = propose(ana());
  ASSERT_TRUE(draft->substitute(at("10.0.0.4"), false));
  for (const char* port : {"1", "2", "3"}) EXPECT_TRUE(assign(port_request(port, port)));
  EXPECT_FALSE(assign(port_request("ben", "VPN2"))) << "just the proposed one went back";
  const Result<Grant> grant = draft->commit({});
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_EQ(grant->addresses, at("10.0.0.4"));
  EXPECT_EQ(grant->reasons[0], Reason::module);
}

TEST_P(DraftTest, RefusesASubstituteThatAnotherHoldsOrIsBeingGiven) {
  ASSERT_TRUE(assign(port_request("ben", "VPN2")));
  auto underway = propose(port_request("cid", "VPN3"));
  for (const char* each : {"10.0.0.1", "10.0.0.2"}) {
    auto draft = propose(ana());
    const Done done = draft->substitute(at(each), true);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::address_taken);
    EXPECT_FALSE(draft->commit({}));
  }
  EXPECT_TRUE(assign(ana()));
  EXPECT_TRUE(assign(port_request("dan", "VPN4"))) << "nothing stayed behind";
}

TEST_P(DraftTest, AModuleMayChooseWhereNothingIsToBeHad) {
  for (const char* port : {"1", "2", "3", "4"}) ASSERT_TRUE(assign(port_request(port, port)));
  auto draft = propose(ana());
  ASSERT_FALSE(draft->grant());
  EXPECT_EQ(draft->grant().error().code, Code::pool_exhausted);
  EXPECT_FALSE(draft->commit({}));
  EXPECT_EQ(draft->substitute(at("192.0.2.1"), false).error().code, Code::no_pool);
  ASSERT_TRUE(draft->substitute(at("192.0.2.1"), true));
  const Provider provider = asked(false);
  EXPECT_TRUE(draft->commit({&provider, 1}));
}

TEST_P(DraftTest, AnAddressOutsideEveryPoolIsTold) {
  auto draft = propose(ana());
  ASSERT_TRUE(draft->substitute(at("192.0.2.1"), true));
  const Provider provider = asked(false);
  ASSERT_TRUE(draft->commit({&provider, 1}));
  EXPECT_EQ(told(),
            std::vector<std::string>{
                "address_outside_pools | module:corp.so gave ana on ras 192.0.2.1, which lies in "
                "no pool; add it to one, or set foreign = \"refuse\""});
}

TEST_P(DraftTest, ARetryIsKnownAndAsksNobody) {
  const Grant first = made(session_request("ana", "7"), true);
  auto again = propose(session_request("ana", "7"));
  EXPECT_TRUE(again->is_known());
  EXPECT_EQ(again->commit({})->generation, first.generation);
}

TEST_P(DraftTest, ASecondCallOfTheSameOwnerWaitsForTheFirst) {
  auto first = propose(ana());
  auto second = std::async(std::launch::async, [&] { return book().assign(ana()); });
  const Result<Grant> grant = first->commit({});
  ASSERT_TRUE(grant);
  EXPECT_EQ(second.get()->addresses, grant->addresses);
}

TEST_P(DraftTest, WhoeverHangsUpGetsTheReleaseToMakeOnce) {
  made(ana(), true);
  restart();
  EXPECT_TRUE(owed().empty()) << "the lease lives";
  const auto releases = book().hang_up(anas());
  ASSERT_TRUE(releases);
  EXPECT_EQ(*releases, std::vector{anas_release()});
  EXPECT_TRUE(owed().empty());
  restart();
  EXPECT_TRUE(owed().empty());
}

TEST_P(DraftTest, NothingIsOwedWhereNoReleaseWasAskedFor) {
  made(ana(), false);
  EXPECT_TRUE(book().hang_up(anas())->empty());
  made(ana(), false);
  ASSERT_TRUE(release(anas()));
  EXPECT_TRUE(owed().empty());
}

TEST_P(DraftTest, ALeaseThatEndsByItselfLeavesItsReleaseOwedOverARestart) {
  made(ana(), true);
  ASSERT_TRUE(book().server_booted("ras", "boot-2"));
  restart();
  EXPECT_EQ(owed(), std::vector{anas_release()});
  EXPECT_TRUE(owed().empty()) << "at most once";
  restart();
  EXPECT_TRUE(owed().empty());
}

TEST_P(DraftTest, ANewConnectionOnThePortLeavesTheOldOneOwed) {
  made(ana(), true);
  made(ana(), true);
  EXPECT_EQ(owed(), std::vector{anas_release()});
  EXPECT_EQ(*book().hang_up(anas()), std::vector{anas_release()});
}

TEST_P(DraftTest, OwedReleasesCanBeTakenAFewAtATime) {
  for (const char* port : {"1", "2", "3"}) made(port_request(port, port), true);
  ASSERT_TRUE(book().server_booted("ras", "boot-2"));
  EXPECT_EQ(owed(2).size(), 2U);
  EXPECT_EQ(owed(2).size(), 1U);
  EXPECT_EQ(owed(2).size(), 0U);
}

TEST_P(DraftTest, AnErasedOwnersNameIsToldToNobody) {
  made(ana(), true);
  ASSERT_TRUE(release(anas()));
  ASSERT_TRUE(book().erase_owner("ana"));
  restart();
  EXPECT_TRUE(owed().empty());
}

TEST_P(DraftTest, ARestartBringsBackWhatModulesAnsweredFor) {
  made(ana(), true);
  made(port_request("ben", "VPN2"), false);
  ASSERT_TRUE(release(anas()));
  const std::string before = fingerprint();
  restart();
  EXPECT_EQ(fingerprint(), before);
}

INSTANTIATE_TEST_SUITE_P(Stores, DraftTest,
                         ::testing::Values(Kept::in_memory, Kept::in_snapshots, Kept::in_sqlite));

}  // namespace
}  // namespace berth::testing
