// name_table.h - many names, some with *, and which numbers each stands for.
//
//   NameTable table;
//   table.add("ana", 3);
//   table.add("*@corp.example", 5);
//   table.each(FoldedName("ANA@corp.example"), [](std::uint32_t number) { … });   // 5
//
// Case of ASCII letters does not count. However many names there are, those without * cost one
// look into a hash table; those with * cost one for each different length of what stands before
// or behind it, and a comparison for each that has the same there. Only patterns that begin and
// end with * are tried one by one. Immutable while any thread asks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "berth/lease.h"

namespace berth {

// True where `text` is `pattern`, with * for any run of characters. Both are folded already.
// At most size of one times size of the other steps.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);

// A name to look up, folded once. Names longer than any that is accepted match nothing.
class FoldedName {
 public:
  explicit FoldedName(std::string_view name);
  FoldedName(const FoldedName&) = delete;
  FoldedName& operator=(const FoldedName&) = delete;

  [[nodiscard]] bool too_long() const { return too_long_; }
  [[nodiscard]] std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, kMaxUserBytes> bytes_;  // as far as size_
  std::size_t size_ = 0;
  bool too_long_ = false;
};

class NameTable {
 public:
  void add(std::string_view pattern, std::uint32_t number);

  [[nodiscard]] bool empty() const {
    return exact_.empty() && by_head_.empty() && by_tail_.empty();
  }

  // Calls each(number) for every pattern that matches, in no order; a number comes as often as
  // patterns with it match.
  template <class Each>
  void each(const FoldedName& name, Each&& each) const {
    if (name.too_long()) return;
    std::string_view text = name.text();
    if (auto found = exact_.find(text); found != exact_.end()) {
      for (std::uint32_t number : found->second) each(number);
    }
    for (const auto& [length, globs] : by_head_) {
      if (length <= text.size()) each_glob(globs, text.substr(0, length), text, each);
    }
    for (const auto& [length, globs] : by_tail_) {
      if (length <= text.size()) each_glob(globs, text.substr(text.size() - length), text, each);
    }
  }

 private:
  using Numbers = std::vector<std::uint32_t>;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  template <class T>
  using ByText = std::unordered_map<std::string, T, Hash, std::equal_to<>>;
  using Patterns = std::map<std::string, Numbers, std::less<>>;
  using Globs = ByText<Patterns>;  // patterns, by one end of them

  template <class Each>
  static void each_glob(const Globs& globs, std::string_view end, std::string_view text,
                        Each& each) {
    auto found = globs.find(end);
    if (found == globs.end()) return;
    for (const auto& [pattern, numbers] : found->second) {
      if (!matches_glob(pattern, text)) continue;
      for (std::uint32_t number : numbers) each(number);
    }
  }

  ByText<Numbers> exact_;
  // By the text before the first *, or behind the last one, whichever is longer: it tells more.
  std::map<std::size_t, Globs> by_head_;  // length -> globs
  std::map<std::size_t, Globs> by_tail_;
};

}  // namespace berth
