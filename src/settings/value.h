// value.h - one value of the settings file: what it is, where it stands, what it is called.
//
//   Result<Milliseconds> cool_down = value.duration();
//   if (!cool_down) …   // berth.toml:7: pool.cool_down: "5 min" is not a duration of at most …
//
// Every error has Code::settings_invalid and begins with file, line and key. A Value points into
// the parsed file and must not outlive it.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "berth/error.h"
#include "berth/plan.h"
#include "settings/toml.h"

namespace berth {

// A word that a setting may have, and what it stands for.
template <class T>
struct Choice {
  std::string_view word;
  T meaning;
};

class Value {
 public:
  // `key` is its full name ("pool.cool_down"); empty for the whole file.
  Value(const toml::node& node, std::string_view file, std::string key)
      : node_(&node), file_(file), key_(std::move(key)) {}

  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] std::string place() const;  // "berth.toml:7"
  [[nodiscard]] std::unexpected<Error> wrong(std::string_view what, std::string remedy) const;

  [[nodiscard]] Result<std::string> text() const;
  [[nodiscard]] Result<bool> flag() const;
  [[nodiscard]] Result<int> number() const;  // any int; who asks knows the bounds
  [[nodiscard]] Result<Milliseconds> duration() const;
  [[nodiscard]] Result<std::vector<Value>> list() const;     // each under the list's key
  [[nodiscard]] Result<std::vector<Value>> members() const;  // of a table, each under its own key
  [[nodiscard]] Result<std::vector<std::string>> texts() const;

  // An address, prefix or range, by its own parse().
  template <class T>
  [[nodiscard]] Result<T> parsed() const {
    auto written = text();
    if (!written) return std::unexpected(written.error());
    auto value = T::parse(*written);
    if (!value) return wrong(value.error().what, value.error().remedy);
    return *value;
  }

  template <class T>
  [[nodiscard]] Result<std::vector<Placed<T>>> parsed_list() const {
    auto values = list();
    if (!values) return std::unexpected(values.error());
    std::vector<Placed<T>> all;
    for (const Value& value : *values) {
      auto one = value.parsed<T>();
      if (!one) return std::unexpected(one.error());
      all.push_back({*one, value.place()});
    }
    return all;
  }

  template <class T>
  [[nodiscard]] Result<T> choice(std::span<const Choice<T>> choices) const {
    std::vector<std::string_view> words;
    for (const Choice<T>& choice : choices) words.push_back(choice.word);
    auto chosen = index_of_word(words);
    if (!chosen) return std::unexpected(chosen.error());
    return choices[*chosen].meaning;
  }

 private:
  [[nodiscard]] Result<std::size_t> index_of_word(std::span<const std::string_view> words) const;
  [[nodiscard]] std::unexpected<Error> not_a(std::string_view type,
                                             const std::string& example) const;

  const toml::node* node_;
  std::string_view file_;
  std::string key_;
};

// "did you mean cool_down?", or "use one of a, b, c" where nothing is near.
[[nodiscard]] std::string suggest(std::string_view word, std::span<const std::string_view> known);

}  // namespace berth
