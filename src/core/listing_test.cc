// listing_test.cc - every listed address has one number, and no excluded one has any.
#include "core/listing.h"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace berth {
namespace {

TEST(Listing, NumbersTheMembersOfSeveralPartsInOrder) {
  const Listing listing = Listing::make({{100, 102}, {10, 11}}, {}, 1);
  ASSERT_EQ(listing.size(), 5U);
  const std::vector<Uint128> want = {10, 11, 100, 101, 102};
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_TRUE(listing.at(i) == want[i]) << i;
  EXPECT_EQ(listing.number_of(100), 2U);
  EXPECT_FALSE(listing.number_of(12));
  EXPECT_FALSE(listing.number_of(9));
  EXPECT_FALSE(listing.number_of(103));
}

TEST(Listing, LeavesOutWhatIsExcluded) {
  const Listing listing = Listing::make({{10, 20}}, {{10, 10}, {13, 14}, {14, 15}, {20, 99}}, 1);
  EXPECT_EQ(listing.size(), 6U);  // 11 12 16 17 18 19
  EXPECT_EQ(listing.excluded(), 5U);
  EXPECT_FALSE(listing.number_of(14));
  EXPECT_EQ(listing.number_of(16), 2U);
}

TEST(Listing, CutsPrefixesAndFindsTheOneAroundAnAddress) {
  const Uint128 stride = Uint128{1} << 72;  // /56
  const Uint128 first = Uint128{0x20010db8} << 96;
  const Listing listing = Listing::make({{first, first + (Uint128{1} << 96) - 1}}, {}, stride);
  EXPECT_EQ(listing.size(), std::uint64_t{1} << 24);
  EXPECT_EQ(listing.number_of(first + stride * 77 + 12345), 77U);
}

TEST(Listing, AnExclusionInsideAPrefixTakesTheWholePrefixOut) {
  const Listing listing = Listing::make({{0, 1023}}, {{300, 300}}, 256);
  EXPECT_EQ(listing.size(), 3U);
  EXPECT_FALSE(listing.number_of(256));
}

TEST(Listing, MayBeEmpty) {
  const Listing listing = Listing::make({{10, 20}}, {{0, 99}}, 1);
  EXPECT_EQ(listing.size(), 0U);
  EXPECT_EQ(listing.excluded(), 11U);
  EXPECT_FALSE(listing.number_of(10));
}

TEST(Listing, AgreesWithAPlainSetForRandomPartsAndHoles) {
  std::mt19937 engine(11);
  const auto chance = [&engine] { return static_cast<unsigned>(engine()); };
  for (int round = 0; round < 300; ++round) {
    std::vector<Listing::Part> parts;
    std::set<unsigned> members;
    for (unsigned base = 0; base < 5; ++base) {
      const unsigned first = base * 100 + chance() % 40;
      const unsigned last = first + chance() % 50;
      parts.push_back({first, last});
      for (unsigned each = first; each <= last; ++each) members.insert(each);
    }
    std::vector<Listing::Part> holes;
    for (int i = 0; i < 4; ++i) {
      const unsigned first = chance() % 500;
      const unsigned last = first + chance() % 30;
      holes.push_back({first, last});
      for (unsigned each = first; each <= last; ++each) members.erase(each);
    }
    std::shuffle(parts.begin(), parts.end(), engine);
    const Listing listing = Listing::make(parts, holes, 1);
    ASSERT_EQ(listing.size(), members.size());
    std::uint64_t number = 0;
    for (unsigned each : members) {
      ASSERT_TRUE(listing.at(number) == each);
      ASSERT_EQ(listing.number_of(each), number++);
    }
    for (unsigned each = 0; each < 600; ++each) {
      ASSERT_EQ(listing.number_of(each).has_value(), members.contains(each));
    }
  }
}

}  // namespace
}  // namespace berth
