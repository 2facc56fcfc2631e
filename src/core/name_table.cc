// name_table.cc - many names, some with *, and which numbers each stands for.
#include "core/name_table.h"

#include <algorithm>

#include "core/fold.h"

namespace berth {

// On a mismatch behind a *, that * takes one character more; an earlier one never has to.
bool matches_glob(std::string_view pattern, std::string_view text) {
  constexpr auto kNone = std::string_view::npos;
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = kNone;
  std::size_t taken = 0;  // where the text behind `star` is tried from
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != kNone) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == kNone;
}

FoldedName::FoldedName(std::string_view name) : too_long_(name.size() > bytes_.size()) {
  if (too_long_) return;
  size_ = name.size();
  std::ranges::transform(name, bytes_.begin(), [](char c) { return folded(c); });
}

void NameTable::add(std::string_view pattern, std::uint32_t number) {
  std::string name = folded(pattern);
  std::size_t star = name.find('*');
  if (star == std::string::npos) {
    exact_[name].push_back(number);
    return;
  }
  std::string head = name.substr(0, star);
  std::string tail = name.substr(name.rfind('*') + 1);
  Globs& globs = head.size() >= tail.size() ? by_head_[head.size()] : by_tail_[tail.size()];
  globs[head.size() >= tail.size() ? head : tail][name].push_back(number);
}

}  // namespace berth
