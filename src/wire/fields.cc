// fields.cc - members by name and type, and the first thing that is wrong.
#include "wire/fields.h"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/stream_parser.hpp>
#include <fmt/format.h>

#include "core/quote.h"
#include "core/utf8.h"
#include "wire/words.h"

namespace berth {

namespace json = boost::json;

Fields::Fields(const json::value& value, std::string what)
    : object_(value.if_object()), what_(std::move(what)) {
  if (object_ == nullptr) {
    wrong_ = Error{Code::invalid, what_ + " is no JSON object", "send {\"name\": value, ...}"};
  }
}

void Fields::fail(std::string_view name, std::string_view why, std::string_view remedy) {
  if (wrong_) return;
  wrong_ = Error{Code::invalid, fmt::format("{} of {}: {}", quoted(name), what_, why),
                 std::string(remedy)};
}

const json::value* Fields::member(std::string_view name) {
  asked_.push_back(name);
  if (object_ == nullptr) return nullptr;
  const json::value* const found = object_->if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

const json::string* Fields::text_of(std::string_view name) {
  const json::value* const found = member(name);
  if (found == nullptr) return nullptr;
  const json::string* const text = found->if_string();
  if (text == nullptr) fail(name, "is no text", "put it in quotes");
  return text;
}

template <class T>
std::optional<T> Fields::parsed(std::string_view name, Result<T> (*parse)(std::string_view)) {
  const json::string* const text = text_of(name);
  if (text == nullptr) return std::nullopt;
  Result<T> value = parse(*text);
  if (value) return *value;
  fail(name, value.error().what, value.error().remedy);
  return std::nullopt;
}

std::string Fields::text(std::string_view name) {
  const json::string* const text = text_of(name);
  return text == nullptr ? std::string() : std::string(*text);
}

std::vector<std::string> Fields::texts(std::string_view name) {
  const json::array* const values = array(name, kMaxGroups);
  std::vector<std::string> all;
  if (values == nullptr) return all;
  for (const json::value& each : *values) {
    const json::string* const text = each.if_string();
    if (text == nullptr) {
      fail(name, "has something that is no text", "put each in quotes");
      return {};
    }
    all.emplace_back(*text);
  }
  return all;
}

std::optional<std::uint64_t> Fields::number(std::string_view name) {
  const json::value* const found = member(name);
  if (found == nullptr) return std::nullopt;
  if (found->is_uint64()) return found->get_uint64();
  if (found->is_int64() && found->get_int64() >= 0) {
    return static_cast<std::uint64_t>(found->get_int64());
  }
  fail(name, "is no whole number from 0 on", "write it without quotes or a point");
  return std::nullopt;
}

Want Fields::want(std::string_view name, Want otherwise) {
  return parsed(name, parse_want).value_or(otherwise);
}

std::optional<Kind> Fields::kind(std::string_view name) { return parsed(name, parse_kind); }

std::optional<LeaseId> Fields::lease_id(std::string_view name) {
  return parsed(name, parse_lease_id);
}

std::optional<Ipv4> Fields::ipv4(std::string_view name) { return parsed(name, Ipv4::parse); }

std::optional<Ipv6> Fields::ipv6(std::string_view name) { return parsed(name, Ipv6::parse); }

std::optional<Ipv6Prefix> Fields::prefix(std::string_view name) {
  return parsed(name, parse_ipv6_or_prefix);
}

std::optional<WallTime> Fields::time(std::string_view name) { return parsed(name, parse_time); }

const json::array* Fields::array(std::string_view name, std::size_t most) {
  const json::value* const found = member(name);
  if (found == nullptr) return nullptr;
  const json::array* const values = found->if_array();
  if (values == nullptr) {
    fail(name, "is no list", "send [...]");
  } else if (values->size() > most) {
    fail(name, fmt::format("has {} elements, and at most {} are taken", values->size(), most),
         "send it in parts");
    return nullptr;
  }
  return values;
}

Done Fields::finish() const {
  if (wrong_) return std::unexpected(*wrong_);
  for (const auto& member : *object_) {
    if (std::ranges::count(asked_, std::string_view(member.key())) != 0) continue;
    std::string known;
    for (const std::string_view each : asked_)
      known += (known.empty() ? "" : ", ") + std::string(each);
    return berth::fail(Code::invalid,
                       fmt::format("{} of {} is not known", quoted(member.key()), what_),
                       "these are: " + known);
  }
  return {};
}

Result<json::value> parse_json(std::string_view text, std::string_view what) {
  json::error_code failed;
  json::parse_options options;
  options.max_depth = 32;
  json::stream_parser parser({}, options);
  const std::size_t read = parser.write_some(text.data(), text.size(), failed);
  if (!failed && read == text.size()) parser.finish(failed);
  if (failed || read < text.size()) {
    return fail(Code::invalid,
                fmt::format("{} is no JSON: {} at byte {}", what,
                            failed ? failed.message() : "there is more behind its end", read),
                "send one JSON value in UTF-8");
  }
  return parser.release();
}

}  // namespace berth
