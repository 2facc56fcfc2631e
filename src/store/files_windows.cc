// files_windows.cc - FlushFileBuffers; names need no flushing, NTFS keeps a journal of them.
#include <filesystem>
#include <windows.h>

#include "store/files.h"

namespace berth {

Done sync_file(const std::string& path) {
  const std::filesystem::path name(std::u8string(path.begin(), path.end()));
  const HANDLE file =
      CreateFileW(name.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                  nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
  const bool synced = file != INVALID_HANDLE_VALUE && FlushFileBuffers(file);
  const DWORD error = GetLastError();
  if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
  if (synced) return {};
  return fail(Code::store_unavailable, "cannot sync " + path + ": error " + std::to_string(error),
              "check the disk");
}

Done sync_directory_of(const std::string&) { return {}; }

}  // namespace berth
