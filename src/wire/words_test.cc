// words_test.cc - what is written is understood, or refused with what would do.
#include "wire/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth {
namespace {

using testing::HasSubstr;

TEST(Words, AWantIsOneOfThree) {
  EXPECT_EQ(parse_want("required"), Want::required);
  EXPECT_EQ(parse_want("no"), Want::no);
  EXPECT_THAT(parse_want("yes").error().what, HasSubstr("\"yes\""));
}

TEST(Words, ALeaseIdIsReadAsItIsWritten) {
  LeaseId id{0x0123456789abcdef};
  EXPECT_EQ(lease_id_text(id), "0123456789abcdef");
  EXPECT_EQ(parse_lease_id(lease_id_text(id)), id);
  EXPECT_EQ(lease_id_text({7}), "0000000000000007");
  for (std::string_view wrong :
       {"", "7", "0123456789abcdeg", "0123456789abcdef0", "-123456789abcdef", "0x23456789abcdef"}) {
    EXPECT_FALSE(parse_lease_id(wrong)) << wrong;
  }
}

TEST(Words, AnAddressFindsItsKind) {
  Result<Addresses> all = parse_addresses({"10.8.0.7", "2001:db8::7", "2001:db8:100::/56"});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->to_string(), "10.8.0.7 2001:db8::7/128 2001:db8:100::/56");
  EXPECT_EQ(parse_addresses({"2001:db8:0:7::/64"})->ipv6->length(), 64);
  EXPECT_EQ(parse_addresses({"delegated:2001:db8:0:7::/64"})->delegated->length(), 64);
  EXPECT_TRUE(parse_addresses({})->empty());
}

TEST(Words, TwoAddressesOfAKindAreRefused) {
  EXPECT_EQ(parse_addresses({"10.8.0.7", "10.8.0.8"}).error().what,
            "\"10.8.0.8\" is a second ipv4 address");
  EXPECT_FALSE(parse_addresses({"2001:db8::1", "2001:db8::2"}));
}

TEST(Words, RubbishIsNoAddress) {
  for (const char* wrong : {"", "10.8.0", "10.8.0.0/24", "2001:db8::/129", "2001:db8::1/64",
                            "delegated:", "delegated:10.8.0.7", "ana"}) {
    EXPECT_FALSE(parse_addresses({wrong})) << wrong;
  }
}

}  // namespace
}  // namespace berth
