// http_load.cc - connections that write a request, and read until its answer is whole.
#include "figures/http_load.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <deque>
#include <memory>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "berth/error.h"

namespace berth::figures {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

// Bytes of the first answer in `bytes`; 0: it is not whole yet.
std::size_t size_of_answer(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  constexpr std::string_view kLength = "Content-Length: ";
  const std::size_t field = bytes.substr(0, end).find(kLength);
  std::size_t body = 0;
  if (field != std::string_view::npos) {
    const char* const from = bytes.data() + field + kLength.size();
    std::from_chars(from, bytes.data() + end, body);
  }
  const std::size_t whole = end + 4 + body;
  return whole <= bytes.size() ? whole : 0;
}

class Load {
 public:
  explicit Load(const LoadOptions& options) : options_(options) {}

  LoadResult run() {
    for (std::size_t i = 0; i < options_.connections; ++i) {
      connections_.push_back(std::make_unique<Connection>(context_));
      connections_.back()->socket.connect(options_.socket);
    }
    begin_ = Clock::now();
    end_ = begin_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(options_.seconds));
    if (options_.rate > 0) {
      for (auto& each : connections_) idle_.push_back(each.get());
      pace();
    } else {
      for (auto& each : connections_) ask(*each, Clock::now());
    }
    context_.run();
    BERTH_ASSERT(!times_.empty());
    std::ranges::sort(times_);
    return {.rate = static_cast<double>(times_.size()) / options_.seconds,
            .median = times_[times_.size() / 2],
            .p99 = times_[times_.size() * 99 / 100],
            .refused = refused_};
  }

 private:
  struct Connection {
    explicit Connection(asio::io_context& context) : socket(context) {}
    asio::local::stream_protocol::socket socket;
    std::string request;
    std::string answer;
    std::array<char, 16'384> part{};
    Clock::time_point due;
  };

  void ask(Connection& on, Clock::time_point due) {
    on.due = due;
    on.request = options_.next();
    on.answer.clear();
    asio::async_write(on.socket, asio::buffer(on.request),
                      [this, &on](const boost::system::error_code& failed, std::size_t) {
                        BERTH_ASSERT(!failed);
                        read(on);
                      });
  }

  void read(Connection& on) {
    on.socket.async_read_some(
        asio::buffer(on.part),
        [this, &on](const boost::system::error_code& failed, std::size_t came) {
          BERTH_ASSERT(!failed);
          on.answer.append(on.part.data(), came);
          if (size_of_answer(on.answer) == 0) return read(on);
          answered(on);
        });
  }

  void answered(Connection& on) {
    constexpr std::size_t kStatus = 9;  // behind "HTTP/1.1 "
    if (on.answer.compare(kStatus, 2, "20") != 0) ++refused_;
    const Clock::time_point now = Clock::now();
    times_.push_back(std::chrono::duration<double>(now - on.due).count());
    if (now >= end_) return;
    if (options_.rate == 0) return ask(on, now);
    if (overdue_.empty()) {
      idle_.push_back(&on);
    } else {
      const Clock::time_point due = overdue_.front();
      overdue_.pop_front();
      ask(on, due);
    }
  }

  // Sends what is due by now; what finds no connection free waits, and its wait counts.
  void pace() {
    const Clock::time_point now = Clock::now();
    const auto due = [&] {
      return begin_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                          static_cast<double>(sent_) / options_.rate));
    };
    for (; due() <= now; ++sent_) {
      if (idle_.empty()) {
        overdue_.push_back(due());
      } else {
        Connection* const on = idle_.back();
        idle_.pop_back();
        ask(*on, due());
      }
    }
    if (now >= end_) return;
    timer_.expires_at(due());
    timer_.async_wait([this](const boost::system::error_code&) { pace(); });
  }

  const LoadOptions& options_;
  asio::io_context context_{1};
  asio::steady_timer timer_{context_};
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> idle_;
  std::deque<Clock::time_point> overdue_;
  Clock::time_point begin_, end_;
  std::uint64_t sent_ = 0;
  std::uint64_t refused_ = 0;
  std::vector<double> times_;
};

}  // namespace

LoadResult ask_for(const LoadOptions& options) { return Load(options).run(); }

}  // namespace berth::figures
