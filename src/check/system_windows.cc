// system_windows.cc - System32, and who has which rights.
// clang-format off
#include <windows.h>
#include <aclapi.h>  // builds on windows.h
// clang-format on

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "check/system.h"

namespace berth::check {
namespace {

std::filesystem::path path_of(const std::string& utf8) {
  return {reinterpret_cast<const char8_t*>(utf8.c_str())};
}

std::string utf8(const std::filesystem::path& path) {
  const std::u8string text = path.u8string();
  return {text.begin(), text.end()};
}

std::filesystem::path system_folder() {
  std::array<wchar_t, MAX_PATH> name{};
  const UINT size = GetSystemDirectoryW(name.data(), static_cast<UINT>(name.size()));
  return std::filesystem::path(std::wstring(name.data(), size));
}

// Groups that are not administrators.
constexpr std::array<std::pair<WELL_KNOWN_SID_TYPE, const char*>, 6> kOthers = {{
    {WinWorldSid, "Everyone"},
    {WinAuthenticatedUserSid, "Authenticated Users"},
    {WinBuiltinUsersSid, "Users"},
    {WinInteractiveSid, "Interactive"},
    {WinBuiltinGuestsSid, "Guests"},
    {WinAnonymousSid, "Anonymous"},
}};

// Those of kOthers that are granted one of `rights`; "" for none.
std::string granted(ACL* list, DWORD rights) {
  if (list == nullptr) return "Everyone";  // no list at all is no lock at all
  for (DWORD i = 0; i < list->AceCount; ++i) {
    void* entry = nullptr;
    if (!GetAce(list, i, &entry)) continue;
    const auto* allowed = static_cast<const ACCESS_ALLOWED_ACE*>(entry);
    const bool counts = allowed->Header.AceType == ACCESS_ALLOWED_ACE_TYPE &&
                        (allowed->Header.AceFlags & INHERIT_ONLY_ACE) == 0;
    if (!counts || (allowed->Mask & rights) == 0) continue;
    PSID who = static_cast<char*>(entry) + offsetof(ACCESS_ALLOWED_ACE, SidStart);
    for (const auto& [type, name] : kOthers) {
      if (IsWellKnownSid(who, type)) return name;
    }
  }
  return {};
}

std::string who_may(const std::filesystem::path& path, DWORD rights) {
  ACL* list = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (GetNamedSecurityInfoW(path.c_str(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr,
                            nullptr, &list, nullptr, &descriptor) != ERROR_SUCCESS) {
    return {};
  }
  std::string who = granted(list, rights);
  LocalFree(descriptor);
  return who;
}

}  // namespace

ImageKind native_kind() { return ImageKind::pe; }

std::string native_machine() { return std::string(kX64); }

std::optional<bool> system_has(ImageKind kind, const std::string& library) {
  if (kind != ImageKind::pe) return std::nullopt;
  // Sets of functions, which the loader maps to libraries of its own.
  const auto is_set = [&](std::string_view prefix) {
    return library.size() > prefix.size() &&
           std::ranges::equal(prefix, library.substr(0, prefix.size()), {}, {},
                              [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  };
  if (is_set("api-ms-win-") || is_set("ext-ms-win-")) return true;
  std::error_code failed;
  return std::filesystem::exists(system_folder() / path_of(library), failed);
}

std::vector<std::string> who_may_change(const std::string& path, Owners /*owners*/) {
  // Of a file its bytes; of a folder the names in it, so that another file could take its place.
  // Making new files is not meant: everybody may do that in C:\.
  constexpr DWORD kWriteFile = FILE_WRITE_DATA | FILE_APPEND_DATA | DELETE | WRITE_DAC |
                               WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL;
  constexpr DWORD kWriteFolder = FILE_DELETE_CHILD | DELETE | WRITE_DAC | WRITE_OWNER | GENERIC_ALL;
  std::vector<std::string> findings;
  std::filesystem::path each = path_of(path);
  for (DWORD rights = kWriteFile;; rights = kWriteFolder, each = each.parent_path()) {
    std::error_code failed;
    if (std::filesystem::exists(each, failed)) {
      const bool folder = std::filesystem::is_directory(each, failed);
      const std::string who = who_may(each, folder ? kWriteFolder : rights);
      if (!who.empty()) findings.push_back(utf8(each) + " can be changed by " + who);
    }
    if (!each.has_relative_path()) return findings;
  }
}

}  // namespace berth::check
