// returns_test.cc - the rule by which returning users are counted.
#include "play/returns.h"

#include <gtest/gtest.h>

namespace berth::play {
namespace {

Grant grant(std::uint64_t id, std::string_view address) {
  return {.id = {id}, .generation = {id}, .addresses = {.ipv4 = *Ipv4::parse(address)}};
}

TEST(Returns, CountFromTheSecondLogin) {
  Returns returns;
  returns.granted("ana", grant(1, "10.0.0.1"), false);
  EXPECT_EQ(returns.returned(), 0u);
  returns.granted("ana", grant(2, "10.0.0.1"), false);
  returns.granted("ana", grant(3, "10.0.0.3"), false);
  EXPECT_EQ(returns.returned(), 2u);
  EXPECT_EQ(returns.home(), 1u);
}

TEST(Returns, LeaveRetriesOut) {
  Returns returns;
  returns.granted("ana", grant(1, "10.0.0.1"), false);
  returns.granted("ana", grant(1, "10.0.0.1"), false);
  EXPECT_EQ(returns.returned(), 0u);
}

TEST(Returns, LeaveSecondLoginsOutButNotTakeOvers) {
  Returns returns;
  returns.granted("ana", grant(1, "10.0.0.1"), false);
  returns.granted("ana", grant(2, "10.0.0.2"), true);
  EXPECT_EQ(returns.returned(), 0u);
  Grant taken_over = grant(3, "10.0.0.1");
  taken_over.reasons.fill(Reason::taken_over);
  returns.granted("ana", taken_over, true);
  EXPECT_EQ(returns.returned(), 1u);
  EXPECT_EQ(returns.home(), 1u);
}

TEST(Returns, AreHomeOnlyWithEveryKind) {
  Returns returns;
  Grant first = grant(1, "10.0.0.1");
  first.addresses.delegated = *Ipv6Prefix::parse("2001:db8:0:100::/56");
  Grant second = grant(2, "10.0.0.1");
  second.addresses.delegated = *Ipv6Prefix::parse("2001:db8:0:200::/56");
  returns.granted("ana", first, false);
  returns.granted("ana", second, false);
  EXPECT_EQ(returns.home(), 0u);
  returns.granted("ana", grant(3, "10.0.0.1"), false);  // without a prefix this time
  EXPECT_EQ(returns.home(), 1u);
}

}  // namespace
}  // namespace berth::play
