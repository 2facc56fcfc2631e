// files_posix.cc - fsync(2) of a file, and of the directory that its name is in.
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "store/files.h"

namespace berth {

Done sync_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  const int error = errno;
  if (file >= 0) close(file);
  if (synced) return {};
  return fail(Code::store_unavailable, "cannot sync " + path + ": " + std::strerror(error),
              "check the disk");
}

Done sync_directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return sync_file(".");
  return sync_file(path.substr(0, slash + 1));
}

}  // namespace berth
