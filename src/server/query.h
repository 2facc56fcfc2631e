// query.h - takes the parameters out of a request's address, as Fields does with a body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"
#include "server/exchange.h"

namespace berth::server {

// What is wrong is remembered, the first of it; finish() tells. A parameter that nobody asked for
// is wrong as well, and so is one that comes twice.
class Query {
 public:
  explicit Query(const Asked& asked) : asked_(asked) {}

  [[nodiscard]] std::string text(std::string_view name);  // empty where there is none
  // From 1 to `most`.
  [[nodiscard]] std::size_t count(std::string_view name, std::size_t otherwise, std::size_t most);
  [[nodiscard]] Want want(std::string_view name, Want otherwise);
  [[nodiscard]] std::optional<WallTime> time(std::string_view name);
  [[nodiscard]] std::optional<Ipv4> ipv4(std::string_view name);
  [[nodiscard]] std::optional<Ipv6Prefix> prefix(std::string_view name);
  [[nodiscard]] Milliseconds duration(std::string_view name);  // zero where there is none
  void fail(std::string_view name, std::string_view why, std::string_view remedy);

  // invalid.
  [[nodiscard]] Done finish() const;

 private:
  [[nodiscard]] const std::string* value(std::string_view name);
  template <class T>
  [[nodiscard]] std::optional<T> parsed(std::string_view name,
                                        Result<T> (*parse)(std::string_view));

  const Asked& asked_;
  std::vector<std::string_view> known_;
  std::optional<Error> wrong_;
};

}  // namespace berth::server
