// error_test.cc - the codes that scripts compare, and what stops a process.
#include "berth/error.h"

#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace berth {
namespace {

constexpr Code kLast = Code::owners_collide;

std::set<std::string> all_names() {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(kLast); ++i) {
    names.emplace(code_name(static_cast<Code>(i)));
  }
  return names;
}

TEST(Error, EveryCodeHasANameOfItsOwn) {
  EXPECT_EQ(all_names().size(), static_cast<std::size_t>(kLast) + 1);
  EXPECT_FALSE(all_names().contains("unknown"));
  EXPECT_EQ(code_name(Code::pool_exhausted), "pool_exhausted");
}

TEST(Error, TheLastCodeIsTheLastOne) {
  int after = static_cast<int>(kLast) + 1;
  EXPECT_EQ(code_name(static_cast<Code>(after)), "unknown");
}

TEST(Error, EveryCodeHasAChapterInTheDocuments) {
  std::ifstream file(BERTH_SOURCE_DIR "/docs/errors.md");
  ASSERT_TRUE(file);
  std::set<std::string> chapters;
  for (std::string line; std::getline(file, line);) {
    if (line == "# Over HTTP") break;  // codes that only the service has: src/server/routes_test.cc
    if (line.starts_with("## ")) chapters.insert(line.substr(3));
  }
  EXPECT_EQ(chapters, all_names());
}

TEST(Error, ALeftResultCarriesItsReason) {
  Result<int> result = fail(Code::not_found, "no lease 7", "look for another");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), (Error{Code::not_found, "no lease 7", "look for another"}));
}

TEST(ErrorDeathTest, WhatMustHoldStopsTheProcessWhenItDoesNot) {
  EXPECT_DEATH(BERTH_ASSERT(1 + 1 == 3), "this must hold and does not: 1 \\+ 1 == 3");
  BERTH_ASSERT(1 + 1 == 2);
}

}  // namespace
}  // namespace berth
