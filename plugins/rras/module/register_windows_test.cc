// register_windows_test.cc - what regsvr32 writes for the module, and takes away again.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
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
  static std::string own() { return whole(BERTH_RRAS_MODULE); }
  static std::string whole(const char* path) {
    return std::filesystem::absolute(path).make_preferred().string();
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

// A RAS side that finds its modules where regsvr32 has put them.
class RegisteredRas : public Register {
 protected:
  RegisteredRas() {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "berth.toml")
        << "store = \"leases.db\"\n[[pool]]\nname = \"dial-in\"\n"
           "ipv4 = [\"10.8.0.0/16\"]\n"
           "[pool.ipv6_identifiers]\nprefix = \"2001:db8::/64\"\n";
    std::ofstream(folder_ / "day.scenario")
        << "server 10.9.0.254\npool 10.9.0.1-10.9.0.200\nipv6-prefix 2001:db8::/64\n"
           "connect first user=ana port=VPN2-99 families=ipv4,ipv6 expect=up\n"
           "link first port=VPN2-98\n"
           "kill\n"
           "random connections=150 users=12 ports=6 seed=5 families=ipv4,ipv6\n"
           "restart\n"
           "random connections=150 users=12 ports=6 seed=6 families=ipv4,ipv6\n";
    SetEnvironmentVariableA("BERTH_SETTINGS", (folder_ / "berth.toml").string().c_str());
  }
  ~RegisteredRas() override {
    SetEnvironmentVariableA("BERTH_SETTINGS", nullptr);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  // The verdict of rashost on that day.
  std::string play() {
    const std::string said = (folder_ / "said.txt").string();
    const int code =
        std::system(("\"\"" + whole(BERTH_RASHOST) + "\" --registered --quiet --deadline 20000 \"" +
                     (folder_ / "day.scenario").string() + "\" > \"" + said + "\"\"")
                        .c_str());
    std::ifstream file(said);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    return std::to_string(code) + " " + text.substr(0, text.find(": ")) + " " +
           text.substr(text.find("calls, ") + 7);
  }
  static constexpr const char* kGood =
      "0 GOOD 301 connections came up, 0 were refused, 0 findings\n";

 private:
  const std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                        ("berth-register-" + std::to_string(GetCurrentProcessId()));
};

TEST_F(RegisteredRas, R100ServesADayAlone) {
  ASSERT_EQ(regsvr32(""), 0);
  EXPECT_EQ(play(), kGood);
}

TEST_F(RegisteredRas, R37R101ServesADayBehindAnotherModule) {
  write("DLLPath", whole(BERTH_SAMPLE));
  ASSERT_EQ(regsvr32(""), 0);
  EXPECT_EQ(play(), kGood);
}

TEST_F(RegisteredRas, R37R101ServesADayBeforeAnotherModule) {
  ASSERT_EQ(regsvr32(""), 0);
  write("DLLPath", *read("DLLPath") + ";" + whole(BERTH_SAMPLE));
  EXPECT_EQ(play(), kGood);
}

}  // namespace
}  // namespace berth::rras::testing
