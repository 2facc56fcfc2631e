// exact_test.cc - addresses that a module chose, or that a server says its sessions have.
#include <algorithm>

#include "core/allocator_test.h"

namespace berth::testing {
namespace {

class ExactTest : public AllocatorTest {
 protected:
  ExactTest() {
    plan_.pools = {ipv4_pool("main", "10.0.0.0/28")};
    plan_.pools[0].exclude_ipv4 = {{*Ipv4Range::parse("10.0.0.1"), ""}};
    plan_.pools[0].cool_down = Milliseconds(60'000);
  }

  static Addresses at(const char* ipv4) { return {.ipv4 = ip(ipv4), .ipv6 = {}, .delegated = {}}; }

  Result<Grant> give(const Request& request, const Exact& exact) {
    return granted(allocator().assign(request, name(request.user), exact, now_));
  }
  Result<Grant> chosen(const Request& request, const char* ipv4) {
    return give(request, {.addresses = at(ipv4)});
  }
  Result<Grant> listed(const Request& request, const char* ipv4) {
    return granted(allocator().list(request, name(request.user), at(ipv4), now_));
  }
  Result<Grant> granted(const Result<Proposal>& proposal) {
    if (!proposal) return std::unexpected(proposal.error());
    EXPECT_FALSE(proposal->blocked_on);
    if (!proposal->bytes.empty()) make_durable(*proposal);
    return proposal->grant;
  }
  static Code code(const Result<Grant>& grant) {
    EXPECT_FALSE(grant);
    return grant ? Code::invalid : grant.error().code;
  }
  void lose_leases_in_a_restore() {
    std::string bytes;
    ChangeWriter(bytes).add(Step(Restored{.taken = now_.wall, .at = now_.wall}));
    journal_.push_back(bytes);
    ASSERT_TRUE(allocator().apply(bytes, now_));
  }
};

TEST_F(ExactTest, AModuleGetsTheAddressThatItChose) {
  const Result<Grant> grant = chosen(request("ana", "1"), "10.0.0.9");
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_EQ(grant->addresses.ipv4, ip("10.0.0.9"));
  EXPECT_EQ(grant->reasons[0], Reason::module);
  EXPECT_EQ(address(request("ana", "1")), ip("10.0.0.9")) << "a retry has the same";
}

TEST_F(ExactTest, AModuleGetsNoAddressThatIsAnothers) {
  const Ipv4 held = address(request("ben", "1"));
  EXPECT_EQ(code(chosen(request("ana", "1", "nas2"), held.to_string().c_str())),
            Code::address_taken);
  ASSERT_TRUE(release(session("1")));
  EXPECT_EQ(code(chosen(request("ana", "1", "nas2"), held.to_string().c_str())),
            Code::address_taken)
      << "it cools";
  advance(Milliseconds(61'000));
  EXPECT_TRUE(chosen(request("ana", "1", "nas2"), held.to_string().c_str()));
}

TEST_F(ExactTest, AModuleGetsBackWhatCoolsFromTheSameOwner) {
  ASSERT_TRUE(chosen(request("ana", "1"), "10.0.0.9"));
  ASSERT_TRUE(release(session("1")));
  EXPECT_TRUE(chosen(request("ana", "2"), "10.0.0.9"));
}

TEST_F(ExactTest, AModuleGetsNothingReservedForAnotherOrExcluded) {
  ASSERT_TRUE(reserve("ben", at("10.0.0.5")));
  EXPECT_EQ(code(chosen(request("ana", "1"), "10.0.0.5")), Code::address_taken);
  EXPECT_EQ(code(chosen(request("ana", "1"), "10.0.0.1")), Code::address_taken);
  EXPECT_TRUE(chosen(request("ben", "1"), "10.0.0.5"));
}

TEST_F(ExactTest, AModuleGetsNothingThatIsOnItsWayToAnother) {
  const Result<Proposal> pending = propose(request("ben", "1"));
  ASSERT_TRUE(pending);
  EXPECT_EQ(code(chosen(request("ana", "2"), pending->grant.addresses.ipv4->to_string().c_str())),
            Code::address_taken);
  make_durable(*pending);
}

TEST_F(ExactTest, OneOutsideEveryPoolIsTakenOnceAndOnlyWhereItIsWanted) {
  EXPECT_EQ(code(give(request("ana", "1"), {.addresses = at("192.0.2.1"), .outside_pools = false})),
            Code::no_pool);
  ASSERT_TRUE(chosen(request("ana", "1"), "192.0.2.1"));
  EXPECT_EQ(code(chosen(request("ben", "2"), "192.0.2.1")), Code::address_taken);
  ASSERT_TRUE(release(session("1")));
  EXPECT_TRUE(chosen(request("ben", "2"), "192.0.2.1"));
}

TEST_F(ExactTest, TwoChangesAtOnceDoNotTakeOneOutsideEveryPool) {
  const Request ana = request("ana", "1");
  const Request ben = request("ben", "2");
  const Exact exact{.addresses = at("192.0.2.1")};
  const Result<Proposal> first = allocator().assign(ana, name("ana"), exact, now_);
  ASSERT_TRUE(first && !first->blocked_on);
  const Result<Proposal> second = allocator().assign(ben, name("ben"), exact, now_);
  ASSERT_TRUE(second);
  ASSERT_TRUE(second->blocked_on);
  EXPECT_EQ(std::ranges::count(first->keys(), *second->blocked_on), 1);
  make_durable(*first);
}

TEST_F(ExactTest, AModulesIdentifierOutsideThePoolsMeetsNoOther) {
  PoolPlan pool{.name = "six", .ipv4 = {}};
  pool.identifiers = IdentifierPool{.prefix = *Ipv6Prefix::parse("2001:db8::/64")};
  plan_.pools.push_back(pool);
  Request both = request("ana", "1");
  both.ipv6 = Want::required;
  const auto six = [](const char* text) {
    return Exact{
        .addresses = {.ipv4 = {}, .ipv6 = Ipv6Prefix::host(*Ipv6::parse(text)), .delegated = {}}};
  };
  const Result<Grant> grant = give(both, six("2001:db8::77"));
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_EQ(grant->addresses.ipv6, Ipv6Prefix::host(*Ipv6::parse("2001:db8::77")));
  EXPECT_TRUE(grant->addresses.ipv4) << "chosen as ever";
  EXPECT_EQ(code(give(request("ben", "2"), six("2001:db8::77"))), Code::address_taken);
  EXPECT_EQ(code(give(request("ben", "2"), six("2001:db8::"))), Code::address_taken)
      << "the router's";
}

TEST_F(ExactTest, ASessionThatIsListedKeepsItsLease) {
  const Ipv4 had = address(request("ana", "1"));
  const Result<Grant> grant = listed(request("ana", "1"), had.to_string().c_str());
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_EQ(grant->reasons[0], Reason::same_connection);
  EXPECT_EQ(allocator().find(session("1"), "")->state, State::active) << "it is a sign of life";
  EXPECT_EQ(allocator().live(), 1U);
}

TEST_F(ExactTest, ASessionThatIsListedWithAnotherAddressIsTold) {
  const Ipv4 had = address(request("ana", "1"));
  const char* other = had == ip("10.0.0.9") ? "10.0.0.8" : "10.0.0.9";
  EXPECT_EQ(code(listed(request("ana", "1"), other)), Code::foreign);
}

TEST_F(ExactTest, AStrangerThatIsListedGetsALeaseWhoeverItsAddressWasMeantFor) {
  plan_.rules.push_back({.name = "ben only", .match = {.owners = {"ben"}}, .pools = {"main"}});
  ASSERT_TRUE(reserve("ben", at("10.0.0.5")));
  for (const char* each : {"10.0.0.5", "10.0.0.1", "10.0.0.9", "192.0.2.1"}) {
    const Result<Grant> grant = listed(request("ana", each), each);
    ASSERT_TRUE(grant) << grant.error().what;
    EXPECT_EQ(grant->addresses, at(each));
    EXPECT_EQ(grant->reasons[0], Reason::server_listed);
    EXPECT_EQ(grant->state, State::active);
  }
  EXPECT_NE(address(request("ben", "1")), ip("10.0.0.5")) << "in use";
}

TEST_F(ExactTest, AStrangerDoesNotGetWhatAnotherHolds) {
  const Ipv4 held = address(request("ben", "1"));
  EXPECT_EQ(code(listed(request("ana", "2"), held.to_string().c_str())), Code::address_taken);
}

TEST_F(ExactTest, OnItsExclusivePortAListedSessionTakesTheAddressOver) {
  Request ben = request("ben", "", "ras1");
  ben.port = "VPN1";
  const Ipv4 held = address(ben);
  Request ana = ben;
  ana.user = "ana";
  const Result<Grant> grant = listed(ana, held.to_string().c_str());
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_EQ(grant->addresses.ipv4, held);
  EXPECT_EQ(allocator().live(), 1U);
  restart();
  EXPECT_EQ(allocator().find({.server = "ras1", .port = "VPN1", .user = "ana"}, "ana")->addresses,
            at(held.to_string().c_str()));
}

TEST_F(ExactTest, AServerThatListedItsSessionsIsAwaitedNoLonger) {
  ASSERT_TRUE(assign(request("ana", "1")));
  lose_leases_in_a_restore();
  ASSERT_FALSE(assign(request("new", "2"))) << "what is free may be somebody's";
  EXPECT_EQ(code(chosen(request("new", "2"), "10.0.0.9")), Code::address_taken);
  ASSERT_TRUE(listed(request("lost", "3"), "10.0.0.9"));
  const Proposal done = allocator().listed("nas", now_);
  ASSERT_FALSE(done.bytes.empty());
  make_durable(done);
  EXPECT_TRUE(allocator().listed("nas", now_).bytes.empty());
  EXPECT_TRUE(assign(request("new", "2")));
  EXPECT_EQ(allocator().live(), 3U) << "no lease ended by it";
}

TEST_F(ExactTest, AServerThatIsNotAwaitedChangesNothing) {
  EXPECT_TRUE(allocator().listed("nas", now_).bytes.empty());
}

}  // namespace
}  // namespace berth::testing
