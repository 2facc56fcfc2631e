// progress_test.cc - a line of progress says as much as its terminal has room for.
#include "cli/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/world_for_tests.h"
#include "text/printable.h"

namespace berth::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(ProgressLine, FitsItsTerminal) {
  const std::vector<std::string> parts = {"importing", " 43 %", "12 s left"};
  for (int columns = 3; columns < 120; ++columns) {
    EXPECT_LT(width_of(progress_line(parts, 0.43, columns, play::ChartStyle::Marks::blocks)),
              columns);
  }
}

TEST(Progress, IsDrawnOnATerminalOnlyAndWipedAtTheEnd) {
  for (int columns : {0, 20, 80}) {
    TestWorld test;
    test.world.err_terminal = {.columns = columns};
    {
      Progress progress(test.world, "importing");
      test.clock.advance(2s);
      progress.at(1, 2);
    }
    EXPECT_EQ(test.err.str().empty(), columns == 0);
    if (columns == 0) continue;
    EXPECT_THAT(test.err.str(), HasSubstr("importing"));
    EXPECT_TRUE(test.err.str().ends_with("\r\x1b[K"));
    EXPECT_EQ(test.err.str().find(" 50 %  2 s left") != std::string::npos, columns == 80);
  }
}

}  // namespace
}  // namespace berth::cli
