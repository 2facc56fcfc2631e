// listener_posix.cc - a Unix socket, and one thread that polls it.
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "ras/listener.h"
#include <ras_admin_module.h>

namespace berth::ras {
namespace {

using Clock = std::chrono::steady_clock;

// To ask, and to take the reply.
constexpr std::chrono::seconds kPatience{2};

// A descriptor, closed at the end.
class Owned {
 public:
  explicit Owned(int fd = -1) : fd_(fd) {}
  ~Owned() {
    if (fd_ >= 0) close(fd_);
  }
  Owned(Owned&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

struct Caller {
  Owned socket;
  std::string question = {};
  Clock::time_point until = Clock::now() + kPatience;
  bool done = false;
};

Error cannot(const std::string& path, const std::string& why) {
  return {Code::invalid, "cannot listen at " + path + ": " + why,
          "name a path in a folder where this user may write, of less than 108 bytes"};
}

bool may_ask(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == geteuid();
}

void send_all(int socket, std::string_view bytes) {
  timeval patience{};
  patience.tv_sec = kPatience.count();
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const auto until = Clock::now() + kPatience;
  while (!bytes.empty() && Clock::now() < until) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

class Polling final : public Listener {
 public:
  Polling(std::string path, Owned socket, Owned stop, Owned stopped, Live& live, Hooks hooks)
      : path_(std::move(path)),
        socket_(std::move(socket)),
        stop_(std::move(stop)),
        stopped_(std::move(stopped)),
        live_(live),
        hooks_(std::move(hooks)),
        thread_([this] { run(); }) {}
  ~Polling() override {
    stop_ = Owned();  // the other end reads an end
    thread_.join();
    unlink(path_.c_str());
  }
  Polling(const Polling&) = delete;
  Polling& operator=(const Polling&) = delete;

 private:
  void run() {
    for (;;) {
      std::vector<pollfd> wanted;
      wanted.push_back({.fd = stopped_.get(), .events = POLLIN, .revents = 0});
      const bool full = callers_.size() >= kMostCallers;
      wanted.push_back({.fd = full ? -1 : socket_.get(), .events = POLLIN, .revents = 0});
      for (const Caller& each : callers_) {
        wanted.push_back({.fd = each.socket.get(), .events = POLLIN, .revents = 0});
      }
      poll(wanted.data(), wanted.size(), callers_.empty() ? -1 : 100);
      if (wanted[0].revents != 0) return;
      for (std::size_t i = 0; i < callers_.size(); ++i) {
        if (wanted[i + 2].revents != 0) read(callers_[i]);
      }
      std::erase_if(callers_, [now = Clock::now()](const Caller& each) {
        return each.done || each.until < now;
      });
      if (wanted[1].revents != 0) take_one();
    }
  }

  void take_one() {
    Owned caller(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (caller.get() < 0) return;
    if (may_ask(caller.get())) {
      callers_.push_back({.socket = std::move(caller)});
    } else {
      send_all(caller.get(), encode(mprapi::Reply{.code = ERROR_ACCESS_DENIED}));
    }
  }

  void read(Caller& caller) {
    std::array<char, 65'536> bytes;
    const ssize_t came = recv(caller.socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (came < 0 && (errno == EINTR || errno == EAGAIN)) return;
    caller.done = came <= 0;
    if (caller.done) return;
    caller.question.append(bytes.data(), static_cast<std::size_t>(came));
    const auto size = mprapi::frame_size(caller.question, mprapi::kMostQuestion);
    if (!size || caller.question.size() < *size) return;
    caller.done = true;
    const auto question = mprapi::decode_question(caller.question);
    if (question) send_all(caller.socket.get(), encode(answer(*question, live_, hooks_)));
  }

  const std::string path_;
  Owned socket_;
  Owned stop_;
  Owned stopped_;
  Live& live_;
  const Hooks hooks_;
  std::vector<Caller> callers_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Listener>> Listener::open(const std::string& path, Live& live, Hooks hooks) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return std::unexpected(cannot(path, "its length"));
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const auto* const to = reinterpret_cast<const sockaddr*>(&address);
  Owned socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const Owned probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0 || probe.get() < 0) {
    return std::unexpected(cannot(path, std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
  }
  if (connect(probe.get(), to, sizeof address) == 0) {
    return std::unexpected(cannot(path, "a RAS side listens there already"));
  }
  struct stat left{};
  if (errno == ECONNREFUSED && lstat(path.c_str(), &left) == 0 && S_ISSOCK(left.st_mode)) {
    unlink(path.c_str());
  }
  std::array<int, 2> ends{};
  if (bind(socket.get(), to, sizeof address) != 0 || chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 ||
      listen(socket.get(), SOMAXCONN) != 0 || pipe2(ends.data(), O_CLOEXEC) != 0) {
    return std::unexpected(cannot(path, std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe)
  }
  return std::make_unique<Polling>(path, std::move(socket), Owned(ends[1]), Owned(ends[0]), live,
                                   std::move(hooks));
}

}  // namespace berth::ras
