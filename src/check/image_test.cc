// image_test.cc - files of both systems, whole and damaged.
#include "check/image.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/images_for_tests.h"
#include "ras/modules_for_tests.h"

namespace berth::check::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> names(const Image& image) {
  std::vector<std::string> names;
  for (const Export& each : image.exports) names.push_back(each.name);
  return names;
}

TEST(ImageOfAFile, HasExportsForwardersAndImports) {
  const auto image = read_image(
      made({.exports = {"One", "Two>other.Two", "Three"},
            .imports = {{"KERNEL32.dll", {"Sleep"}}, {"mprapi.dll", {"MprAdminPortEnum", "X"}}}}));
  ASSERT_TRUE(image) << image.error().what;
  EXPECT_EQ(image->kind, ImageKind::pe);
  EXPECT_EQ(image->machine, kX64);
  EXPECT_TRUE(image->library);
  EXPECT_THAT(names(*image), ElementsAre("One", "Two", "Three"));
  EXPECT_EQ(image->exports[1].forwarded_to, "other.Two");
  EXPECT_EQ(image->exports[2].forwarded_to, "");
  EXPECT_THAT(image->libraries, ElementsAre("KERNEL32.dll", "mprapi.dll"));
  EXPECT_THAT(image->functions, ElementsAre("Sleep", "MprAdminPortEnum", "X"));
}

TEST(ImageOfAFile, SaysForWhichMachineItIs) {
  EXPECT_EQ(read_image(made({.machine = 0x14c}))->machine, "x86");
  EXPECT_EQ(read_image(made({.machine = 0x1c0}))->machine, "machine 0x1c0");
  EXPECT_FALSE(read_image(made({.library = false}))->library);
}

// Of whichever system this is.
TEST(ImageOfAFile, IsThatWhichTheCompilerMade) {
  const auto image = read_image(read(ras::testing::module_path("odd")));
  ASSERT_TRUE(image) << image.error().what;
  EXPECT_EQ(image->machine, kX64);
  EXPECT_TRUE(image->library);
  EXPECT_THAT(names(*image), Contains("MprAdminGetIpAddressForUser"));
  EXPECT_THAT(names(*image), Not(Contains("MprAdminAcceptNewConnection3")));
  EXPECT_FALSE(image->libraries.empty());
  EXPECT_FALSE(image->functions.empty());
}

TEST(ImageOfAFile, IsNoneWhereTheFileIsSomethingElse) {
  for (const char* text : {"", "#!/bin/sh\n", "!<arch>\n", "M", "\177EL"}) {
    const auto image = read_image(text);
    ASSERT_FALSE(image) << text;
    EXPECT_THAT(image.error().what, HasSubstr("neither"));
  }
}

// Cut off anywhere, or with any byte changed, it is read or refused, and nothing else happens.
TEST(ImageOfAFile, MayBeDamagedAnywhere) {
  const std::string dll =
      made({.exports = {"One", "Two>other.Two"}, .imports = {{"KERNEL32.dll", {"Sleep"}}}});
  const std::string library = read(ras::testing::module_path("odd"));
  int refused = 0;
  for (const std::string& whole : {dll, library}) {
    for (std::size_t size = 2; size < whole.size(); size += 1 + size / 64) {
      refused += read_image(std::string_view(whole).substr(0, size)) ? 0 : 1;
    }
    for (std::size_t at = 2; at < std::min<std::size_t>(whole.size(), 4096); ++at) {
      std::string other = whole;
      other[at] = static_cast<char>(other[at] ^ 0xff);
      refused += read_image(other) ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 10);
}

TEST(ImageOfAFile, IsRefusedWhereItsTablesHaveNoEnd) {
  std::string dll = made({.exports = {"One"}});
  const std::size_t names = dll.find(std::string("\1\0\0\0\1\0\0\0", 8)) + 4;  // the two counts
  dll.replace(names, 4, "\xff\xff\xff\x7f");
  const auto image = read_image(dll);
  ASSERT_FALSE(image);
  EXPECT_THAT(image.error().what, HasSubstr("damaged"));
}

}  // namespace
}  // namespace berth::check::testing
