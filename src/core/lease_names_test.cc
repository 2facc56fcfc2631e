// lease_names_test.cc - the words for kinds, states, causes and reasons.
#include <set>

#include <gtest/gtest.h>

#include "berth/lease.h"

namespace berth {
namespace {

// The names of an enum's values up to and including `last`, each of which must be different.
template <class Enum>
std::size_t different_names(std::string_view (*name)(Enum), Enum last) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last); ++i) names.insert(name(static_cast<Enum>(i)));
  EXPECT_FALSE(names.contains("unknown"));
  EXPECT_EQ(name(static_cast<Enum>(static_cast<int>(last) + 1)), "unknown");
  return names.size();
}

TEST(LeaseNames, EveryValueHasANameOfItsOwn) {
  EXPECT_EQ(different_names(kind_name, Kind::delegated), 3U);
  EXPECT_EQ(different_names(state_name, State::active), 2U);
  EXPECT_EQ(different_names(cause_name, Cause::operator_action), 7U);
  EXPECT_EQ(different_names(reason_name, Reason::server_listed), 9U);
}

TEST(LeaseNames, AddressesAreWrittenInTheOrderOfTheirKinds) {
  Addresses addresses;
  EXPECT_EQ(addresses.to_string(), "");
  addresses.delegated = *Ipv6Prefix::parse("2001:db8:100::/56");
  EXPECT_EQ(addresses.to_string(), "2001:db8:100::/56");
  addresses.ipv4 = *Ipv4::parse("10.8.0.7");
  addresses.ipv6 = *Ipv6Prefix::parse("2001:db8::7/128");
  EXPECT_EQ(addresses.to_string(), "10.8.0.7 2001:db8::7/128 2001:db8:100::/56");
}

}  // namespace
}  // namespace berth
