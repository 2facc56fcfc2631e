// registration_test.cc - DLLPath as administrators and set-up programs write it.
#include "ras/registration.h"

#include <gtest/gtest.h>

namespace berth::ras {
namespace {

using Paths = std::vector<std::string>;

Paths paths(std::string_view text) {
  const Loaded<Registration> read = parse_dll_path(text);
  return read ? read->paths : Paths{to_string(read.error())};
}

TEST(Registration, R101KeepsTheOrderOfTheList) {
  EXPECT_EQ(paths(R"(C:\b.dll;C:\a.dll;C:\c.dll)"),
            Paths({R"(C:\b.dll)", R"(C:\a.dll)", R"(C:\c.dll)"}));
  EXPECT_EQ(paths("/opt/one.so"), Paths({"/opt/one.so"}));
}

TEST(Registration, R102AnEmptyValueIsNoModule) {
  EXPECT_EQ(paths(""), Paths());
  EXPECT_EQ(paths("  "), Paths());
}

TEST(Registration, R104CutsBlanksOffAndWarns) {
  const Loaded<Registration> read = parse_dll_path("/a.so; /b.so ;/c d.so");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->paths, Paths({"/a.so", "/b.so", "/c d.so"}));
  ASSERT_EQ(read->warnings.size(), 1U);
  EXPECT_NE(read->warnings[0].find("\"/b.so\""), std::string::npos);
  EXPECT_NE(read->warnings[0].find("R104"), std::string::npos);
}

TEST(Registration, R105PassesOverOneSemicolonAtTheEnd) {
  EXPECT_EQ(paths("/a.so;"), Paths({"/a.so"}));
}

TEST(Registration, R105RefusesAnEmptyElementInTheMiddle) {
  for (const char* text : {"/a.so;;/b.so", ";/a.so", "/a.so;;", "/a.so; ;/b.so", ";"}) {
    const Loaded<Registration> read = parse_dll_path(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().rule, "R105");
    EXPECT_EQ(read.error().code, 126U);
    EXPECT_FALSE(read.error().remedy.empty());
  }
}

TEST(Registration, ATooLongListIsRefused) {
  std::string text;
  for (std::size_t i = 0; i <= kMostModules; ++i) text += "/a" + std::to_string(i) + ".so;";
  const Loaded<Registration> read = parse_dll_path(text);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().what.find("65 modules"), std::string::npos);
}

TEST(Registration, WhatIsPutTogetherIsReadWithoutAWarning) {
  const Paths list = {"/a.so", "/b c.so"};
  const Loaded<Registration> read = parse_dll_path(dll_path_of(list));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->paths, list);
  EXPECT_TRUE(read->warnings.empty());
}

}  // namespace
}  // namespace berth::ras
