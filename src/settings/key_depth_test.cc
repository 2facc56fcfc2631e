// key_depth_test.cc - keys with absurdly many dots are found before they are parsed.
#include "settings/key_depth.h"

#include <string>

#include <gtest/gtest.h>

namespace berth {
namespace {

std::string dots(std::size_t count) { return std::string(count, '.'); }

TEST(KeyDepth, SettingsAreNotDeep) {
  EXPECT_FALSE(find_deep_key(""));
  EXPECT_FALSE(find_deep_key("[pool.delegated]\nfrom = [\"10.8.0.0\", '1.1.1.1-2.2.2.2']\n"));
  EXPECT_FALSE(find_deep_key("a" + dots(kMaxKeyDots) + "=1"));
}

TEST(KeyDepth, ADeepKeyIsFoundOnItsLine) {
  std::string deep = "a" + dots(kMaxKeyDots + 1) + "=1\n";
  EXPECT_EQ(find_deep_key(deep), 1U);
  EXPECT_EQ(find_deep_key("a=1\n\n" + deep), 3U);
  EXPECT_EQ(find_deep_key("[a" + dots(1'000'000)), 1U);
  EXPECT_EQ(find_deep_key("x = { a = 1, b" + dots(99) + "=1}"), 1U);
}

TEST(KeyDepth, QuotedKeysCountAndWhatIsInThemDoesNot) {
  EXPECT_FALSE(find_deep_key("\"" + dots(99) + "\" = 1"));
  EXPECT_FALSE(find_deep_key("'" + dots(99) + "' = 1"));
  std::string quoted;
  for (std::size_t i = 0; i <= kMaxKeyDots; ++i) quoted += "\",=\\\"\" . ";
  EXPECT_EQ(find_deep_key(quoted), 1U);
}

TEST(KeyDepth, StringsAndCommentsAreNoKeys) {
  EXPECT_FALSE(find_deep_key("# " + dots(99)));
  EXPECT_FALSE(find_deep_key("a = '''\n" + dots(99) + "\n'''"));
  EXPECT_FALSE(find_deep_key("a = \"\"\"\n" + dots(99) + "\\\"\"\"\"\"\""));
  EXPECT_EQ(find_deep_key("a = \"\"\"\n\n\"\"\"\nb" + dots(99)), 4U);
  EXPECT_EQ(find_deep_key("a = '''x'''''\nb" + dots(99)), 2U) << "two quotes before the end";
  EXPECT_EQ(find_deep_key("a = \"\"\nb" + dots(99)), 2U);
}

TEST(KeyDepth, StringsThatNeverEndAreSafe) {
  for (std::string text : {"\"", "'", "\"\"\"", "'''", "\"\\", "\"\"\"\\", "\"a\nb", "''''''''"}) {
    EXPECT_FALSE(find_deep_key(text)) << text;
  }
}

}  // namespace
}  // namespace berth
