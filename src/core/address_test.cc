// address_test.cc - what is an address and what is not, and how each is written.
#include "berth/address.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace berth {
namespace {

using std::string_literals::operator""s;

// What every parser must refuse without harm, whatever it is for.
const std::vector<std::string> kRubbish = {
    "",
    " ",
    "/",
    "-",
    ":",
    "::/",
    "/64",
    "x",
    "\0"s,
    "10.8.0.7\0"s,
    "\xff\xfe",
    std::string(65536, 'a'),
    std::string(65536, ':'),
    std::string(65536, '1'),
    std::string(65536, '.'),
    "[2001:db8::1]",
    "fe80::1%eth0",
    "10.8.0.7 ",
    " 10.8.0.7",
    "+1.2.3.4",
    "-1.2.3.4",
    "0x0a.8.0.7",
    "１０.8.0.7",
};

template <class T>
void expect_refused(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    auto parsed = T::parse(text);
    ASSERT_FALSE(parsed) << text << " became " << parsed->to_string();
    EXPECT_EQ(parsed.error().code, Code::invalid);
    EXPECT_FALSE(parsed.error().remedy.empty());
    EXPECT_LE(parsed.error().what.size(), 400U) << "a long text is shortened";
    EXPECT_EQ(parsed.error().what.find('\0'), std::string::npos);
  }
}

template <class T>
void expect_kept(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    auto parsed = T::parse(text);
    ASSERT_TRUE(parsed) << parsed.error().what;
    EXPECT_EQ(parsed->to_string(), text);
  }
}

TEST(Ipv4, IsFourNumbersAndNothingLooser) {
  expect_kept<Ipv4>({"0.0.0.0", "10.8.0.7", "255.255.255.255", "1.20.100.200"});
  expect_refused<Ipv4>(kRubbish);
  expect_refused<Ipv4>({"10.8.0", "10.8.0.", ".10.8.0.7", "10.8.0.7.1", "10..8.7", "10.8.0.256",
                        "10.8.0.007", "10.8.00.7", "10.8.0.1000", "168296455", "10.8.0.7/32"});
}

TEST(Ipv4, IsANumberInHostOrder) {
  EXPECT_EQ(Ipv4::parse("10.8.0.7")->bits(), 0x0a080007U);
  EXPECT_LT(*Ipv4::parse("9.255.255.255"), *Ipv4::parse("10.0.0.0"));
}

TEST(InterfaceId, IsFourGroups) {
  expect_kept<InterfaceId>({"0:0:0:1a", "0:0:0:0", "ffff:ffff:ffff:ffff", "1:23:456:789a"});
  EXPECT_EQ(InterfaceId::parse("0000:00:0:1A")->bits(), 0x1aU);
  expect_refused<InterfaceId>(kRubbish);
  expect_refused<InterfaceId>(
      {"0:0:0", "0:0:0:", ":0:0:0:1", "0:0:0:1:2", "::1", "0:0:0:12345", "0:0:0:g", "0:0::1"});
}

// The list that IANA keeps for RFC 5453.
TEST(InterfaceId, KnowsTheIdentifiersThatNoHostMayChoose) {
  for (auto reserved : {"0:0:0:0", "200:5eff:fe00:0", "200:5eff:fe00:5212", "200:5eff:fe00:5213",
                        "200:5eff:feff:ffff", "fdff:ffff:ffff:ff80", "fdff:ffff:ffff:ffff"}) {
    EXPECT_TRUE(InterfaceId::parse(reserved)->is_reserved()) << reserved;
  }
  for (auto allowed : {"0:0:0:1", "200:5eff:fdff:ffff", "200:5eff:ff00:0", "fdff:ffff:ffff:ff7f",
                       "fe00:0:0:0", "ffff:ffff:ffff:ffff"}) {
    EXPECT_FALSE(InterfaceId::parse(allowed)->is_reserved()) << allowed;
  }
}

