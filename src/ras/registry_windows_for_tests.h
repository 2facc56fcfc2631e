// registry_windows_for_tests.h - a registry of a test's own in the place of the machine's.
#pragma once

#include <string>
#include <windows.h>

#include "berth/error.h"

namespace berth::ras::testing {

// For as long as it lives, HKEY_LOCAL_MACHINE is a new key below HKEY_CURRENT_USER to this process.
class OwnRegistry {
 public:
  OwnRegistry() : name_(L"Software\\berth-test-" + std::to_wstring(GetCurrentProcessId())) {
    RegCreateKeyExW(HKEY_CURRENT_USER, name_.c_str(), 0, nullptr, 0, KEY_ALL_ACCESS, nullptr, &key_,
                    nullptr);
    BERTH_ASSERT(RegOverridePredefKey(HKEY_LOCAL_MACHINE, key_) == ERROR_SUCCESS);
  }
  ~OwnRegistry() {
    RegOverridePredefKey(HKEY_LOCAL_MACHINE, nullptr);
    RegCloseKey(key_);
    RegDeleteTreeW(HKEY_CURRENT_USER, name_.c_str());
  }
  OwnRegistry(const OwnRegistry&) = delete;
  OwnRegistry& operator=(const OwnRegistry&) = delete;

  void set(const wchar_t* name, DWORD type, const std::wstring& text) {
    HKEY made = nullptr;
    BERTH_ASSERT(RegCreateKeyExW(HKEY_LOCAL_MACHINE, LR"(SOFTWARE\Microsoft\RAS\AdminDll)", 0,
                                 nullptr, 0, KEY_ALL_ACCESS, nullptr, &made,
                                 nullptr) == ERROR_SUCCESS);
    BERTH_ASSERT(RegSetValueExW(made, name, 0, type, reinterpret_cast<const BYTE*>(text.c_str()),
                                static_cast<DWORD>((text.size() + 1) * sizeof(wchar_t))) ==
                 ERROR_SUCCESS);
    RegCloseKey(made);
  }

 private:
  std::wstring name_;
  HKEY key_ = nullptr;
};

}  // namespace berth::ras::testing
