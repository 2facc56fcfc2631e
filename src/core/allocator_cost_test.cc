// allocator_cost_test.cc - choosing costs the same in pools of every size, empty and full.
//
// Counted are looks at slots: a clock would tell of the machine.
#include <chrono>

#include "core/allocator_test.h"

namespace berth::testing {
namespace {

// Of an assignment and its release; with all kinds, and what has cooled to be moved meanwhile.
constexpr std::uint64_t kMostLooks = 200;

class Cost : public AllocatorTest {
 protected:
  // What is looked at for an assignment and a release of a user who was never seen: the most.
  std::uint64_t of_a_visit() {
    std::uint64_t most = 0;
    for (int i = 0; i < 100; ++i) {
      const std::uint64_t before = allocator().slot_looks();
      const std::string visitor = "visitor" + std::to_string(++visits_);
      EXPECT_TRUE(assign(request(visitor, visitor)));
      EXPECT_TRUE(release(session(visitor)));
      most = std::max(most, allocator().slot_looks() - before);
    }
    return most;
  }
  std::uint64_t of_a_refusal() {
    const std::uint64_t before = allocator().slot_looks();
    EXPECT_FALSE(propose(request("late", "late")));
    return allocator().slot_looks() - before;
  }
  // Begins this many leases without keeping a journal of them.
  void fill(int leases) {
    for (int i = 0; i < leases; ++i) {
      const Result<Proposal> proposal =
          propose(request("u" + std::to_string(i), std::to_string(i)));
      ASSERT_TRUE(proposal) << proposal.error().what;
      allocator().settle(*proposal, Settled::durable, now_);
    }
  }

