// diagnosis_windows_test.cc - a registry with modules in it, as doctor meets it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/runs_for_tests.h"
#include "ras/registry_windows_for_tests.h"

namespace berth::cli {
namespace {

using testing::HasSubstr;

TEST(Doctor, R100ReadsTheRegistry) {
  ras::testing::OwnRegistry registry;
  Runs runs;
  runs.write("berth.toml",
             "store = \"leases.db\"\n[[pool]]\nname = \"a\"\nipv4 = [\"10.8.0.0/24\"]\n");
  EXPECT_EQ(runs.berth({"doctor"}), 0) << runs.out;
  EXPECT_THAT(runs.out, HasSubstr("no module is registered (R102)"));
  registry.set(L"DLLPath", REG_SZ, LR"(C:\nothing\berth.dll)");
  EXPECT_EQ(runs.berth({"doctor"}), 1);
  EXPECT_THAT(runs.out, HasSubstr(R"(C:\nothing\berth.dll)"));
  EXPECT_THAT(runs.out, HasSubstr("there is no DisplayName (R100)"));
  registry.set(L"DLLPath", REG_MULTI_SZ, L"C:");
  EXPECT_EQ(runs.berth({"doctor"}), 1);
  EXPECT_THAT(runs.out, HasSubstr("(R103)"));
}

}  // namespace
}  // namespace berth::cli
