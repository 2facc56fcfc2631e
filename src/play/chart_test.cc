// chart_test.cc - charts as they look.
#include "play/chart.h"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

namespace berth::play {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kMonday = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5};

// 22 values for the 22 columns of a chart 30 columns wide.
std::vector<std::uint64_t> hill() {
  return {0, 0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100, 90, 80, 60, 50, 40, 20, 10, 1};
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text = "\n";
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST(Chart, IsDrawnWithBlocks) {
  EXPECT_EQ(joined(draw(hill(), 100, kMonday, 1h, {.columns = 30})), R"(
100 % |          ▂▅▇█▅▂
 75 % |        ▄▇██████▄
 50 % |     ▂▅███████████▅
 25 % |  ▂▄▇██████████████▇▄▁
      +----------------------
       00:00       12:00
)");
}

TEST(Chart, IsDrawnWithPlainCharacters) {
  EXPECT_EQ(joined(draw(hill(), 100, kMonday, 1h,
                        {.columns = 30, .rows = 2, .marks = ChartStyle::Marks::ascii})),
            R"(
100 % |        .::####:.
 50 % |  ..::#############:..
      +----------------------
       00:00       12:00
)");
}

TEST(Chart, HasColoursOnlyWhereTheyAreWanted) {
  const std::string plain = joined(draw(hill(), 100, kMonday, 1h, {.columns = 30}));
  EXPECT_EQ(plain.find('\x1b'), std::string::npos);
  const std::string colour =
      joined(draw(hill(), 100, kMonday, 1h, {.columns = 30, .colour = true}));
  EXPECT_NE(colour.find("\x1b[31m"), std::string::npos);  // 95 and more of 100
  EXPECT_NE(colour.find("\x1b[32m"), std::string::npos);
  EXPECT_EQ(colour.find("\x1b[0m\x1b[0m"), std::string::npos);
}

std::size_t columns_of(const std::string& line) {  // of UTF-8 without escapes
  return static_cast<std::size_t>(
      std::ranges::count_if(line, [](char c) { return (c & 0xc0) != 0x80; }));
}

TEST(Chart, NeverIsWiderThanItsTerminal) {
  std::vector<std::uint64_t> values(1440, 50);
  for (int columns = kLeastColumns; columns <= 200; ++columns) {
    for (const std::string& line : draw(values, 50, kMonday, 1min, {.columns = columns})) {
      EXPECT_LE(columns_of(line), static_cast<std::size_t>(columns)) << line;
    }
  }
}

TEST(Chart, ShowsOneTakenAddressAndKeepsTheTopForFull) {
  const std::vector<std::uint64_t> values = {0, 1, 999'999, 1'000'000};
  const auto lines = draw(values, 1'000'000, kMonday, 6h, {.columns = 30, .rows = 1});
  EXPECT_NE(lines[0].find("▁"), std::string::npos);
  EXPECT_NE(lines[0].find("▇"), std::string::npos);
  EXPECT_TRUE(lines[0].ends_with("█")) << lines[0];
}

TEST(Chart, ShowsTheHighestOfValuesThatShareAColumn) {
  std::vector<std::uint64_t> values(1000, 0);
  values[777] = 100;
  const auto lines = draw(values, 100, kMonday, 1min, {.columns = 30, .rows = 1});
  EXPECT_NE(lines[0].find("█"), std::string::npos);
}

TEST(Chart, OfNothingIsNothing) {
  EXPECT_TRUE(draw({}, 100, kMonday, 1min, {}).empty());
  EXPECT_TRUE(draw(hill(), 0, kMonday, 1min, {}).empty());
}

TEST(Chart, WritesDatesBelowManyDays) {
  const std::vector<std::uint64_t> values(30 * 24, 1);
  const auto lines = draw(values, 10, kMonday, 1h, {.columns = 80});
  EXPECT_NE(lines.back().find("01-08"), std::string::npos) << lines.back();
}

TEST(Bar, FillsUp) {
  EXPECT_EQ(draw_bar(0, 6, ChartStyle::Marks::ascii), "[    ]");
  EXPECT_EQ(draw_bar(0.5, 6, ChartStyle::Marks::ascii), "[##  ]");
  EXPECT_EQ(draw_bar(7, 6, ChartStyle::Marks::ascii), "[####]");
}

}  // namespace
}  // namespace berth::play
