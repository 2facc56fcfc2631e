// diagnosis_posix_test.cc - folders that others may write to.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/runs_for_tests.h"

namespace berth::cli {
namespace {

TEST(Doctor, WarnsOfAStoreThatEverybodyCanReplace) {
  Runs runs;
  std::filesystem::create_directory(runs.path("open"));
  std::filesystem::permissions(runs.path("open"), std::filesystem::perms::all);
  runs.write("berth.toml",
             "store = \"open/leases.db\"\n[[pool]]\nname = \"a\"\nipv4 = [\"10.8.0.0/24\"]\n");
  EXPECT_EQ(runs.berth({"doctor"}), 0) << runs.out;
  EXPECT_THAT(runs.out, testing::HasSubstr("open can be changed by everybody"));
}

}  // namespace
}  // namespace berth::cli
