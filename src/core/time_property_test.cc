// time_property_test.cc - any time and any duration reads back as itself.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "berth/time.h"

namespace berth {
namespace {

constexpr std::int64_t kEndOfYear9999 = 253'402'300'800'000;

WallTime any_time() {
  auto milliseconds = *rc::gen::inRange<std::int64_t>(0, kEndOfYear9999);
  if (*rc::gen::arbitrary<bool>()) milliseconds -= milliseconds % 1000;
  return WallTime{Milliseconds{milliseconds}};
}

RC_GTEST_PROP(TimeProperty, WhatIsPrintedReadsBackAsTheSameTime, ()) {
  WallTime time = any_time();
  auto read = parse_time(format_time(time));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == time);
}

RC_GTEST_PROP(TimeProperty, PrintedTimesOfWholeSecondsAreInOrder, ()) {
  auto one = std::chrono::floor<std::chrono::seconds>(any_time());
  auto other = std::chrono::floor<std::chrono::seconds>(any_time());
  RC_ASSERT((one < other) == (format_time(one) < format_time(other)));
}

RC_GTEST_PROP(TimeProperty, WhatIsPrintedReadsBackAsTheSameDuration, ()) {
  Milliseconds duration{*rc::gen::inRange<std::int64_t>(0, kMaxDuration.count() + 1)};
  auto read = parse_duration(format_duration(duration));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == duration);
}

}  // namespace
}  // namespace berth
