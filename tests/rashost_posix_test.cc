// rashost_posix_test.cc - the program itself: what it says of a module, and to the shell.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/said_posix_for_tests.h"

namespace berth {
namespace {

using berth::testing::run;
using berth::testing::Said;
using ::testing::AllOf;
using ::testing::HasSubstr;

Said rashost(const std::string& words) { return run("'" BERTH_RASHOST "' " + words); }

TEST(Rashost, CheckSaysThatTheSampleKeepsToTheContract) {
  const Said said = rashost("--check '" BERTH_SAMPLE "'");
  EXPECT_EQ(said.code, 0) << said.text;
  EXPECT_THAT(said.text, HasSubstr("CONFORMS: 0 errors"));
  const Said as_json = rashost("--check '" BERTH_SAMPLE "' --json");
  EXPECT_EQ(as_json.code, 0);
  EXPECT_EQ(as_json.text.front(), '{') << as_json.text;
}

TEST(Rashost, CheckNamesTheRulesThatAModuleBreaks) {
  const Said said = rashost("--check '" BERTH_MODULES "/odd_half.so'");
  EXPECT_EQ(said.code, 3) << said.text;
  EXPECT_THAT(said.text, AllOf(HasSubstr("R36"), HasSubstr("MprAdminReleaseIpAddress")));
  const Said of_user = rashost("--check '" BERTH_MODULES "/odd.so' --user crash");
  EXPECT_EQ(of_user.code, 1);
  EXPECT_THAT(of_user.text, HasSubstr("R8"));
}

TEST(Rashost, WhatIsWronglyAskedForIsNoVerdict) {
  for (const char* words :
       {"", "--check", "--check /nowhere.so --user", "--user ana", "/nowhere.scenario"}) {
    EXPECT_EQ(rashost(words).code, 2) << words;
  }
  EXPECT_EQ(rashost("--help").code, 0);
}

}  // namespace
}  // namespace berth
