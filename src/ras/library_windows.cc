// library_windows.cc - DLLs, loaded as RAS loads them.
#include <filesystem>
#include <system_error>
#include <windows.h>

#include "ras/library.h"

namespace berth::ras {
namespace {

// Not among the headers of mingw-w64 for older Windows: the search that RAS asks for (R107).
constexpr DWORD kSearchDefaultDirs = 0x1000;

std::wstring wide(const std::string& path) {
  return std::filesystem::path(reinterpret_cast<const char8_t*>(path.c_str())).wstring();
}

}  // namespace

// Folders of programs are the administrators' own on Windows; what is left is that the path says
// where the file is.
Loaded<void> check_place(const std::string& path) {
  const bool drive = path.size() > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
  if (drive || path.starts_with("\\\\")) return {};
  return std::unexpected(Refusal{.code = static_cast<std::uint32_t>(Win32::module_not_found),
                                 .rule = "R107",
                                 .module = path,
                                 .callout = {},
                                 .what = "its path is not absolute",
                                 .remedy = "write it with drive and folder"});
}

Loaded<std::unique_ptr<Library>> Library::open(const std::string& path) {
  HMODULE const handle = LoadLibraryExW(wide(path).c_str(), nullptr, kSearchDefaultDirs);
  if (handle != nullptr) return std::unique_ptr<Library>(new Library(handle));
  const DWORD code = GetLastError();
  return std::unexpected(
      Refusal{.code = code,
              .rule = "R110",
              .module = path,
              .callout = {},
              .what = std::system_category().message(static_cast<int>(code)),
              .remedy = "see whether it is there, is for 64 bits, and needs no other DLL"});
}

Library::~Library() { FreeLibrary(static_cast<HMODULE>(handle_)); }

AnyFunction Library::find(std::string_view name) const {
  return reinterpret_cast<AnyFunction>(
      GetProcAddress(static_cast<HMODULE>(handle_), std::string(name).c_str()));
}

}  // namespace berth::ras
