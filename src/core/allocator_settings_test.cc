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

}  // namespace
}  // namespace berth::testing