TEST(Ipv6, IsWrittenAsRfc5952Says) {
  expect_kept<Ipv6>({"::", "::1", "1::", "2001:db8::1", "2001:db8::1:0:0:1", "2001:0:0:1::1",
                     "2001:db8:0:1:1:1:1:1", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1",
                     "fe80::ffff:ffff:ffff:ffff", "0:1::", "0:2:3:4:5:6:7:8", "1:2:3:4:5:6::"});
  struct Case {
    std::string_view read;
    std::string_view written;
  };
  for (auto [read, written] : std::initializer_list<Case>{
           {"2001:DB8::1", "2001:db8::1"},
           {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
           {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},  // one group alone is never left out
           {"2001:0:0:0:1:0:0:1", "2001::1:0:0:1"},          // the longest run
           {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},    // the first of equal ones
           {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
           {"::ffff:c000:201", "::ffff:192.0.2.1"},
           {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
           {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
           {"::1.2.3.4", "::102:304"}}) {
    auto address = Ipv6::parse(read);
    ASSERT_TRUE(address) << read;
    EXPECT_EQ(address->to_string(), written);
  }
}

TEST(Ipv6, HasNoOtherForms) {
  expect_refused<Ipv6>(kRubbish);
  expect_refused<Ipv6>({":::",
                        "1:::2",
                        "1::2::3",
                        "1:2:3:4:5:6:7",
                        "1:2:3:4:5:6:7:8:9",
                        "::12345",
                        "1:2:3:4:5:6:7:8::",
                        "::1:2:3:4:5:6:7:8",
                        "1::2:3:4:5:6:7:8",
                        ":1::",
                        "1:",
                        "1:2:3:4:5:6:7:",
                        "2001:db8::g",
                        "1:2:3:4:5:6:7:1.2.3.4",
                        "::1.2.3",
                        "1.2.3.4",
                        "::1.2.3.4:5",
                        "::1.2.3.04",
                        "::ffff:1.2.3.256",
                        "2001:db8::1/64"});
}

TEST(Ipv6, IsPutTogetherFromItsParts) {
  Ipv6 address(0x2001'0db8'0000'0001, InterfaceId(0x1a));
  EXPECT_EQ(address.to_string(), "2001:db8:0:1::1a");
  EXPECT_EQ(address.high(), 0x2001'0db8'0000'0001U);
  EXPECT_EQ(address.identifier(), InterfaceId(0x1a));
  EXPECT_EQ(Ipv6::from_bytes(address.bytes()), address);
  EXPECT_EQ(address.bytes()[0], 0x20);
  EXPECT_EQ(address.bytes()[15], 0x1a);
}

TEST(Ipv6Prefix, HasALengthAndNoBitBehindIt) {
  expect_kept<Ipv6Prefix>({"::/0", "2001:db8::/32", "2001:db8::7/128", "8000::/1"});
  expect_refused<Ipv6Prefix>(kRubbish);
  expect_refused<Ipv6Prefix>({"2001:db8::", "2001:db8::/129", "2001:db8::/-1", "2001:db8::/064",
                              "2001:db8::/", "2001:db8::/64/64", "2001:db8::1/64", "::1/0",
                              "10.8.0.0/16", "2001:db8::/4294967360", "2001:db8::/64 "});
  EXPECT_EQ(Ipv6Prefix::parse("2001:db8::1/64").error().remedy,
            "write 2001:db8::/64 if that prefix is meant");
  EXPECT_FALSE(Ipv6Prefix::make(Ipv6(), 129));
  EXPECT_FALSE(Ipv6Prefix::make(Ipv6(), -1));
}

TEST(Ipv6Prefix, KnowsWhatIsInside) {
  Ipv6Prefix prefix = *Ipv6Prefix::parse("2001:db8::/32");
  EXPECT_EQ(prefix.last().to_string(), "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_TRUE(prefix.contains(prefix.last()));
  EXPECT_FALSE(prefix.contains(*Ipv6::parse("2001:db9::")));
  EXPECT_TRUE(prefix.overlaps(*Ipv6Prefix::parse("2001:db8:1::/48")));
  EXPECT_TRUE(Ipv6Prefix::parse("2001:db8:1::/48")->overlaps(prefix));
  EXPECT_FALSE(prefix.overlaps(*Ipv6Prefix::parse("2001:db9::/32")));
  EXPECT_TRUE(Ipv6Prefix::parse("::/0")->contains(prefix.last()));
  EXPECT_EQ(Ipv6Prefix::around(prefix.last(), 0).to_string(), "::/0");
  EXPECT_EQ(Ipv6Prefix::host(prefix.last()).address(), prefix.last());
}

TEST(Ipv4Range, IsAPrefixOrFirstToLastOrOneAddress) {
  expect_kept<Ipv4Range>({"10.8.0.0/24", "10.8.0.10-10.8.0.250", "10.8.0.7", "0.0.0.0/0",
                          "10.8.0.0/31", "0.0.0.0-255.255.255.254"});
  expect_refused<Ipv4Range>(kRubbish);
  expect_refused<Ipv4Range>({"10.8.0.0/33", "10.8.0.1/24", "10.8.0.0/", "10.8.0.0/024",
                             "10.8.0.9-10.8.0.8", "10.8.0.0-", "-10.8.0.0", "10.8.0.0 - 10.8.0.9",
                             "10.8.0.1-5", "10.8.0.0/24-10.8.1.0/24", "1.1.1.1-2.2.2.2-3.3.3.3",
                             "::/0"});
}

TEST(Ipv4Range, SaysTheShortestOfItsForms) {
  EXPECT_EQ(Ipv4Range::parse("10.8.0.0-10.8.0.255")->to_string(), "10.8.0.0/24");
  EXPECT_EQ(Ipv4Range::parse("10.8.0.7/32")->to_string(), "10.8.0.7");
  EXPECT_EQ(Ipv4Range::parse("10.8.0.128-10.8.1.127")->to_string(), "10.8.0.128-10.8.1.127");
}

TEST(Ipv4Range, CountsABillionAddressesAndMore) {
  EXPECT_EQ(Ipv4Range::parse("0.0.0.0/0")->size(), std::uint64_t{1} << 32);
  EXPECT_EQ(Ipv4Range::parse("10.0.0.0-69.154.202.0")->size(), 1'000'000'001U);
  EXPECT_EQ(Ipv4Range::parse("10.8.0.7")->size(), 1U);
}

TEST(Ipv6Range, IsAPrefixOrFirstToLastOrOneAddress) {
  expect_kept<Ipv6Range>({"2001:db8::/48", "2001:db8::10-2001:db8::ff", "2001:db8::1", "::/0"});
  expect_refused<Ipv6Range>(kRubbish);
  expect_refused<Ipv6Range>({"2001:db8::/129", "2001:db8::1/64", "::2-::1", "::1-", "10.8.0.0/24"});
  EXPECT_EQ(Ipv6Range::parse("2001:db8::-2001:db8::ffff")->to_string(), "2001:db8::/112");
}

TEST(AnyRange, IsOfEitherFamily) {
  expect_kept<AnyRange>({"10.8.0.7", "10.8.0.0/24", "10.8.0.1-10.8.0.9", "2001:db8::1",
                         "2001:db8::/56", "::ffff:10.8.0.7"});
  expect_refused<AnyRange>(kRubbish);
  EXPECT_TRUE(AnyRange::parse("10.8.0.7")->is_ipv4());
  EXPECT_EQ(AnyRange::parse("10.8.0.0/24")->ipv4(), *Ipv4Range::parse("10.8.0.0/24"));
  EXPECT_FALSE(AnyRange::parse("2001:db8::1")->is_ipv4());
  EXPECT_EQ(AnyRange::parse("2001:db8::/56")->ipv6(), *Ipv6Range::parse("2001:db8::/56"));
  EXPECT_EQ(AnyRange::of(*Ipv4::parse("10.8.0.7")), *AnyRange::parse("10.8.0.7"));
}

}  // namespace
}  // namespace berth
