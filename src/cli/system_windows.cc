// system_windows.cc - terminals and places on Windows.
// clang-format off
#include <windows.h>
#include <shellapi.h>  // builds on windows.h
// clang-format on

#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <fcntl.h>
#include <filesystem>
#include <io.h>

#include "cli/system.h"

namespace berth::cli {

namespace {

std::string utf8(const wchar_t* wide) {
  int size = ::WideCharToMultiByte(CP_UTF8, 0, wide, -1, nullptr, 0, nullptr, nullptr);
  if (size <= 1) return {};
  std::string text(static_cast<std::size_t>(size), '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, wide, -1, text.data(), size, nullptr, nullptr);
  text.pop_back();  // the NUL
  return text;
}

std::string variable(const wchar_t* name) {
  const wchar_t* value = ::_wgetenv(name);
  return value == nullptr ? "" : utf8(value);
}

// Without virtual terminal sequences nothing could be drawn over, so it counts as a file.
Terminal terminal_of(DWORD which) {
  Terminal terminal;
  HANDLE handle = ::GetStdHandle(which);
  DWORD mode = 0;
  if (::GetConsoleMode(handle, &mode) == 0) return terminal;
  if (::SetConsoleMode(handle, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) == 0) return terminal;
  CONSOLE_SCREEN_BUFFER_INFO info{};
  if (::GetConsoleScreenBufferInfo(handle, &info) == 0) return terminal;
  terminal.columns = info.srWindow.Right - info.srWindow.Left + 1;
  terminal.colour = variable(L"NO_COLOR").empty();
  return terminal;
}

}  // namespace

void prepare_system() {
  ::SetConsoleOutputCP(CP_UTF8);
  ::_setmode(::_fileno(stdout), _O_BINARY);
  ::_setmode(::_fileno(stdin), _O_BINARY);
}

std::vector<std::string> arguments(int /*argc*/, char** /*argv*/) {
  int count = 0;
  wchar_t** wide = ::CommandLineToArgvW(::GetCommandLineW(), &count);
  std::vector<std::string> texts;
  for (int i = 1; wide != nullptr && i < count; ++i) texts.push_back(utf8(wide[i]));
  ::LocalFree(static_cast<HLOCAL>(static_cast<void*>(wide)));
  return texts;
}

Terminal out_terminal() { return terminal_of(STD_OUTPUT_HANDLE); }

Terminal err_terminal() { return terminal_of(STD_ERROR_HANDLE); }

bool in_is_terminal() {
  DWORD mode = 0;
  return ::GetConsoleMode(::GetStdHandle(STD_INPUT_HANDLE), &mode) != 0;
}

bool may_write(const std::string& folder) {
  const std::filesystem::path path(reinterpret_cast<const char8_t*>(folder.c_str()));
  HANDLE opened = ::CreateFileW(path.c_str(), FILE_ADD_FILE,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return false;
  ::CloseHandle(opened);
  return true;
}

std::vector<std::string> settings_places() {
  std::vector<std::string> places;
  if (std::string named = variable(L"BERTH_SETTINGS"); !named.empty()) places.push_back(named);
  places.emplace_back("berth.toml");
  if (std::string shared = variable(L"ProgramData"); !shared.empty()) {
    places.push_back(shared + "\\berth\\berth.toml");
  }
  return places;
}

}  // namespace berth::cli
