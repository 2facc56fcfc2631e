// process_posix.cc - a child with one end of a socket pair as its standard input.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "ras/process.h"

namespace berth::ras {
namespace {

class Socket final : public Channel {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() override { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool send(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // The time-out is the socket's own, so that a wait is one call of the system.
  Received receive(std::span<char> into, std::size_t& got,
                   std::chrono::milliseconds most) override {
    if (most != timeout_) {
      timeval time{};
      time.tv_sec = most.count() / 1000;
      time.tv_usec = (most.count() % 1000) * 1000;
      setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
      timeout_ = most;
    }
    for (;;) {
      const ssize_t came = recv(fd_, into.data(), into.size(), 0);
      if (came > 0) {
        got = static_cast<std::size_t>(came);
        return Received::bytes;
      }
      if (came < 0 && errno == EINTR) continue;
      return came < 0 && errno == EAGAIN ? Received::timeout : Received::closed;
    }
  }

 private:
  int fd_;
  std::chrono::milliseconds timeout_{0};
};

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    return "was ended by signal " + std::to_string(number) + " (" + strsignal(number) + ")";
  }
  return "returned " + std::to_string(WEXITSTATUS(status));
}

class Child final : public WorkerProcess {
 public:
  Child(pid_t pid, int fd) : pid_(pid), socket_(fd) {}
  ~Child() override { end(); }

  Channel& channel() override { return socket_; }

  std::string end() override {
    if (pid_ == 0) return said_;
    int status = 0;
    // Where it has ended by itself, how it did is what is to be told.
    if (waitpid(pid_, &status, WNOHANG) != pid_) {
      kill(pid_, SIGKILL);
      while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
      }
    }
    pid_ = 0;
    said_ = how_it_ended(status);
    return said_;
  }

 private:
  pid_t pid_;
  Socket socket_;
  std::string said_;
};

Error cannot(const std::string& what, int code) {
  return {Code::store_unavailable, what + ": " + std::strerror(code),
          "see whether it is installed, and how many processes are allowed"};
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const std::string& program) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return std::unexpected(cannot("no connection to a worker can be made", errno));
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  std::string name = program;
  std::array<char*, 2> arguments = {name.data(), nullptr};
  pid_t pid = 0;
  const int failed =
      posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failed != 0) {
    const Error error = cannot("the worker " + program + " cannot be started", failed);
    close(ends[0]);
    return std::unexpected(error);
  }
  return std::make_unique<Child>(pid, ends[0]);
}

std::string worker_program() {
  std::error_code failed;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return (self.parent_path() / "berth-worker").string();
}

Result<std::unique_ptr<Channel>> worker_channel() {
  int type = 0;
  socklen_t size = sizeof type;
  if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
    return fail(Code::invalid, "this program is started by others, with a socket as its input",
                "nothing: berthd starts it where it needs it");
  }
  const int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  // Whoever started us may go in the middle of a call that never returns.
  std::thread([fd] {
    pollfd end{.fd = fd, .events = POLLRDHUP, .revents = 0};
    while (poll(&end, 1, -1) <= 0) {
    }
    _exit(0);
  }).detach();
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (nothing >= 0) {
    dup2(nothing, STDIN_FILENO);
    close(nothing);
  }
  return std::make_unique<Socket>(fd);
}

}  // namespace berth::ras
