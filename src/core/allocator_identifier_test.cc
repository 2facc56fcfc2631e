// allocator_identifier_test.cc - identifiers that are computed: for how many, and for whom.
#include <set>

#include "core/allocator_test.h"

namespace berth::testing {
namespace {

class Computed : public AllocatorTest {
 protected:
  Computed() {
    plan_.pools[0].ipv4.clear();
    plan_.pools[0].identifiers = IdentifierPool{.prefix = prefix("2001:db8:1::/64")};
  }

  Request ask(const std::string& user, int number) {
    Request ask = request(user, std::to_string(number));
    ask.ipv4 = Want::no;
    ask.ipv6 = Want::required;
    return ask;
  }
  Done end(int number) { return release(session(std::to_string(number))); }
  Result<Grant> explain(const Request& request) {
    std::string rule;
    std::vector<std::string> steps;
    return allocator().explain(request, name(request.user), now_, rule, steps);
  }
};

TEST_F(Computed, ASlash64IsNotFullForTheSessionsOfOneOwner) {
  std::set<std::string> given;
  for (int i = 0; i < 1000; ++i) {
    const Result<Grant> told = explain(ask("ana", i));
    const Result<Grant> grant = assign(ask("ana", i));
    ASSERT_TRUE(grant) << i << ": " << grant.error().what;
    EXPECT_EQ(grant->reasons[1], Reason::stable);
    EXPECT_TRUE(told && told->addresses == grant->addresses) << i;
    EXPECT_TRUE(given.insert(grant->addresses.to_string()).second) << i;
  }
}

TEST_F(Computed, NorWhereTheyEndInWhateverOrder) {
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(assign(ask("ana", i)));
  for (int i = 300; i < 600; ++i) ASSERT_TRUE(end(i));
  for (int i = 1000; i < 1600; ++i) ASSERT_TRUE(assign(ask("ana", i))) << i;
  for (int i = 1000; i < 1600; i += 2) ASSERT_TRUE(end(i));
  restart();
  for (int i = 2000; i < 2600; ++i) ASSERT_TRUE(assign(ask("ana", i))) << i;
}

// As RAS does: an IPv4 address first, then more for the same connection.
TEST_F(Computed, NorWhereManyLeasesGrowByIt) {
  plan_.pools[0].ipv4 = {{*Ipv4Range::parse("10.0.0.0/16"), ""}};
  for (int i = 0; i < 600; ++i) {
    Request first = ask("ana", i);
    first.ipv4 = Want::required;
    first.ipv6 = Want::no;
    ASSERT_TRUE(assign(first));
  }
  for (int i = 0; i < 600; ++i) ASSERT_TRUE(assign(ask("ana", i))) << i;
}

TEST_F(Computed, AFewSessionsGetTheSameFewIdentifiersAgain) {
  std::vector<Addresses> before;
  std::vector<Addresses> after;
  for (int i = 0; i < 8; ++i) before.push_back(assign(ask("ana", i))->addresses);
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(end(i));
  for (int i = 0; i < 8; ++i) after.push_back(assign(ask("ana", 10 + i))->addresses);
  EXPECT_EQ(after, before);
}

// --- Pools that take nobody new in ---

class HeldDown : public Computed {
 protected:
  HeldDown() { plan_.pools[0].ipv4 = {{*Ipv4Range::parse("10.0.0.0/24"), ""}}; }

  Request both(const std::string& user, int number) {
    Request both = ask(user, number);
    both.ipv4 = Want::required;
    return both;
  }
  void hold_down() {
    plan_.pools[0].intake = PoolPlan::Intake::hold_down;
    restart();
  }
};

TEST_F(HeldDown, AReturningOwnerGetsTheLastAddressAndTheIdentifier) {
  const Result<Grant> before = assign(both("ana", 1));
  ASSERT_TRUE(before && end(1));
  hold_down();
  const Result<Grant> after = assign(both("ana", 2));
  ASSERT_TRUE(after) << after.error().what;
  EXPECT_EQ(after->addresses, before->addresses);
  EXPECT_FALSE(assign(both("bob", 3))) << "bob was never here";
  EXPECT_FALSE(assign(ask("bob", 3)));
  EXPECT_FALSE(assign(both("ana", 4))) << "a second login has no last address";
}

TEST_F(HeldDown, SoDoesOneWhoAsksForThemOneByOne) {
  const Result<Grant> before = assign(both("ana", 1));
  ASSERT_TRUE(before && end(1));
  hold_down();
  Request first = both("ana", 2);
  first.ipv6 = Want::no;
  ASSERT_TRUE(assign(first));
  const Result<Grant> after = assign(both("ana", 2));
  ASSERT_TRUE(after) << after.error().what;
  EXPECT_EQ(after->addresses, before->addresses);
}

TEST_F(HeldDown, AReservationHereIsEnough) {
  ASSERT_TRUE(reserve("ana", {.ipv4 = ip("10.0.0.7")}));
  hold_down();
  EXPECT_TRUE(assign(both("ana", 1)));
}

TEST_F(HeldDown, OfIdentifiersAloneNothingIsRemembered) {
  plan_.pools[0].ipv4.clear();
  ASSERT_TRUE(assign(ask("ana", 1)));
  ASSERT_TRUE(end(1));
  hold_down();
  EXPECT_FALSE(assign(ask("ana", 2)));
}

TEST_F(Computed, ARefusalHasNoEmptyBrackets) {
  plan_.pools[0].intake = PoolPlan::Intake::draining;
  const Result<Grant> refused = assign(ask("ana", 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::pool_exhausted);
  EXPECT_EQ(refused.error().what,
            "pool main has no free ipv6 address for ana (main takes nobody in)");
  EXPECT_EQ(refused.error().remedy, "set intake = \"open\", or add another pool");
}

}  // namespace
}  // namespace berth::testing
