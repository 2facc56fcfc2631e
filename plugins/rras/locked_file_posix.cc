// locked_file_posix.cc - by flock(2), which the system lets go when a process ends.
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "rras/locked_file.h"

namespace berth::rras {
namespace {

constexpr int kTries = 50;
constexpr std::chrono::milliseconds kBetween{1};

class Flocked final : public LockedFile {
 public:
  explicit Flocked(int file) : file_(file) {}
  ~Flocked() override { close(file_); }
  Flocked(const Flocked&) = delete;
  Flocked& operator=(const Flocked&) = delete;

  [[nodiscard]] bool lock() const {
    for (int i = 0; i < kTries; ++i) {
      if (flock(file_, LOCK_EX | LOCK_NB) == 0) return true;
      if (errno != EWOULDBLOCK && errno != EINTR) return false;
      std::this_thread::sleep_for(kBetween);
    }
    return false;
  }

  std::uint64_t size() const override {
    struct stat entry{};
    return fstat(file_, &entry) == 0 ? static_cast<std::uint64_t>(entry.st_size) : 0;
  }

  std::string read() const override {
    std::string bytes(size(), '\0');
    const ssize_t got = pread(file_, bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }

  bool append(std::string_view bytes) override {
    return write(file_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  }

  void clear() override { static_cast<void>(ftruncate(file_, 0) == 0); }

 private:
  int file_;
};

}  // namespace

std::unique_ptr<LockedFile> LockedFile::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file < 0) return nullptr;
  auto opened = std::make_unique<Flocked>(file);
  if (!opened->lock()) return nullptr;
  return opened;
}

}  // namespace berth::rras
