// allocator_late_test.cc - messages that come too early, too late or about another session.
#include "core/allocator_test.h"

namespace berth::testing {
namespace {

TEST_F(AllocatorTest, ALateStopOfASessionLeavesANewerLeaseWithoutOneAlone) {
  const Request dial{.user = "ana", .server = "nas", .port = "7"};
  const WallTime began = now_.wall;
  ASSERT_TRUE(assign(dial));
  LeaseRef which{.server = "nas", .session = "A", .port = "7", .user = "ana"};
  ASSERT_TRUE(confirm(which)) << "the session had no id yet when the address was asked for";
  advance(1h);
  const Result<Grant> redial = assign(dial);
  ASSERT_TRUE(redial);
  EXPECT_EQ(redial->generation.value, 3U);

  which.session_started = began;
  const Done late = release(which);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::stale);
  EXPECT_EQ(allocator().live(), 1U);
  which.session_started = now_.wall;
  EXPECT_TRUE(release(which)) << "one that did not begin before the lease is the lease's own";
}

TEST_F(AllocatorTest, AMessageWaitsForTheAssignThatItIsAbout) {
  const Request by_port{.user = "ana", .server = "ras1", .port = "P1"};
  for (const Request& ask : {request("ana", "1"), by_port}) {
    const Result<Proposal> under_way = propose(ask);
    ASSERT_TRUE(under_way);
    LeaseRef by_id;
    by_id.id = under_way->grant.id;
    LeaseRef by_key = {.server = ask.server, .session = ask.session, .port = ask.port};
    if (ask.session.empty()) by_key.user = ask.user;
    for (const LeaseRef& which : {by_id, by_key}) {
      const Result<Proposal> early = allocator().release(which, which.user, Cause::released, now_);
      ASSERT_TRUE(early) << early.error().what;
      EXPECT_TRUE(early->blocked_on);
      const Result<Proposal> confirms = allocator().alive(which, which.user, Sign::confirm, now_);
      ASSERT_TRUE(confirms) << confirms.error().what;
      EXPECT_TRUE(confirms->blocked_on);
    }
    make_durable(*under_way);
    ASSERT_TRUE(release(by_key));
    EXPECT_EQ(allocator().live(), 0U) << "what was given up is not kept for ever";
  }
}

TEST_F(AllocatorTest, AMessageByPortWaitsForWhoeverComesOnThatPort) {
  ASSERT_TRUE(assign({.user = "ana", .server = "ras1", .port = "P1"}));
  const Result<Proposal> bobs = propose({.user = "bob", .server = "ras1", .port = "P1"});
  ASSERT_TRUE(bobs);
  const LeaseRef which{.server = "ras1", .port = "P1", .user = "cyd"};
  const Result<Proposal> early = allocator().release(which, "cyd", Cause::released, now_);
  ASSERT_TRUE(early) << early.error().what;
  EXPECT_TRUE(early->blocked_on);
}

TEST_F(AllocatorTest, ATakeOverWaitsForTheReservationOfItsAddress) {
  plan_.second_login = SecondLogin::take_over;
  const Ipv4 first = address(request("ana", "1"));
  const Result<Proposal> reserving = allocator().reserve(name("bob"), "bob", {.ipv4 = first});
  ASSERT_TRUE(reserving);
  const Result<Proposal> early = propose(request("ana", "2"));
  ASSERT_TRUE(early);
  EXPECT_TRUE(early->blocked_on);
  make_durable(*reserving);
  EXPECT_NE(address(request("ana", "2")), first);
}

TEST_F(AllocatorTest, AfterARestoreNoGenerationComesASecondTime) {
  const Result<Grant> before = assign(request("ana", "1"));
  // A backup is taken here; what follows is lost with the disk.
  constexpr std::uint64_t kLost = 1'000'000;
  std::string restored;
  ChangeWriter(restored).add(Step(Restored{now_.wall - 1h, now_.wall, true}));
  ASSERT_TRUE(allocator().apply(restored, now_));
  const Result<Grant> after = assign(request("ana", "2"));
  ASSERT_TRUE(before && after);
  EXPECT_GT(after->generation.value, before->generation.value + kLost);
}

}  // namespace
}  // namespace berth::testing
