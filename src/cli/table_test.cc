// table_test.cc - a table fits its terminal, and is plain lines everywhere else.
#include "cli/table.h"

#include <sstream>

#include <gtest/gtest.h>

#include "cli/world_for_tests.h"

namespace berth::cli {
namespace {

std::string printed(Terminal terminal, const std::vector<std::vector<std::string>>& rows) {
  TestWorld test;
  test.world.out_terminal = terminal;
  Table table(test.world, {{"OWNER"}, {"ADDRESS"}, {"PORT"}, {"HELD", Side::right}});
  for (const auto& row : rows) table.add(row);
  table.finish();
  return test.out.str();
}

const std::vector<std::vector<std::string>> kTwo = {{"ana", "10.8.0.7\n2001:db8::7", "", "3"},
                                                    {"benedict", "10.8.0.100", "", "12"}};

TEST(Table, InAPipeEveryRowIsOneLineWithEveryColumn) {
  EXPECT_EQ(printed({}, kTwo),
            "OWNER     ADDRESS               PORT  HELD\n"
            "ana       10.8.0.7 2001:db8::7  -        3\n"
            "benedict  10.8.0.100            -       12\n");
}

TEST(Table, OnATerminalEmptyColumnsAreLeftOut) {
  EXPECT_EQ(printed({80, false}, kTwo),
            "OWNER     ADDRESS               HELD\n"
            "ana       10.8.0.7 2001:db8::7     3\n"
            "benedict  10.8.0.100              12\n");
}

TEST(Table, StacksThePartsOfACellWhereARowIsTooWide) {
  EXPECT_EQ(printed({35, false}, kTwo),
            "OWNER     ADDRESS      HELD\n"
            "ana       10.8.0.7        3\n"
            "          2001:db8::7\n"
            "benedict  10.8.0.100     12\n");
}

TEST(Table, FallsBackToABlockOfLinesARow) {
  EXPECT_EQ(printed({20, false}, kTwo),
            "OWNER    ana\n"
            "ADDRESS  10.8.0.7\n"
            "         2001:db8::7\n"
            "HELD     3\n"
            "\n"
            "OWNER    benedict\n"
            "ADDRESS  10.8.0.100\n"
            "HELD     12\n");
}

TEST(Table, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printed({}, {{"a\x1b[2J", "", "", ""}}),
            "OWNER     ADDRESS  PORT  HELD\n"
            "a\\x1b[2J  -        -        -\n");
}

TEST(Table, ColoursOnlyWhereItMay) {
  EXPECT_EQ(printed({80, true}, {{"ana", "", "", ""}}), "\x1b[1mOWNER\x1b[0m\nana\n");
  EXPECT_EQ(printed({80, false}, {{"ana", "", "", ""}}), "OWNER\nana\n");
}

TEST(Table, WithoutRowsPrintsNothing) { EXPECT_EQ(printed({80, true}, {}), ""); }

TEST(Table, ALongTableWidensOnTheWay) {
  std::vector<std::vector<std::string>> rows(1000, {"ana", "", "", ""});
  rows.push_back({"benedict", "10.8.0.7", "", ""});
  std::string text = printed({80, false}, rows);
  EXPECT_TRUE(text.starts_with("OWNER\nana\nana\n"));
  EXPECT_TRUE(text.ends_with("ana\n\nOWNER     ADDRESS\nbenedict  10.8.0.7\n"));
}

}  // namespace
}  // namespace berth::cli
