// exchange.h - a request as a route sees it, and the reply to it. Values, but for the door back.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace berth::server {

enum class Method : std::uint8_t { get, post, put, remove };
[[nodiscard]] std::string_view method_name(Method method);  // "GET", …, "DELETE"

// Who asks, as far as the way of asking shows it.
struct Caller {
  std::string name;      // "user 0", for logs
  bool trusted = false;  // may do everything: root, or the user whom berthd runs as
};

struct Asked {
  Method method = Method::get;
  std::string path;                                        // as it came: "/v1/leases/%41"
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in its order
  std::string body;
  Caller caller;
};

struct Reply {
  unsigned status = 200;
  std::string body = {};
  std::string_view type = "application/json";
  std::vector<std::pair<std::string_view, std::string>> headers = {};
};

// Takes the reply, once, on any thread. One that is dropped uncalled closes the connection.
using Respond = std::move_only_function<void(Reply)>;

// Called for each request on a thread of the front; must not block for long.
using OnRequest = std::function<void(Asked, Respond)>;

}  // namespace berth::server
