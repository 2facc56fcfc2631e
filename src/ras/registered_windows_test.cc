// registered_windows_test.cc - the registry as set-up programs leave it.
#include <gtest/gtest.h>

#include "ras/registered.h"
#include "ras/registry_windows_for_tests.h"

namespace berth::ras::testing {
namespace {

class RegisteredTest : public ::testing::Test {
 protected:
  static std::vector<std::string> paths() {
    const Loaded<Registered> registered = read_registered();
    EXPECT_TRUE(registered) << to_string(registered.error());
    const Loaded<Registration> list = registration_of(*registered);
    return list ? list->paths : std::vector<std::string>{to_string(list.error())};
  }
  OwnRegistry registry_;
};

TEST_F(RegisteredTest, R102WithoutTheKeyThereIsNoModule) {
  const Loaded<Registered> registered = read_registered();
  ASSERT_TRUE(registered);
  EXPECT_FALSE(registered->key);
}

TEST_F(RegisteredTest, R100R101BothValuesAreRead) {
  registry_.set(L"DisplayName", REG_SZ, L"Adressvergabe für alle");
  registry_.set(L"DLLPath", REG_SZ, LR"(C:\b.dll;C:\für.dll)");
  const Loaded<Registered> registered = read_registered();
  ASSERT_TRUE(registered);
  EXPECT_EQ(registered->display_name->text, "Adressvergabe für alle");
  EXPECT_EQ(paths(), (std::vector<std::string>{R"(C:\b.dll)", R"(C:\für.dll)"}));
}

TEST_F(RegisteredTest, R103VariablesAreExpandedInEitherType) {
  SetEnvironmentVariableW(L"BERTH_TEST", LR"(C:\here)");
  for (DWORD type : {DWORD{REG_SZ}, DWORD{REG_EXPAND_SZ}}) {
    registry_.set(L"DllPath", type, LR"(%BERTH_TEST%\a.dll)");
    EXPECT_EQ(paths(), std::vector<std::string>{R"(C:\here\a.dll)"}) << type;
  }
}

TEST_F(RegisteredTest, R103AnotherTypeIsReadForWhatItIs) {
  registry_.set(L"DLLPath", REG_MULTI_SZ, LR"(C:\a.dll)");
  const Loaded<Registered> registered = read_registered();
  ASSERT_TRUE(registered);
  const Loaded<Registration> list = registration_of(*registered);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, 1015U);
}

TEST_F(RegisteredTest, R111ARefusalIsTakenByTheEventLog) {
  EXPECT_TRUE(log_refusal({.code = 126, .rule = "R107", .module = R"(C:\für.dll)"}));
}

}  // namespace
}  // namespace berth::ras::testing
