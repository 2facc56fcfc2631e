// ask_posix.cc - a Unix socket for each question.
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <ras_admin/types.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mprapi/ask.h"

namespace berth::mprapi {
namespace {

using Clock = std::chrono::steady_clock;

// Of one call, in all.
constexpr std::chrono::seconds kPatience{5};

class Socket {
 public:
  Socket() : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // 0, or why not, as errno has it.
  [[nodiscard]] int connect(const char* path) const {
    if (fd_ < 0) return EMFILE;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (std::strlen(path) >= sizeof address.sun_path) return ENAMETOOLONG;
    std::memcpy(address.sun_path, path, std::strlen(path) + 1);
    // A backlog that is full is somebody else's crowd; it has a moment to go.
    for (;;) {
      if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return 0;
      if (errno == EINTR) continue;
      if (errno != EAGAIN || Clock::now() >= until_) return errno;
      poll(nullptr, 0, 10);
    }
  }
  [[nodiscard]] bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (sent == 0 || !goes_on(POLLOUT)) {
        return false;
      }
    }
    return true;
  }
  // A whole frame; empty: it did not come.
  [[nodiscard]] std::string receive() const {
    std::string frame;
    for (;;) {
      const std::optional<std::size_t> size = frame_size(frame, kMostReply);
      if (size == frame.size()) return frame;
      if (size && *size < frame.size()) return {};
      std::array<char, 65'536> bytes;
      const ssize_t came = recv(fd_, bytes.data(), bytes.size(), 0);
      if (came == 0 || (came < 0 && !goes_on(POLLIN))) return {};
      if (came > 0) frame.append(bytes.data(), static_cast<std::size_t>(came));
    }
  }

 private:
  // After a call that did not succeed: whether to try it again.
  [[nodiscard]] bool goes_on(short what) const {
    if (errno == EINTR) return true;
    if (errno != EAGAIN) return false;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until_ - Clock::now()).count();
    if (left <= 0) return false;
    pollfd ready{.fd = fd_, .events = what, .revents = 0};
    const int count = poll(&ready, 1, static_cast<int>(left));
    return count > 0 || (count < 0 && errno == EINTR);
  }

  int fd_;
  Clock::time_point until_ = Clock::now() + kPatience;
};

}  // namespace

Reply ask(const Question& question) {
  const char* const named = std::getenv(kSocketVariable);  // NOLINT(concurrency-mt-unsafe)
  const Socket socket;
  const int failed = socket.connect(named != nullptr && *named != '\0' ? named : kSocket);
  if (failed == EACCES || failed == EPERM) return {.code = ERROR_ACCESS_DENIED};
  if (failed != 0) return {.code = ERROR_DDM_NOT_RUNNING};
  // Who may not ask is told so at once, and perhaps before he has asked.
  static_cast<void>(socket.send(encode(question)));
  return decode_reply(socket.receive()).value_or(Reply{.code = ERROR_DDM_NOT_RUNNING});
}

}  // namespace berth::mprapi
