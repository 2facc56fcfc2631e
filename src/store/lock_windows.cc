// lock_windows.cc - the writer's lock by LockFileEx.
#include <array>
#include <windows.h>

#include "store/lock.h"

namespace berth {
namespace {

// The locked byte lies far behind the text: a locked byte could not be read by others.
constexpr DWORD kLockedByte = 1U << 30;

class LockedFile : public StoreLock {
 public:
  explicit LockedFile(HANDLE file) : file_(file) {}
  ~LockedFile() override { CloseHandle(file_); }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

 private:
  HANDLE file_;
};

std::wstring wide(const std::string& utf8) {
  const int size =
      MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), nullptr, 0);
  std::wstring text(static_cast<std::size_t>(size), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), text.data(), size);
  return text;
}

std::string read_pid(HANDLE file) {
  std::array<char, 24> text{};
  DWORD size = 0;
  SetFilePointer(file, 0, nullptr, FILE_BEGIN);
  ReadFile(file, text.data(), static_cast<DWORD>(text.size()), &size, nullptr);
  std::string pid(text.data(), size);
  return pid.substr(0, pid.find('\n'));
}

Error unavailable(const std::string& path, std::string_view what) {
  return {Code::store_unavailable,
          "cannot " + std::string(what) + " " + path + ": error " + std::to_string(GetLastError()),
          "check the path and its permissions"};
}

}  // namespace

Result<std::unique_ptr<StoreLock>> StoreLock::take(const std::string& path) {
  const HANDLE file = CreateFileW(wide(path).c_str(), GENERIC_READ | GENERIC_WRITE,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS,
                                  FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return std::unexpected(unavailable(path, "open"));
  std::unique_ptr<StoreLock> lock = std::make_unique<LockedFile>(file);
  OVERLAPPED where{};
  where.Offset = kLockedByte;
  if (!LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &where)) {
    if (GetLastError() == ERROR_LOCK_VIOLATION) {
      return std::unexpected(locked_by(path, read_pid(file)));
    }
    return std::unexpected(unavailable(path, "lock"));
  }
  const std::string pid = std::to_string(GetCurrentProcessId()) + "\n";
  DWORD written = 0;
  SetFilePointer(file, 0, nullptr, FILE_BEGIN);
  if (!SetEndOfFile(file) ||
      !WriteFile(file, pid.data(), static_cast<DWORD>(pid.size()), &written, nullptr)) {
    return std::unexpected(unavailable(path, "write"));
  }
  return lock;
}

}  // namespace berth
