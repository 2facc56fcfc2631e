// allocator_server_test.cc - how many servers are known at most, counting those on their way.
#include "core/allocator_test.h"

namespace berth::testing {
namespace {

class ManyServers : public AllocatorTest {
 protected:
  ManyServers() { plan_.pools = {ipv4_pool("main", "10.0.0.0/24")}; }

  // As many as may be known, less this many.
  void know_all_but(std::size_t few) {
    for (std::size_t i = 0; i + few < Servers::kMost; ++i) {
      allocator().load_server("nas" + std::to_string(i), "", {}, false);
    }
  }
};

TEST_F(ManyServers, TwoNewOnesAtOnceDoNotShareTheLastPlace) {
  know_all_but(1);
  const Result<Proposal> first = propose(request("ana", "1", "new1"));
  ASSERT_TRUE(first && !first->blocked_on);
  const Result<Proposal> second = propose(request("bob", "2", "new2"));
  const Result<Proposal> booted = allocator().boot("new3", "epoch", now_);
  ASSERT_FALSE(second);
  ASSERT_FALSE(booted);
  make_durable(*first);
  EXPECT_FALSE(propose(request("cyd", "3", "new2")));
  EXPECT_TRUE(assign(request("cyd", "3", "new1"))) << "it is known now";
}

TEST_F(ManyServers, ABootTakesTheLastPlaceAsWell) {
  know_all_but(1);
  const Result<Proposal> booted = allocator().boot("new1", "epoch", now_);
  ASSERT_TRUE(booted);
  EXPECT_FALSE(propose(request("ana", "1", "new2")));
  make_durable(*booted);
  EXPECT_TRUE(assign(request("ana", "1", "new1")));
}

TEST_F(ManyServers, ManyAssignmentsOfOneNewServerTakeOnePlace) {
  know_all_but(2);
  const Result<Proposal> first = propose(request("ana", "1", "new1"));
  const Result<Proposal> second = propose(request("bob", "2", "new1"));
  ASSERT_TRUE(first && second);
  make_durable(*first);
  const Result<Proposal> other = propose(request("cyd", "3", "new2"));
  ASSERT_TRUE(other) << other.error().what;
  make_durable(*second);
  make_durable(*other);
}

TEST_F(ManyServers, APlaceIsFreeAgainWhereTheChangeWasNotWritten) {
  know_all_but(1);
  const Result<Proposal> first = propose(request("ana", "1", "new1"));
  ASSERT_TRUE(first);
  allocator().settle(*first, Settled::not_written, now_);
  EXPECT_TRUE(assign(request("bob", "2", "new2")));
}

TEST_F(ManyServers, ExplainingKeepsNoPlace) {
  know_all_but(1);
  std::string rule;
  std::vector<std::string> steps;
  ASSERT_TRUE(allocator().explain(request("ana", "1", "new1"), name("ana"), now_, rule, steps));
  EXPECT_TRUE(assign(request("bob", "2", "new2")));
}

TEST_F(ManyServers, OneTooManyIsRefusedForGood) {
  know_all_but(0);
  const Result<Grant> refused = assign(request("ana", "1", "new1"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid);
  const Result<Proposal> booted = allocator().boot("new1", "epoch", now_);
  ASSERT_FALSE(booted);
  EXPECT_EQ(booted.error(), refused.error());
}

}  // namespace
}  // namespace berth::testing
