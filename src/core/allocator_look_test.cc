// allocator_look_test.cc - who holds what inside a range, and outside every pool.
#include <chrono>

#include "core/allocator_test.h"

namespace berth::testing {
namespace {

class Looking : public AllocatorTest {
 protected:
  std::vector<std::string> holders(std::string_view where) {
    std::vector<std::string> owners;
    allocator().each_holder(*AnyRange::parse(where), [&](const LeaseRecord& record) {
      owners.emplace_back(record.owner);
      return true;
    });
    std::sort(owners.begin(), owners.end());
    return owners;
  }
};
using Names = std::vector<std::string>;

TEST_F(Looking, ARangeNamesEachHolderOnceHoweverItIsLookedThrough) {
  PoolPlan& pool = plan_.pools[0];
  pool = ipv4_pool("main", "10.0.0.0/24");
  pool.exclude_ipv4 = {{*Ipv4Range::parse("10.0.0.2"), ""}};
  pool.prefixes =
      PrefixPool{.from = {{prefix("2001:db8:a::/60"), ""}}, .length = 64, .exclude = {}};
  pool.delegated =
      PrefixPool{.from = {{prefix("2001:db8:ff00::/52"), ""}}, .length = 56, .exclude = {}};
  for (const char* user : {"ana", "bob", "cyd", "dan", "eve"}) {
    ASSERT_TRUE(assign(request(user, user)));
  }
  // Few addresses are looked at one by one; for many, all leases are.
  EXPECT_EQ(holders("10.0.0.0-10.0.0.3"), (Names{"ana", "bob", "cyd"}));
  EXPECT_EQ(holders("9.0.0.0-10.0.0.3"), (Names{"ana", "bob", "cyd"}));
  EXPECT_EQ(holders("10.0.0.0/24"), (Names{"ana", "bob", "cyd", "dan", "eve"}));
  EXPECT_EQ(holders("10.0.0.4"), (Names{"dan"}));
  EXPECT_EQ(holders("10.0.0.2"), Names{});
  EXPECT_EQ(holders("2001:db8:a:1::/64"), (Names{"bob"}));
  EXPECT_EQ(holders("2001:db8:a:1::7"), (Names{"bob"}));
  EXPECT_EQ(holders("2001:db8:ff00:1::/64"), (Names{"ana"})) << "a part of what is delegated";
  EXPECT_EQ(holders("::/0"), (Names{"ana", "bob", "cyd", "dan", "eve"})) << "once, with two kinds";

  plan_.pools = {ipv4_pool("other", "10.9.0.0/24")};
  restart();  // now all of that lies outside every pool
  EXPECT_EQ(holders("10.0.0.0-10.0.0.3"), (Names{"ana", "bob", "cyd"}));
  EXPECT_EQ(holders("2001:db8:a:1::7"), (Names{"bob"}));
  EXPECT_EQ(holders("2001:db8:ff00:1ff::/64"), (Names{"bob"}));
  EXPECT_EQ(holders("::/0"), (Names{"ana", "bob", "cyd", "dan", "eve"}));
  ASSERT_TRUE(release(session("bob")));
  EXPECT_EQ(holders("2001:db8:a:1::7"), Names{});
  EXPECT_EQ(allocator().live(), 4U);
}

// The least of some rounds, so that a busy machine does not matter.
TEST_F(Looking, AnEndOutsideEveryPoolCostsTheSameHoweverManyAreThere) {
  const auto cost = [&](int strays) {
    plan_.pools = {ipv4_pool("old", "10.0.0.0/16")};
    journal_.clear();
    restart();
    for (int i = 0; i < strays; ++i) {
      EXPECT_TRUE(assign(request("u" + std::to_string(i), std::to_string(i))));
    }
    plan_.pools = {ipv4_pool("new", "10.9.0.0/16")};
    restart();
    auto least = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 200; i += 20) {
      const auto start = std::chrono::steady_clock::now();
      for (int j = i; j < i + 20; ++j) EXPECT_TRUE(release(session(std::to_string(j))));
      least = std::min(least, std::chrono::steady_clock::now() - start);
    }
    return least;
  };
  const auto few = cost(200);
  EXPECT_LT(cost(40'000), 20 * few);
}

}  // namespace
}  // namespace berth::testing
