// query.cc - parameters by name and type.
#include "server/query.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/quote.h"
#include "wire/words.h"

namespace berth::server {

void Query::fail(std::string_view name, std::string_view why, std::string_view remedy) {
  if (wrong_) return;
  wrong_ = Error{Code::invalid, fmt::format("the parameter {}: {}", quoted(name), why),
                 std::string(remedy)};
}

const std::string* Query::value(std::string_view name) {
  known_.push_back(name);
  const std::string* found = nullptr;
  for (const auto& [key, text] : asked_.query) {
    if (key != name) continue;
    if (found != nullptr) fail(name, "comes twice", "send it once");
    found = &text;
  }
  return found;
}

std::string Query::text(std::string_view name) {
  const std::string* const found = value(name);
  return found == nullptr ? std::string() : *found;
}

std::size_t Query::count(std::string_view name, std::size_t otherwise, std::size_t most) {
  const std::string* const found = value(name);
  if (found == nullptr) return otherwise;
  std::size_t number = 0;
  const char* const end = found->data() + found->size();
  const auto [read, failed] = std::from_chars(found->data(), end, number);
  if (failed != std::errc{} || read != end || number == 0 || number > most) {
    fail(name, quoted(*found) + " is no number from 1 to " + std::to_string(most),
         "write such a number");
    return otherwise;
  }
  return number;
}

template <class T>
std::optional<T> Query::parsed(std::string_view name, Result<T> (*parse)(std::string_view)) {
  const std::string* const found = value(name);
  if (found == nullptr) return std::nullopt;
  Result<T> read = parse(*found);
  if (read) return *read;
  fail(name, read.error().what, read.error().remedy);
  return std::nullopt;
}

Want Query::want(std::string_view name, Want otherwise) {
  return parsed(name, parse_want).value_or(otherwise);
}

std::optional<WallTime> Query::time(std::string_view name) { return parsed(name, parse_time); }

std::optional<Ipv4> Query::ipv4(std::string_view name) { return parsed(name, Ipv4::parse); }

std::optional<Ipv6Prefix> Query::prefix(std::string_view name) {
  return parsed(name, parse_ipv6_or_prefix);
}

Milliseconds Query::duration(std::string_view name) {
  return parsed(name, parse_duration).value_or(Milliseconds{});
}

Done Query::finish() const {
  if (wrong_) return std::unexpected(*wrong_);
  for (const auto& [key, text] : asked_.query) {
    if (std::ranges::count(known_, std::string_view(key)) != 0) continue;
    std::string names;
    for (const std::string_view each : known_)
      names += (names.empty() ? "" : ", ") + std::string(each);
    return berth::fail(Code::invalid, "the parameter " + quoted(key) + " is not known here",
                       "these are: " + names);
  }
  return {};
}

}  // namespace berth::server
