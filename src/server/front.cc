// front.cc - threads, the socket that accepts, and who is connected.
#include "server/front.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <unordered_set>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/strand.hpp>

#include "server/session.h"

namespace berth::server {
namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

Error cannot(const std::string& path, const std::string& why) {
  return {Code::invalid, "cannot listen at " + path + ": " + why,
          "name a path in a folder where this user may write, of less than 108 bytes"};
}

Caller caller_behind(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {};
  return {.name = "user " + std::to_string(peer.uid),
          .trusted = peer.uid == 0 || peer.uid == geteuid()};
}

class Listening final : public Front {
 public:
  Listening(FrontOptions options, OnRequest on_request)
      : options_(std::move(options)), on_request_(std::move(on_request)) {}
  ~Listening() override {
    if (!stopped_) stop();
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  Done listen() {
    const Local::endpoint at(options_.socket);
    boost::system::error_code failed;
    Local::socket probe(context_);
    probe.connect(at, failed);
    if (!failed) {
      return std::unexpected(cannot(options_.socket, "another process listens there already"));
    }
    struct stat left{};
    if (failed == boost::system::errc::connection_refused &&
        lstat(options_.socket.c_str(), &left) == 0 && S_ISSOCK(left.st_mode)) {
      unlink(options_.socket.c_str());
    }
    failed.clear();
    acceptor_.open(Local(), failed);
    if (!failed) acceptor_.bind(at, failed);
    if (!failed && chmod(options_.socket.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0) {
      failed.assign(errno, boost::system::system_category());
    }
    if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return std::unexpected(cannot(options_.socket, failed.message()));
    bound_ = true;
    accept();
    const unsigned wanted = options_.threads != 0
                                ? options_.threads
                                : std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < wanted; ++i) threads_.emplace_back([this] { context_.run(); });
    return {};
  }

  [[nodiscard]] std::size_t callers() const override {
    const std::lock_guard lock(mutex_);
    return sessions_.size();
  }

  void stop() override {
    stopped_ = true;
    {
      std::unique_lock lock(mutex_);
      stopping_ = true;
      for (LocalSession* each : sessions_) each->finish();
      asio::post(acceptor_.get_executor(), [this] {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
      });
      if (!threads_.empty()) {
        none_left_.wait_for(lock, options_.patience, [this] { return sessions_.empty(); });
      }
    }
    work_.reset();
    context_.stop();
    for (std::thread& each : threads_) each.join();
    if (bound_) unlink(options_.socket.c_str());
  }

 private:
  using LocalSession = Session<Local>;

  void accept() {
    accepting_ = true;
    acceptor_.async_accept(asio::make_strand(context_),
                           [this](const boost::system::error_code& failed, Local::socket socket) {
                             accepted(failed, std::move(socket));
                           });
  }

  void accepted(const boost::system::error_code& failed, Local::socket socket) {
    std::shared_ptr<LocalSession> session;
    if (!failed) {
      Caller caller = caller_behind(socket.native_handle());
      session = std::make_shared<LocalSession>(LocalSession::Stream(std::move(socket)),
                                               std::move(caller), options_, on_request_,
                                               [this](LocalSession* gone) { remove(gone); });
    }
    {
      const std::lock_guard lock(mutex_);
      accepting_ = false;
      if (stopping_) return;
      if (session) sessions_.insert(session.get());
      // No descriptor was left, say: the next caller's end brings one.
      if (sessions_.size() < options_.most_callers && (!failed || sessions_.empty())) accept();
    }
    if (session) session->start();
  }

  void remove(LocalSession* gone) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(gone);
    if (!accepting_ && !stopping_) asio::post(acceptor_.get_executor(), [this] { accept_again(); });
    if (sessions_.empty()) none_left_.notify_all();
  }

  void accept_again() {
    const std::lock_guard lock(mutex_);
    if (!accepting_ && !stopping_) accept();
  }

  const FrontOptions options_;
  const OnRequest on_request_;
  mutable std::mutex mutex_;
  std::condition_variable none_left_;
  std::unordered_set<LocalSession*> sessions_;  // guarded by mutex_
  bool stopping_ = false;                       // guarded by mutex_
  bool accepting_ = false;                      // guarded by mutex_
  bool bound_ = false;
  bool stopped_ = false;
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  Local::acceptor acceptor_{asio::make_strand(context_)};
  std::vector<std::thread> threads_;
};

}  // namespace

Result<std::unique_ptr<Front>> Front::open(FrontOptions options, OnRequest on_request) {
  if (options.socket.empty() || options.socket.size() >= sizeof(sockaddr_un::sun_path)) {
    return std::unexpected(cannot(options.socket, "its length"));
  }
  auto front = std::make_unique<Listening>(std::move(options), std::move(on_request));
  if (Done listening = front->listen(); !listening) return std::unexpected(listening.error());
  return front;
}

}  // namespace berth::server
