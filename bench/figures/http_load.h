// http_load.h - clients that ask an HTTP server over a Unix socket as fast as it answers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace berth::figures {

struct LoadOptions {
  std::string socket;
  std::size_t connections = 64;
  double seconds = 5;
  double rate = 0;  // requests a second in all; 0: each connection asks again when it was answered
  // The bytes of the next request, asked for on one thread.
  std::function<const std::string&()> next;
};

struct LoadResult {
  double rate = 0;  // answers a second
  double median = 0;
  double p99 = 0;             // seconds from when a request was due to the end of its answer
  std::uint64_t refused = 0;  // answers other than 200 and 204
};

// All connections on the calling thread, keep-alive.
[[nodiscard]] LoadResult ask_for(const LoadOptions& options);

}  // namespace berth::figures
