// query_test.cc - parameters are read by their type, and none is passed over.
#include "server/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth::server {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

TEST(Query, ParametersComeByTheirType) {
  const Asked asked{.query = {{"user", "ana"}, {"limit", "7"}, {"ipv4", "no"}, {"window", "5m"}}};
  Query query(asked);
  EXPECT_EQ(query.text("user"), "ana");
  EXPECT_EQ(query.count("limit", 100, 1000), 7U);
  EXPECT_EQ(query.count("other", 100, 1000), 100U);
  EXPECT_EQ(query.want("ipv4", Want::optional), Want::no);
  EXPECT_EQ(query.duration("window"), 5min);
  EXPECT_FALSE(query.time("at"));
  EXPECT_TRUE(query.finish());
}

TEST(Query, WhatIsWrongIsToldByItsName) {
  for (const char* limit : {"0", "1001", "-1", "x", "7x", ""}) {
    const Asked asked{.query = {{"limit", limit}}};
    Query query(asked);
    EXPECT_EQ(query.count("limit", 100, 1000), 100U);
    ASSERT_FALSE(query.finish()) << limit;
    EXPECT_THAT(query.finish().error().what, HasSubstr("\"limit\""));
  }
  const Asked twice{.query = {{"user", "ana"}, {"user", "ben"}}};
  Query query(twice);
  static_cast<void>(query.text("user"));
  EXPECT_THAT(query.finish().error().what, HasSubstr("comes twice"));
  const Asked unknown{.query = {{"usr", "ana"}}};
  EXPECT_THAT(Query(unknown).finish().error().what, HasSubstr("\"usr\" is not known"));
}

}  // namespace
}  // namespace berth::server
