// front.h - the sockets: accepts callers, reads their requests, writes the replies.
//
// HTTP/1.1 with keep-alive. Requests of one connection are answered one after the other, in their
// order; those that a caller sends ahead wait in its connection. Each connection is on one thread
// at a time, and threads are few: a caller that is silent costs memory, and no thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "berth/error.h"
#include "server/exchange.h"

namespace berth::server {

struct FrontOptions {
  std::string socket;                 // path of the Unix socket
  unsigned threads = 0;               // 0: one a core
  std::size_t most_callers = 16'384;  // beyond, new ones wait to be accepted
  std::size_t most_body = std::size_t{4} << 20;
  std::size_t most_header = std::size_t{16} << 10;
  // For a whole request to come, from the end of the reply before it on, and for a reply to go.
  std::chrono::milliseconds patience = std::chrono::minutes(1);
};

class Front {
 public:
  // Listens and answers until it is destroyed. A socket that a dead process left is replaced; one
  // that is served is an Error. invalid.
  [[nodiscard]] static Result<std::unique_ptr<Front>> open(FrontOptions options,
                                                           OnRequest on_request);
  // stop(), if nobody has called it. Whoever may still call a Respond, or is inside one, must be
  // gone before.
  virtual ~Front() = default;

  // Accepts nobody more, and lets what is under way finish, for as long as `patience` at most. What
  // is answered after that is answered to nobody. Once.
  virtual void stop() = 0;

  [[nodiscard]] virtual std::size_t callers() const = 0;
};

}  // namespace berth::server
