// system_posix_test.cc - what the environment says comes first.
#include <cstdlib>

#include <gtest/gtest.h>

#include "rras/system.h"

namespace berth::rras {
namespace {

TEST(SystemPosix, TheEnvironmentNamesSettingsAndTheStartOfTheService) {
  setenv("BERTH_SETTINGS", "/etc/other.toml", 1);
  EXPECT_EQ(settings_path(), "/etc/other.toml");
  setenv("BERTH_SETTINGS", "", 1);
  EXPECT_NE(settings_path(), "");
  unsetenv("BERTH_SETTINGS");

  const std::string by_process = boot_epoch();
  setenv("BERTH_BOOT_EPOCH", "the third", 1);
  EXPECT_EQ(boot_epoch(), "the third");
  unsetenv("BERTH_BOOT_EPOCH");
  EXPECT_EQ(boot_epoch(), by_process);
}

}  // namespace
}  // namespace berth::rras
