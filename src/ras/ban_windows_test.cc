// ban_windows_test.cc - however a DLL comes by an administration function, it finds ours.
#include <gtest/gtest.h>

#include "ras/in_process.h"
#include "ras/modules_for_tests.h"

namespace berth::ras::testing {
namespace {

TEST(BanOfWindows, R130DelayedImportsAreGuardedToo) {
  const auto loaded = load_in_process(module_path("odd_forbidden_late"), Strictness::enforced);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const Answer got = loaded->module->call({.callout = Callout::get_ipv4, .user = u"forbidden"});
  EXPECT_EQ(got.result, 1131U);
  EXPECT_EQ(got.administration, "MprAdminUserGetInfo");
}

}  // namespace
}  // namespace berth::ras::testing
