// lock_posix.cc - the writer's lock by flock(2): on Linux and every other Unix.
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/lock.h"

namespace berth {
namespace {

class FlockedFile : public StoreLock {
 public:
  explicit FlockedFile(int file) : file_(file) {}
  ~FlockedFile() override { close(file_); }
  FlockedFile(const FlockedFile&) = delete;
  FlockedFile& operator=(const FlockedFile&) = delete;

 private:
  int file_;
};

std::string read_pid(int file) {
  std::array<char, 24> text{};
  const ssize_t size = pread(file, text.data(), text.size(), 0);
  std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return pid.substr(0, pid.find('\n'));
}

}  // namespace

Result<std::unique_ptr<StoreLock>> StoreLock::take(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660);
  if (file < 0) {
    return fail(Code::store_unavailable, "cannot open " + path + ": " + std::strerror(errno),
                "check the path and its permissions");
  }
  std::unique_ptr<StoreLock> lock = std::make_unique<FlockedFile>(file);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::unexpected(locked_by(path, read_pid(file)));
    return fail(Code::store_unavailable, "cannot lock " + path + ": " + std::strerror(errno),
                "put the store on a local disk");
  }
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(file, 0) != 0 || pwrite(file, pid.data(), pid.size(), 0) < 0) {
    return fail(Code::store_unavailable, "cannot write " + path + ": " + std::strerror(errno),
                "make room on the disk");
  }
  return lock;
}

}  // namespace berth
