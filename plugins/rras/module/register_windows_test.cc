// register_windows_test.cc - what regsvr32 writes for the module, and takes away again.
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>
#include <windows.h>

#include <gtest/gtest.h>

#include "core/dll_path.h"

namespace berth::rras::testing {
namespace {

constexpr const char* kEventSource =
    R"(SYSTEM\CurrentControlSet\Services\EventLog\Application\Berth)";

// Values of the machine's registry. What was there is there again afterwards.
class Register : public ::testing::Test {
 protected:
  Register() {
    for (const char* name : kNames) before_.push_back(read(name));
    for (const char* name : kNames) write(name, std::nullopt);
  }
  ~Register() override {
    std::size_t i = 0;
    for (const char* name : kNames) write(name, before_.at(i++));
  }

  static std::optional<std::string> read(const std::string& name,
                                         const std::string& key = std::string(kAdminDllKey)) {
    std::string text(32'768, '\0');
    auto size = static_cast<DWORD>(text.size());
    if (RegGetValueA(HKEY_LOCAL_MACHINE, key.c_str(), name.c_str(), RRF_RT_ANY | RRF_NOEXPAND,
                     nullptr, text.data(), &size) != NO_ERROR) {
      return std::nullopt;
    }
    return text.substr(0, text.find('\0'));
  }
  static void write(const std::string& name, const std::optional<std::string>& text,
                    DWORD type = REG_SZ) {
    HKEY key = nullptr;
    RegCreateKeyExA(HKEY_LOCAL_MACHINE, std::string(kAdminDllKey).c_str(), 0, nullptr, 0,
                    KEY_SET_VALUE, nullptr, &key, nullptr);
    if (text) {
      RegSetValueExA(key, name.c_str(), 0, type, reinterpret_cast<const BYTE*>(text->c_str()),
                     static_cast<DWORD>(text->size() + 1));
    } else {
      RegDeleteValueA(key, name.c_str());
    }
    RegCloseKey(key);
  }
  static int regsvr32(const std::string& options) {
    return std::system(("regsvr32 /s " + options + " \"" + own() + "\"").c_str());
  }
  static std::string own() {
    return std::filesystem::absolute(BERTH_RRAS_MODULE).make_preferred().string();
  }

 private:
  static constexpr const char* kNames[] = {"DLLPath", "DisplayName"};
  std::vector<std::optional<std::string>> before_;
};

TEST_F(Register, R99R100AppendsItsPathAndTakesItAwayAgain) {
  EXPECT_EQ(regsvr32(""), 0);
  EXPECT_EQ(read("DLLPath"), own());
  EXPECT_EQ(read("DisplayName"), "Berth");
  EXPECT_EQ(regsvr32(""), 0);
  EXPECT_EQ(read("DLLPath"), own()) << "once is enough";
  EXPECT_EQ(regsvr32("/u"), 0);
  EXPECT_EQ(read("DLLPath"), std::nullopt);
  EXPECT_EQ(read("DisplayName"), std::nullopt);
  EXPECT_EQ(regsvr32("/u"), 0) << "there is nothing left to take away";
}

TEST_F(Register, R104LeavesOtherModulesAndTheirNameAsTheyAre) {
  write("DLLPath", R"(C:\a.dll; D:\b.dll)");
  write("DisplayName", "Their modules");
  EXPECT_EQ(regsvr32(""), 0);
  EXPECT_EQ(read("DLLPath"), R"(C:\a.dll; D:\b.dll;)" + own());
  EXPECT_EQ(read("DisplayName"), "Their modules");
  EXPECT_EQ(regsvr32("/u"), 0);
  EXPECT_EQ(read("DLLPath"), R"(C:\a.dll; D:\b.dll)");
  EXPECT_EQ(read("DisplayName"), "Their modules");
}

TEST_F(Register, R103AValueOfAnotherTypeIsLeftAlone) {
  write("DLLPath", "four", REG_BINARY);
  EXPECT_NE(regsvr32(""), 0);
  EXPECT_EQ(read("DLLPath"), "four");
}

TEST_F(Register, R111TheEventLogFindsItsWordsInTheModule) {
  EXPECT_EQ(regsvr32(""), 0);
  EXPECT_EQ(read("EventMessageFile", kEventSource), own());
  const HMODULE module = LoadLibraryExA(own().c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE);
  ASSERT_NE(module, nullptr);
  for (const DWORD id : {0xC0000001U, 0x80000002U, 0x40000003U, 0x40000004U}) {
    char text[64] = {};
    EXPECT_NE(FormatMessageA(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_IGNORE_INSERTS, module,
                             id, 0, text, sizeof text, nullptr),
              0U);
    EXPECT_EQ(std::string(text).substr(0, 2), "%1");
  }
  FreeLibrary(module);
  EXPECT_EQ(regsvr32("/u"), 0);
  EXPECT_EQ(read("EventMessageFile", kEventSource), std::nullopt);
}

}  // namespace
}  // namespace berth::rras::testing
