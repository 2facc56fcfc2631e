// rashost_posix_test.cc - the program itself: what it says of a module, and to the shell.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

struct Said {
  int code = -1;
  std::string text;  // both of its outputs
};

Said rashost(const std::string& words) {
  FILE* const pipe =
      popen(("exec 2>&1; '" BERTH_RASHOST "' " + words).c_str(), "r");  // NOLINT(cert-env33-c)
  Said said;
  if (pipe == nullptr) return said;
  std::array<char, 4096> part;
  while (const std::size_t got = fread(part.data(), 1, part.size(), pipe)) {
    said.text.append(part.data(), got);
  }
  const int status = pclose(pipe);
  said.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return said;
}

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
