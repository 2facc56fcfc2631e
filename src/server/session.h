// session.h - one caller's connection: read a request, have it answered, write the reply, again.
//
// Everything here runs on the executor of the stream, a strand. The inside of front.cc.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "server/exchange.h"
#include "server/front.h"

namespace berth::server {

// What a reply says when a request could not be read.
[[nodiscard]] std::optional<Reply> unreadable(const boost::beast::error_code& failed);
// Method, path and query out of what stands in the first line; or the refusal of it.
[[nodiscard]] std::optional<Reply> read_target(boost::beast::http::verb verb,
                                               std::string_view target, Asked& asked);

template <class Protocol>
class Session : public std::enable_shared_from_this<Session<Protocol>> {
 public:
  using Stream = boost::beast::basic_stream<Protocol>;

  Session(Stream stream, Caller caller, const FrontOptions& options, const OnRequest& on_request,
          std::function<void(Session*)> gone)
      : stream_(std::move(stream)),
        caller_(std::move(caller)),
        options_(options),
        on_request_(on_request),
        gone_(std::move(gone)) {}
  ~Session() { gone_(this); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start() {
    boost::asio::dispatch(stream_.get_executor(),
                          [self = this->shared_from_this()] { self->read(); });
  }
  // After the reply that is under way, or at once where there is none. Any thread.
  void finish() {
    boost::asio::post(stream_.get_executor(), [weak = this->weak_from_this()] {
      const auto self = weak.lock();
      if (!self) return;
      self->last_ = true;
      if (!self->answering_) self->stream_.cancel();
    });
  }

 private:
  // What is read of somebody who is not listened to any more.
  static constexpr std::chrono::seconds kLastMoment{2};
  static constexpr std::size_t kReadAway = std::size_t{64} << 10;
  static constexpr int kMostReadAway = 256;

  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  void read() {
    if (last_) return;  // nobody keeps this Session then, and the connection closes
    parser_.emplace();
    parser_->body_limit(options_.most_body);
    parser_->header_limit(static_cast<std::uint32_t>(options_.most_header));
    stream_.expires_after(options_.patience);
    boost::beast::http::async_read(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](const boost::beast::error_code& failed, std::size_t) {
          self->was_read(failed);
        });
  }

  void was_read(const boost::beast::error_code& failed) {
    version_ = 11;
    keep_alive_ = false;
    if (failed) {
      std::optional<Reply> reply = unreadable(failed);
      if (!reply) return;
      refused_ = true;
      return write(*std::move(reply));
    }
    auto& request = parser_->get();
    version_ = request.version();
    keep_alive_ = request.keep_alive();
    Asked asked{.body = std::move(request.body()), .caller = caller_};
    if (auto refused = read_target(request.method(), request.target(), asked)) {
      return write(*std::move(refused));
    }
    answering_ = true;
    stream_.expires_never();  // whoever answers has a deadline of its own
    on_request_(std::move(asked), Respond([self = this->shared_from_this()](Reply reply) mutable {
                  const auto executor = self->stream_.get_executor();
                  boost::asio::dispatch(
                      executor, [self = std::move(self), reply = std::move(reply)]() mutable {
                        self->answering_ = false;
                        self->write(std::move(reply));
                      });
                }));
  }

  void write(Reply reply) {
    response_ = Response(static_cast<boost::beast::http::status>(reply.status), version_);
    const bool empty = reply.status == 204;  // RFC 9110: without a length, too
    if (!empty) response_.set(boost::beast::http::field::content_type, reply.type);
    for (const auto& [name, value] : reply.headers) response_.set(name, value);
    response_.keep_alive(keep_alive_ && !last_);
    response_.body() = std::move(reply.body);
    if (!empty) response_.prepare_payload();
    stream_.expires_after(options_.patience);
    boost::beast::http::async_write(
        stream_, response_,
        [self = this->shared_from_this()](const boost::beast::error_code& failed, std::size_t) {
          if (failed) return;
          if (self->response_.keep_alive()) return self->read();
          if (self->refused_) self->close_slowly();
        });
  }

  // One whose request was refused before all of it had come is still sending, and would not see why
  // if the connection broke. So the rest is read, for a moment.
  void close_slowly() {
    boost::beast::error_code ignored;
    stream_.socket().shutdown(Protocol::socket::shutdown_send, ignored);
    stream_.expires_after(kLastMoment);
    read_away();
  }
  void read_away() {
    buffer_.clear();
    stream_.async_read_some(
        buffer_.prepare(kReadAway),
        [self = this->shared_from_this()](const boost::beast::error_code& failed, std::size_t) {
          if (!failed && --self->reads_left_ > 0) self->read_away();
        });
  }

  Stream stream_;
  const Caller caller_;
  const FrontOptions& options_;
  const OnRequest& on_request_;
  std::function<void(Session*)> gone_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Response response_;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool answering_ = false;
  bool last_ = false;
  bool refused_ = false;
  int reads_left_ = kMostReadAway;
};

}  // namespace berth::server
