// words_test.cc - what people write is understood or refused, and what they read is short.
#include "cli/words.h"

#include <gtest/gtest.h>

#include "wire/words.h"

namespace berth::cli {
namespace {

using namespace std::chrono_literals;

TEST(Words, ACellShowsAHostWithoutItsLength) {
  EXPECT_EQ(address_cell(*parse_addresses({"2001:db8::7", "2001:db8:100::/56", "10.8.0.7"})),
            "10.8.0.7\n2001:db8::7\n2001:db8:100::/56");
}

TEST(Words, CountsHaveCommas) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1'000), "1,000");
  EXPECT_EQ(count_text(16'777'216), "16,777,216");
  EXPECT_EQ(count_text((Uint128{1} << 64) - 3), "2^64");
  EXPECT_EQ(count_of(1, "lease"), "1 lease");
  EXPECT_EQ(count_of(0, "lease"), "0 leases");
}

TEST(Words, AnAgeHasTwoUnitsAtMost) {
  EXPECT_EQ(age_text(0ms), "0 seconds");
  EXPECT_EQ(age_text(61s), "1 minute 1 second");
  EXPECT_EQ(age_text(24h + 3s), "1 day");
  EXPECT_EQ(age_text(24h * 3 + 4h + 5min), "3 days 4 hours");
  EXPECT_EQ(age_text(-5s), "0 seconds");
}

}  // namespace
}  // namespace berth::cli
