// dll_path_test.cc - DLLPath as set-up programs change it.
#include "core/dll_path.h"

#include <gtest/gtest.h>

namespace berth {
namespace {

TEST(DllPath, R99AppendsOneElementWithoutBlanks) {
  EXPECT_EQ(with_path("", R"(C:\berth.dll)"), R"(C:\berth.dll)");
  EXPECT_EQ(with_path(R"(C:\a.dll)", R"(C:\berth.dll)"), R"(C:\a.dll;C:\berth.dll)");
  EXPECT_EQ(with_path(R"(C:\a.dll;)", R"(C:\berth.dll)"), R"(C:\a.dll;C:\berth.dll)");
}

TEST(DllPath, R99AppendsNothingThatIsThere) {
  EXPECT_EQ(with_path(R"(C:\a.dll;c:\BERTH.dll)", R"(C:\berth.dll)"), R"(C:\a.dll;c:\BERTH.dll)");
}

TEST(DllPath, R99TakesAwayItsOwnElementAlone) {
  EXPECT_EQ(without_path(R"(C:\a.dll; c:\Berth.dll;C:\c.dll)", R"(C:\berth.dll)"),
            R"(C:\a.dll;C:\c.dll)");
  EXPECT_EQ(without_path(R"(C:\berth.dll;)", R"(C:\berth.dll)"), "");
  EXPECT_EQ(without_path(R"(C:\berth.dll)", R"(C:\berth.dll)"), "");
  EXPECT_EQ(without_path(R"(C:\a.dll)", R"(C:\berth.dll)"), R"(C:\a.dll)");
}

}  // namespace
}  // namespace berth
