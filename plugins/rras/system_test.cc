// system_test.cc - what the module asks of the system that it runs on.
#include "rras/system.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

namespace berth::rras {
namespace {

TEST(System, TheModuleKnowsWhereItLiesAndWhereItsSettingsAre) {
  EXPECT_TRUE(std::filesystem::is_directory(module_folder())) << module_folder();
  EXPECT_TRUE(std::filesystem::path(common_folder()).is_absolute()) << common_folder();
  EXPECT_EQ(std::filesystem::path(settings_path()).filename(), "berth.toml");
}

TEST(System, TheEpochStaysAsLongAsTheProcess) {
  EXPECT_FALSE(boot_epoch().empty());
  EXPECT_NE(boot_epoch().find('-'), std::string::npos);
  EXPECT_EQ(boot_epoch(), boot_epoch());
}

TEST(System, ItHasANameAndAddressesWithoutLoopback) {
  EXPECT_FALSE(computer_name().empty());
  const OwnAddresses own = own_addresses();
  EXPECT_EQ(own, own_addresses());
  EXPECT_EQ(std::ranges::count(own.ipv4, *Ipv4::parse("127.0.0.1")), 0);
}

TEST(System, AVariableThatIsNotSetIsNone) {
  EXPECT_EQ(environment("BERTH_NOBODY_SETS_THIS"), std::nullopt);
  EXPECT_NE(environment("PATH"), std::nullopt);
}

}  // namespace
}  // namespace berth::rras
