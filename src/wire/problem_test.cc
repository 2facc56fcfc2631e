// problem_test.cc - a refusal keeps its code, its sentence and its remedy.
#include "wire/problem.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace berth {
namespace {

TEST(Problem, HasAllThatTheErrorHas) {
  const boost::json::value document = boost::json::parse(
      problem_text(Error{Code::pool_exhausted, "pool dial-in is full", "add addresses"}));
  EXPECT_EQ(document.at("type").as_string(), "urn:berth:error:pool_exhausted");
  EXPECT_EQ(document.at("title").as_string(), "Service Unavailable");
  EXPECT_EQ(document.at("status").as_int64(), 503);
  EXPECT_EQ(document.at("detail").as_string(), "pool dial-in is full");
  EXPECT_EQ(document.at("code").as_string(), "pool_exhausted");
  EXPECT_EQ(document.at("remedy").as_string(), "add addresses");
  EXPECT_EQ(document.at("help").as_string(), "/help/errors#pool_exhausted");
}

TEST(Problem, EveryStatusHasAReason) {
  for (int i = 0; i <= static_cast<int>(Code::owners_collide); ++i) {
    const unsigned status = status_of(static_cast<Code>(i));
    EXPECT_GE(status, 400U);
    EXPECT_EQ(reason_of(status) == reason_of(500), status == 500) << status;
  }
}

}  // namespace
}  // namespace berth
