// allocator_cost_test.cc - choosing costs the same in pools of every size, empty and full.
#include <chrono>

#include "core/allocator_test.h"

namespace berth::testing {
namespace {

using Time = std::chrono::steady_clock;

class Cost : public AllocatorTest {
 protected:
  // Of an assignment and a release, each of a user who was never seen; the least of some rounds,
  // so that a busy machine does not matter.
  Time::duration of_visits() {
    auto least = Time::duration::max();
    for (int round = 0; round < 10; ++round) {
      const auto start = Time::now();
      for (int i = 0; i < 50; ++i) {
        const std::string visitor = "visitor" + std::to_string(++visits_);
        EXPECT_TRUE(assign(request(visitor, visitor)));
        EXPECT_TRUE(release(session(visitor)));
      }
      least = std::min(least, Time::now() - start);
    }
    return least;
  }
  void anew() {
    journal_.clear();
    restart();
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
  plan_.pools = {ipv4_pool("main", "10.0.0.0/19")};
  plan_.pools[0].cool_down = 0s;
  const auto empty = of_visits();
  plan_.pools = {ipv4_pool("main", "10.0.0.0/13")};
  plan_.pools[0].cool_down = 0s;
  anew();
  fill((1 << 19) - 1);
  ASSERT_EQ(allocator().uses()[0].free, 1U);
  // A look at each of half a million addresses would cost thousands of times as much.
  EXPECT_LT(of_visits(), 20 * empty);
}

TEST_F(Cost, IsTheSameForThePoolsThatAreLargest) {
  plan_.pools = {ipv4_pool("main", "10.0.0.0/20")};
  const auto small = of_visits();
  plan_.pools = {ipv4_pool("main", "10.0.0.0/8")};
  plan_.pools[0].delegated =
      PrefixPool{.from = {{prefix("2001:db8::/32"), ""}}, .length = 56, .exclude = {}};
  anew();
  EXPECT_LT(of_visits(), 20 * small);
  EXPECT_EQ(allocator().uses()[0].size, 1U << 24);
  EXPECT_EQ(allocator().uses()[1].size, 1U << 24);
}

// The first of those that cool are reserved, and cool for nobody: each is passed once.
TEST_F(Cost, OfFindingAPoolFullIsTheSameWhateverCools) {
  constexpr int kLeases = 1 << 16;
  plan_.pools = {ipv4_pool("main", "10.0.0.0/16")};
  fill(kLeases);
  const auto refusals = [&] {
    auto least = Time::duration::max();
    for (int round = 0; round < 10; ++round) {
      const auto start = Time::now();
      for (int i = 0; i < 50; ++i) EXPECT_FALSE(propose(request("late", "late")));
      least = std::min(least, Time::now() - start);
    }
    return least;
  };
  const auto all_live = refusals();
  for (int i = 0; i + 1 < kLeases; ++i) {
    const Result<LeaseRecord> held = allocator().find(session(std::to_string(i)), "");
    ASSERT_TRUE(held);
    ASSERT_TRUE(reserve("keeper" + std::to_string(i), {.ipv4 = held->addresses.ipv4}));
    ASSERT_TRUE(release(session(std::to_string(i))));
  }
  EXPECT_LT(refusals(), 20 * all_live);
  advance(5min);
  EXPECT_FALSE(propose(request("late", "late"))) << "all but one are reserved";
  ASSERT_TRUE(release(session(std::to_string(kLeases - 1))));
  EXPECT_LT(refusals(), 20 * all_live);
  advance(5min);
  EXPECT_TRUE(propose(request("late", "late")));
}

}  // namespace
}  // namespace berth::testing
