// name_table_test.cc - names with and without *, found without regard to case.
#include "core/name_table.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace berth {
namespace {

std::vector<std::uint32_t> found(const NameTable& table, std::string_view name) {
  std::vector<std::uint32_t> numbers;
  table.each(FoldedName(name), [&](std::uint32_t number) { numbers.push_back(number); });
  std::ranges::sort(numbers);
  return numbers;
}

using Numbers = std::vector<std::uint32_t>;

TEST(NameTable, FindsNamesAndPatterns) {
  NameTable table;
  EXPECT_TRUE(table.empty());
  table.add("Ana", 1);
  table.add("ana", 2);
  table.add("a*", 3);
  table.add("*@corp.example", 4);
  table.add("ana*@*.example", 5);
  table.add("*", 6);
  EXPECT_FALSE(table.empty());
  EXPECT_EQ(found(table, "ANA"), (Numbers{1, 2, 3, 6}));
  EXPECT_EQ(found(table, "Bob@CORP.example"), (Numbers{4, 6}));
  EXPECT_EQ(found(table, "ana.maria@corp.example"), (Numbers{3, 4, 5, 6}));
  EXPECT_EQ(found(table, ""), (Numbers{6}));
}

TEST(NameTable, OneNameMayStandForManyNumbers) {
  NameTable table;
  for (std::uint32_t number = 0; number < 5; ++number) table.add("ana", number);
  EXPECT_EQ(found(table, "ana"), (Numbers{0, 1, 2, 3, 4}));
}

TEST(NameTable, TheTwoEndsOfAPatternDoNotShareLetters) {
  NameTable table;
  table.add("abc*cde", 1);
  EXPECT_EQ(found(table, "abcde"), Numbers{});
  EXPECT_EQ(found(table, "abccde"), Numbers{1});
  EXPECT_EQ(found(table, "abcXcde"), Numbers{1});
}

TEST(NameTable, BothEndsAreCompared) {
  NameTable table;
  table.add("a-long-beginning*-and-a-long-end", 1);
  EXPECT_EQ(found(table, "a-long-beginning of something-and-a-long-end"), Numbers{1});
  EXPECT_EQ(found(table, "a-long-beginninX-and-a-long-end"), Numbers{});
  EXPECT_EQ(found(table, "a-long-beginning-anX-a-long-end"), Numbers{});
}

TEST(NameTable, BytesOfUtf8AreNeverFolded) {
  NameTable table;
  table.add("jos\xc3\x89", 1);  // É is 0xc3 0x89
  EXPECT_EQ(found(table, "JOS\xc3\x89"), Numbers{1});
  EXPECT_EQ(found(table, "jos\xc3\xa9"), Numbers{});  // é
}

TEST(NameTable, NamesTooLongToBeAnybodyMatchNothing) {
  NameTable table;
  table.add("*", 1);
  EXPECT_EQ(found(table, std::string(kMaxUserBytes, 'a')), Numbers{1});
  EXPECT_EQ(found(table, std::string(kMaxUserBytes + 1, 'a')), Numbers{});
  EXPECT_EQ(found(table, std::string(65536, 'a')), Numbers{});
}

// The classic trap: each * tried at each place would take 2^30 steps.
TEST(Glob, ManyStarsAreNoTrap) {
  std::string pattern;
  for (int i = 0; i < 30; ++i) pattern += "a*";
  EXPECT_FALSE(matches_glob(pattern + "b", std::string(kMaxUserBytes, 'a')));
  EXPECT_TRUE(matches_glob(pattern, std::string(kMaxUserBytes, 'a')));
}

}  // namespace
}  // namespace berth