 private:
  int visits_ = 0;
};

TEST_F(Cost, IsTheSameInAFullPoolAsInAnEmptyOne) {
  plan_.pools = {ipv4_pool("main", "10.0.0.0/14")};
  plan_.pools[0].cool_down = 0s;
  EXPECT_LT(of_a_visit(), kMostLooks);
  fill((1 << 18) - 1);
  ASSERT_EQ(allocator().uses()[0].free, 1U);
  EXPECT_LT(of_a_visit(), kMostLooks);
}

TEST_F(Cost, IsTheSameForThePoolsThatAreLargest) {
  plan_.pools = {ipv4_pool("main", "10.0.0.0/8")};
  plan_.pools[0].delegated =
      PrefixPool{.from = {{prefix("2001:db8::/32"), ""}}, .length = 56, .exclude = {}};
  EXPECT_LT(of_a_visit(), kMostLooks);
  EXPECT_EQ(allocator().uses()[0].size, 1U << 24);
  EXPECT_EQ(allocator().uses()[1].size, 1U << 24);
}

// Visitors would like IPv6, too. No refusal is told, so no numbers are brought up to date for one.
TEST_F(Cost, IsTheSameWhereMuchHasCooledAndAnOptionalKindIsMissing) {
  constexpr int kLeases = 5000;
  plan_.pools = {ipv4_pool("main", "10.0.0.0/16")};
  fill(kLeases);
  for (int i = 0; i < kLeases; ++i) ASSERT_TRUE(release(session(std::to_string(i))));
  advance(5min);
  EXPECT_LT(of_a_visit(), kMostLooks);
}

// In each of them an address cools, and all of these are free again within seconds.
TEST_F(Cost, IsTheSameForManyPoolsAsForOne) {
  plan_.pools = {ipv4_pool("main", "10.0.0.0/16")};
  plan_.rules = {{.name = "all", .place = "", .match = {}, .pools = {"main"}}};
  for (std::uint32_t i = 1; i < kMaxPools; ++i) {
    PoolPlan pool = ipv4_pool("p" + std::to_string(i), "10.1.0.0");
    pool.ipv4[0].value = *Ipv4Range::make(Ipv4(0x0b000000 + i), Ipv4(0x0b000000 + i));
    plan_.pools.push_back(pool);
  }
  for (std::uint32_t i = 1; i < kMaxPools; ++i) {
    const Addresses last{.ipv4 = Ipv4(0x0b000000 + i)};
    allocator().load_last(Kind::ipv4, last, "u" + std::to_string(i), i, true, now_);
    if (i % 100 == 0) advance(125ms);
  }
  const auto cooling = [&] {
    std::uint64_t count = 0;
    for (const PoolUse& use : allocator().uses()) count += use.cooling;
    return count;
  };
  advance(5min - 2s);
  for (int i = 0; i < 10; ++i) {
    advance(1s);
    EXPECT_LT(of_a_visit(), kMostLooks);
  }
  EXPECT_LT(cooling(), 1000U + kMaxPools - 1500) << "a visit frees more than it gives back";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(end_due(), 0U);
  EXPECT_EQ(cooling(), 1000U) << "what the visitors gave back";
}

// The first of those that cool are reserved, and cool for nobody: each is passed once.
TEST_F(Cost, OfFindingAPoolFullIsTheSameWhateverCools) {
  constexpr int kLeases = 1 << 16;
  plan_.pools = {ipv4_pool("main", "10.0.0.0/16")};
  fill(kLeases);
  EXPECT_LT(of_a_refusal(), kMostLooks);
  for (int i = 0; i + 1 < kLeases; ++i) {
    const Result<LeaseRecord> held = allocator().find(session(std::to_string(i)), "");
    ASSERT_TRUE(held);
    ASSERT_TRUE(reserve("keeper" + std::to_string(i), {.ipv4 = held->addresses.ipv4}));
    ASSERT_TRUE(release(session(std::to_string(i))));
  }
  EXPECT_LT(of_a_refusal(), kMostLooks);
  advance(5min);
  EXPECT_FALSE(propose(request("late", "late"))) << "all but one are reserved";
  ASSERT_TRUE(release(session(std::to_string(kLeases - 1))));
  EXPECT_LT(of_a_refusal(), kMostLooks);
  advance(5min);
  EXPECT_TRUE(propose(request("late", "late")));
}

// The least of some rounds, so that a busy machine does not matter.
TEST_F(Cost, IsTheSameHoweverManySessionsItsOwnerHas) {
  plan_.pools = {ipv4_pool("main", "10.0.0.0/14")};
  const auto ask = [](int i) {  // with a session id or without
    Request request{.user = "ana", .server = "nas", .port = "p" + std::to_string(i)};
    if (i % 2 == 0) request.session = std::to_string(i);
    return request;
  };
  int next = 0;
  const auto connect_up_to = [&](int sessions) {
    while (next < sessions) {
      const Result<Proposal> proposal = propose(ask(next++));
      ASSERT_TRUE(proposal) << proposal.error().what;
      allocator().settle(*proposal, Settled::durable, now_);
    }
  };
  const auto cost_from = [&](int first) {  // of ends of old sessions, and new ones
    auto least = std::chrono::steady_clock::duration::max();
    for (int round = 0; round < 10; ++round) {
      const auto start = std::chrono::steady_clock::now();
      for (int i = 0; i < 20; ++i) {
        const Request old = ask(first++);
        EXPECT_TRUE(release({.server = "nas",
                             .session = old.session,
                             .port = old.port,
                             .user = old.session.empty() ? "ana" : ""}));
        EXPECT_TRUE(assign(ask(next++)));
      }
      least = std::min(least, std::chrono::steady_clock::now() - start);
    }
    return least;
  };
  connect_up_to(200);
  const auto few = cost_from(0);
  connect_up_to(100'000);
  EXPECT_LT(cost_from(400), 10 * few);
}

TEST_F(Cost, OfComingBackAfterABootIsTheSameHoweverManySessionsItEnded) {
  plan_.pools = {ipv4_pool("main", "10.0.0.0/16")};
  const Ipv4 first = address(request("ana", "0"));
  for (int i = 1; i < 1000; ++i) address(request("ana", std::to_string(i)));
  ASSERT_TRUE(settled(allocator().boot("nas", "epoch-2", now_)));
  const Result<Proposal> back = propose(request("ana", "new"));
  ASSERT_TRUE(back);
  EXPECT_LT(back->bytes.size(), 4096U);
  make_durable(*back);
  EXPECT_EQ(back->grant.addresses.ipv4, first) << "the one that is remembered";
  EXPECT_EQ(end_due(), 1000U - 16U);
  EXPECT_EQ(allocator().live(), 1U);
}

}  // namespace
}  // namespace berth::testing
