// locked_file_windows.cc - by LockFileEx, which the system lets go when a process ends.
#include <windows.h>

#include "core/utf16.h"
#include "rras/locked_file.h"

namespace berth::rras {
namespace {

constexpr ULONGLONG kLongest = 50;       // ms
constexpr DWORD kLockedByte = 1U << 30;  // far behind the text: locked bytes cannot be read

class Locked final : public LockedFile {
 public:
  explicit Locked(HANDLE file) : file_(file) {}
  ~Locked() override { CloseHandle(file_); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

  [[nodiscard]] bool lock() const {
    // A sleep may take a sixtieth of a second, whatever was asked for.
    for (const ULONGLONG until = GetTickCount64() + kLongest;;) {
      OVERLAPPED where{};
      where.Offset = kLockedByte;
      constexpr DWORD kHow = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
      if (LockFileEx(file_, kHow, 0, 1, 0, &where)) return true;
      if (GetTickCount64() >= until) return false;
      Sleep(1);
    }
  }

  std::uint64_t size() const override {
    LARGE_INTEGER size{};
    return GetFileSizeEx(file_, &size) ? static_cast<std::uint64_t>(size.QuadPart) : 0;
  }

  std::string read() const override {
    std::string bytes(size(), '\0');
    DWORD got = 0;
    SetFilePointer(file_, 0, nullptr, FILE_BEGIN);
    if (!ReadFile(file_, bytes.data(), static_cast<DWORD>(bytes.size()), &got, nullptr)) got = 0;
    bytes.resize(got);
    return bytes;
  }

  bool append(std::string_view bytes) override {
    DWORD written = 0;
    SetFilePointer(file_, 0, nullptr, FILE_END);
    return WriteFile(file_, bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr) &&
           written == bytes.size();
  }

  void clear() override {
    SetFilePointer(file_, 0, nullptr, FILE_BEGIN);
    SetEndOfFile(file_);
  }

 private:
  HANDLE file_;
};

}  // namespace

std::unique_ptr<LockedFile> LockedFile::open(const std::string& path) {
  const std::u16string units = utf16_of(path).value_or(std::u16string());
  const HANDLE file = CreateFileW(reinterpret_cast<const wchar_t*>(units.c_str()),
                                  GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                  nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) return nullptr;
  auto opened = std::make_unique<Locked>(file);
  if (!opened->lock()) return nullptr;
  return opened;
}

}  // namespace berth::rras
