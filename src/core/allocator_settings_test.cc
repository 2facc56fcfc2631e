// allocator_settings_test.cc - what a restart with other settings must not break.
#include "core/allocator_test.h"

namespace berth::testing {
namespace {

PrefixPool cut(std::string_view from, int length) {
  return {.from = {{prefix(from), ""}}, .length = length, .exclude = {}};
}
IdentifierPool computed(std::string_view under) {
  return {.prefix = prefix(under),
          .place = "",
          .choice = IdentifierPool::Choice::stable,
          .exclude = {}};
}

class NewSettings : public AllocatorTest {
 protected:
  NewSettings() { plan_.pools[0].ipv4.clear(); }

  Result<Grant> ask(const std::string& user, const std::string& session_id) {
    Request ask = request(user, session_id);
    ask.ipv4 = Want::no;
    return assign(ask);
  }
  std::string fits() {
    const Done fits = allocator().check_cuts();
    return fits ? "fits" : std::string(code_name(fits.error().code));
  }
};

TEST_F(NewSettings, APrefixHeldAsOneKindIsNotCutAsTheOther) {
  plan_.pools[0].delegated = cut("2001:db8:d000::/55", 56);
  ASSERT_TRUE(ask("ana", "1"));
  plan_.pools[0].delegated.reset();
  plan_.pools[0].prefixes = cut("2001:db8:d000::/55", 64);
  restart();
  EXPECT_EQ(fits(), "settings_invalid");

  plan_.pools[0].prefixes->exclude = {{prefix("2001:db8:d000::/56"), ""}};
  restart();
  EXPECT_EQ(fits(), "fits") << "the rest of the space is free";
}

TEST_F(NewSettings, NorAtTheSameLength) {
  plan_.pools[0].delegated = cut("2001:db8:d000::/63", 64);
  ASSERT_TRUE(ask("ana", "1"));
  plan_.pools[0].delegated.reset();
  plan_.pools[0].prefixes = cut("2001:db8:d000::/63", 64);
  restart();
  EXPECT_EQ(fits(), "settings_invalid");
}

TEST_F(NewSettings, AHostIsNotDelegatedAwayUnderItsUser) {
  plan_.pools[0].identifiers = computed("2001:db8:1::/64");
  ASSERT_TRUE(ask("ana", "1"));
  plan_.pools[0].identifiers.reset();
  plan_.pools[0].delegated = cut("2001:db8:1::/56", 56);
  restart();
  EXPECT_EQ(fits(), "settings_invalid");
}

TEST_F(NewSettings, NoHostIsPutIntoAPrefixThatIsHeld) {
  plan_.pools[0].delegated = cut("2001:db8:d000::/56", 56);
  ASSERT_TRUE(ask("ana", "1"));
  plan_.pools[0].delegated.reset();
  plan_.pools[0].identifiers = computed("2001:db8:d000:1::/64");
  restart();
  EXPECT_EQ(fits(), "settings_invalid");
}

TEST_F(NewSettings, AnExcludedIdentifierIsNotHandedOnByATakeOver) {
  plan_.second_login = SecondLogin::take_over;
  plan_.pools[0].identifiers = computed("2001:db8:1::/64");
  const Result<Grant> first = ask("ana", "1");
  ASSERT_TRUE(first);
  plan_.pools[0].identifiers->exclude = {{first->addresses.ipv6->address().identifier(), ""}};
  restart();
  EXPECT_EQ(fits(), "fits");
  const Result<Grant> second = ask("ana", "2");
  ASSERT_TRUE(second);
  EXPECT_NE(second->addresses.ipv6, first->addresses.ipv6);
  EXPECT_EQ(allocator().live(), 1U);
}

// --- Reserved identifiers ---

class ReservedIdentifier : public NewSettings {
 protected:
  ReservedIdentifier() { plan_.pools[0].identifiers = computed("2001:db8:1::/64"); }

  const Addresses kWanted{.ipv4 = {}, .ipv6 = prefix("2001:db8:1::1234:5678:9abc:def0/128")};
};

TEST_F(ReservedIdentifier, BelongsToItsOwnerFromTheStart) {
  now_.steady = {};  // as in a process that has just begun
  allocator().load_reservation({"ana", "ana", kWanted});
  const Result<Grant> grant = ask("ana", "1");
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->addresses.ipv6, kWanted.ipv6);
}

TEST_F(ReservedIdentifier, ServesAtOnceWhereNobodyHadOneBefore) {
  ASSERT_TRUE(reserve("ana", kWanted));
  EXPECT_EQ(ask("ana", "1")->addresses.ipv6, kWanted.ipv6);
}

TEST_F(ReservedIdentifier, CoolsFromWhoHadItAMomentAgo) {
  const Result<Grant> bobs = ask("bob", "1");
  ASSERT_TRUE(release(session("1")));
  advance(1min);
  ASSERT_TRUE(reserve("ana", {.ipv4 = {}, .ipv6 = bobs->addresses.ipv6}));
  EXPECT_NE(ask("ana", "2")->addresses.ipv6, bobs->addresses.ipv6);
  ASSERT_TRUE(release(session("2")));
  advance(4min);
  EXPECT_EQ(ask("ana", "3")->addresses.ipv6, bobs->addresses.ipv6);
}

TEST_F(ReservedIdentifier, IsAnothersWhereTheSameNumberIsReservedInAnotherPool) {
  PoolPlan other = plan_.pools[0];
  other.name = "other";
  other.identifiers = computed("2001:db8:2::/64");
  plan_.pools.push_back(other);
  ASSERT_TRUE(reserve("ana", {.ipv4 = {}, .ipv6 = prefix("2001:db8:1::5/128")}));
  ASSERT_TRUE(reserve("bob", {.ipv4 = {}, .ipv6 = prefix("2001:db8:2::5/128")}));
  ASSERT_TRUE(propose(request("ana", "1")));  // and not settled yet
  EXPECT_EQ(ask("bob", "2")->addresses.ipv6, prefix("2001:db8:2::5/128"));
}

}  // namespace
}  // namespace berth::testing
