// time_text_test.cc - times and durations as people write them.
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "berth/time.h"

namespace berth {
namespace {

using namespace std::literals;

WallTime at(std::int64_t milliseconds) { return WallTime{Milliseconds{milliseconds}}; }

TEST(TimeText, ReadsRfc3339) {
  struct Case {
    std::string_view text;
    std::int64_t milliseconds;
  };
  for (auto [text, milliseconds] :
       std::initializer_list<Case>{{"1970-01-01T00:00:00Z", 0},
                                   {"2026-11-21T09:30:00Z", 1'795'253'400'000},
                                   {"2026-11-21t09:30:00z", 1'795'253'400'000},
                                   {"2026-11-21T10:30:00+01:00", 1'795'253'400'000},
                                   {"2026-11-21T04:00:00-05:30", 1'795'253'400'000},
                                   {"2026-11-21T09:30:00.250Z", 1'795'253'400'250},
                                   {"2026-11-21T09:30:00.25Z", 1'795'253'400'250},
                                   {"2026-11-21T09:30:00.250999999Z", 1'795'253'400'250},
                                   {"2026-11-21T09:30:00", 1'795'253'400'000},
                                   {"2026-11-21 09:30", 1'795'253'400'000},
                                   {"2024-02-29T00:00:00Z", 1'709'164'800'000},
                                   {"1969-12-31T23:00:00-01:00", 0},
                                   {"9999-12-31T23:59:59.999Z", 253'402'300'799'999},
                                   {"@0", 0},
                                   {"@1795253400", 1'795'253'400'000}}) {
    auto time = parse_time(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(*time, at(milliseconds)) << text;
  }
}

TEST(TimeText, RefusesWhatIsNoTimeOrTooEarlyOrTooLate) {
  for (const std::string& text : {""s,
                                  "now"s,
                                  "2026"s,
                                  "2026-11-21"s,
                                  "2026-11-21T"s,
                                  "2026-11-21T09"s,
                                  "2026-11-21T9:30"s,
                                  "2026-13-01T00:00:00Z"s,
                                  "2026-00-01T00:00:00Z"s,
                                  "2026-02-29T00:00:00Z"s,
                                  "2026-11-31T00:00:00Z"s,
                                  "2026-11-00T00:00:00Z"s,
                                  "2026-11-21T24:00:00Z"s,
                                  "2026-11-21T09:60:00Z"s,
                                  "2026-11-21T09:30:60Z"s,
                                  "2026-11-21T09:30:00.Z"s,
                                  "2026-11-21T09:30:00.1234567890Z"s,
                                  "2026-11-21T09:30:00+1:00"s,
                                  "2026-11-21T09:30:00+24:00"s,
                                  "2026-11-21T09:30:00+01:60"s,
                                  "2026-11-21T09:30:00ZZ"s,
                                  "2026-11-21T09:30:00Z "s,
                                  " 2026-11-21T09:30:00Z"s,
                                  "20261121T093000Z"s,
                                  "2026-11-21T09:30:00Z\0"s,
                                  "@"s,
                                  "@-1"s,
                                  "@1.5"s,
                                  "@01"s,
                                  "@9999999999999"s,
                                  "@253402300800"s,
                                  "1969-12-31T23:59:59Z"s,
                                  "1970-01-01T00:30:00+01:00"s,
                                  "9999-12-31T23:59:59-01:00"s,
                                  "0000-01-01T00:00:00Z"s,
                                  "10000-01-01T00:00:00Z"s,
                                  std::string(65536, '9'),
                                  "\xff\xff"s}) {
    auto time = parse_time(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().code, Code::invalid);
    EXPECT_LE(time.error().what.size(), 400U);
  }
}

TEST(TimeText, WritesMillisecondsOnlyWhereThereAreSome) {
  EXPECT_EQ(format_time(at(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_time(at(1'795'253'400'000)), "2026-11-21T09:30:00Z");
  EXPECT_EQ(format_time(at(1'795'253'400'007)), "2026-11-21T09:30:00.007Z");
}

TEST(TimeText, WritesTimesThatNoClockShouldShow) {
  EXPECT_EQ(format_time(at(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(TimeText, ReadsDurations) {
  struct Case {
    std::string_view text;
    Milliseconds duration;
  };
  for (auto [text, duration] : std::initializer_list<Case>{{"0s", 0ms},
                                                           {"250ms", 250ms},
                                                           {"90s", 90s},
                                                           {"15m", 15min},
                                                           {"2h", 2h},
                                                           {"1h30m", 90min},
                                                           {"7d", 7 * 24h},
                                                           {"1d2h3m4s5ms", 26h + 3min + 4005ms},
                                                           {"3650d", kMaxDuration}}) {
    auto read = parse_duration(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, duration) << text;
  }
}

TEST(TimeText, RefusesWhatIsNoDurationOrTooLong) {
  for (const std::string& text : {""s,
                                  "s"s,
                                  "5"s,
                                  "5 m"s,
                                  "5m "s,
                                  "-5m"s,
                                  "+5m"s,
                                  "1.5h"s,
                                  "05m"s,
                                  "5M"s,
                                  "5min"s,
                                  "30m1h"s,
                                  "1h1h"s,
                                  "1h30"s,
                                  "3651d"s,
                                  "3650d1ms"s,
                                  "999999999999d"s,
                                  "9999999999999999999999s"s,
                                  "1w"s,
                                  "5m\0"s,
                                  std::string(65536, '1'),
                                  "1h"s + std::string(65536, 'x')}) {
    auto duration = parse_duration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_EQ(duration.error().code, Code::invalid);
    EXPECT_LE(duration.error().what.size(), 400U);
  }
}

TEST(TimeText, WritesDurationsInTheirLargestUnits) {
  EXPECT_EQ(format_duration(0ms), "0s");
  EXPECT_EQ(format_duration(90s), "1m30s");
  EXPECT_EQ(format_duration(36h), "1d12h");
  EXPECT_EQ(format_duration(1001ms), "1s1ms");
  EXPECT_EQ(format_duration(-90s), "-1m30s");
}

}  // namespace
}  // namespace berth
