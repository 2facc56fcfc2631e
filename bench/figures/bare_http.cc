// bare_http.cc - the shortest server that Beast allows.
#include "figures/bare_http.h"

#include <thread>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace berth::figures {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Local = asio::local::stream_protocol;

class Caller : public std::enable_shared_from_this<Caller> {
 public:
  Caller(Local::socket socket, const std::string& body) : socket_(std::move(socket)), body_(body) {}

  void read() {
    request_ = {};
    http::async_read(
        socket_, buffer_, request_,
        [self = shared_from_this()](const boost::beast::error_code& failed, std::size_t) {
          if (!failed) self->write();
        });
  }

 private:
  void write() {
    response_ = {http::status::ok, 11};
    response_.set(http::field::content_type, "application/json");
    response_.body() = body_;
    response_.prepare_payload();
    http::async_write(
        socket_, response_,
        [self = shared_from_this()](const boost::beast::error_code& failed, std::size_t) {
          if (!failed) self->read();
        });
  }

  Local::socket socket_;
  const std::string& body_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

class Bare final : public BareHttp {
 public:
  Bare(const std::string& socket, std::string body) : body_(std::move(body)) {
    unlink(socket.c_str());
    acceptor_ = Local::acceptor(context_, Local::endpoint(socket));
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Bare() override {
    context_.stop();
    thread_.join();
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;

 private:
  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& failed, Local::socket socket) {
      if (failed) return;
      std::make_shared<Caller>(std::move(socket), body_)->read();
      accept();
    });
  }

  const std::string body_;
  asio::io_context context_{1};
  Local::acceptor acceptor_{context_};
  std::thread thread_;
};

}  // namespace

std::unique_ptr<BareHttp> BareHttp::open(const std::string& socket, std::string body) {
  return std::make_unique<Bare>(socket, std::move(body));
}

}  // namespace berth::figures
