// value.cc - one value of the settings file, read as what it should be.
#include "settings/value.h"

#include <algorithm>
#include <limits>

#include "core/quote.h"
#include "core/utf8.h"
#include "settings/near_miss.h"

namespace berth {
namespace {

std::string_view type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::none: return "nothing";
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "a number";
    case toml::node_type::floating_point: return "a number with a point";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::date: return "a date";
    case toml::node_type::time: return "a time of day";
    case toml::node_type::date_time: return "a time";
  }
  return "something else";
}

// Keys come from the file too: long ones, and those that cannot be seen, are quoted.
std::string shown(const std::string& key) {
  constexpr std::size_t kMaxShown = 100;
  bool plain = key.size() <= kMaxShown && find_flaw(key).flaw == Flaw::none;
  return plain ? key : quoted(key);
}

}  // namespace

std::string Value::place() const {
  return std::string(file_) + ":" + std::to_string(node_->source().begin.line);
}

std::unexpected<Error> Value::wrong(std::string_view what, std::string remedy) const {
  std::string where = place() + ": " + (key_.empty() ? "" : shown(key_) + ": ");
  return fail(Code::settings_invalid, where + std::string(what), std::move(remedy));
}

std::unexpected<Error> Value::not_a(std::string_view type, const std::string& example) const {
  return wrong("this is " + std::string(type_name(*node_)) + ", not " + std::string(type),
               "write it as " + example);
}

Result<std::string> Value::text() const {
  const auto* text = node_->as_string();
  if (text == nullptr) return not_a("a text", "\"…\", in quotes");
  return text->get();
}

Result<bool> Value::flag() const {
  const auto* flag = node_->as_boolean();
  if (flag == nullptr) return not_a("true or false", "true or false, without quotes");
  return flag->get();
}

Result<int> Value::number() const {
  const auto* number = node_->as_integer();
  if (number == nullptr) return not_a("a number", "a number without quotes");
  std::int64_t value = number->get();
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) {
    return wrong(std::to_string(value) + " is far out of range", "write a smaller number");
  }
  return static_cast<int>(value);
}

Result<Milliseconds> Value::duration() const {
  if (!node_->is_string()) return not_a("a duration", "a text with a unit, as in \"5m\"");
  auto duration = parse_duration(*text());
  if (!duration) return wrong(duration.error().what, duration.error().remedy);
  return *duration;
}

Result<std::vector<Value>> Value::list() const {
  const toml::array* array = node_->as_array();
  if (array == nullptr) return not_a("a list", "[…], in brackets");
  std::vector<Value> values;
  for (const toml::node& node : *array) values.emplace_back(node, file_, key_);
  return values;
}

Result<std::vector<Value>> Value::members() const {
  const toml::table* table = node_->as_table();
  if (table == nullptr) return not_a("a table", "{ key = value, … } or under a [heading]");
  std::vector<Value> values;
  for (const auto& [key, node] : *table) {
    values.emplace_back(
        node, file_, key_.empty() ? std::string(key.str()) : key_ + "." + std::string(key.str()));
  }
  return values;
}

Result<std::vector<std::string>> Value::texts() const {
  auto values = list();
  if (!values) return std::unexpected(values.error());
  std::vector<std::string> all;
  for (const Value& value : *values) {
    auto one = value.text();
    if (!one) return std::unexpected(one.error());
    all.push_back(*std::move(one));
  }
  return all;
}

Result<std::size_t> Value::index_of_word(std::span<const std::string_view> words) const {
  auto word = text();
  if (!word) return std::unexpected(word.error());
  auto found = std::ranges::find(words, *word);
  if (found == words.end())
    return wrong(quoted(*word) + " is none of its words", suggest(*word, words));
  return static_cast<std::size_t>(found - words.begin());
}

std::string suggest(std::string_view word, std::span<const std::string_view> known) {
  std::string_view meant = near_miss(word, known);
  if (!meant.empty()) return "did you mean " + std::string(meant) + "?";
  std::string all;
  for (std::string_view one : known) (all += all.empty() ? "use one of " : ", ") += one;
  return all;
}

}  // namespace berth
