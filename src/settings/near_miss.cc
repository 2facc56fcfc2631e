// near_miss.cc - which known word somebody probably meant.
#include "settings/near_miss.h"

#include <algorithm>
#include <vector>

#include "core/fold.h"

namespace berth {
namespace {

constexpr std::size_t kMaxWord = 64;  // bounds the work; no key is longer

char plain(char c) { return c == '-' ? '_' : folded(c); }

// How many letters must be left out, added, changed or swapped with their neighbour.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::vector<std::size_t>> steps(from.size() + 1,
                                              std::vector<std::size_t>(to.size() + 1));
  for (std::size_t i = 0; i <= from.size(); ++i) {
    for (std::size_t j = 0; j <= to.size(); ++j) {
      if (i == 0 || j == 0) {
        steps[i][j] = i + j;
        continue;
      }
      std::size_t change = plain(from[i - 1]) == plain(to[j - 1]) ? 0 : 1;
      std::size_t best =
          std::min({steps[i - 1][j - 1] + change, steps[i - 1][j] + 1, steps[i][j - 1] + 1});
      bool swapped = i > 1 && j > 1 && plain(from[i - 1]) == plain(to[j - 2]) &&
                     plain(from[i - 2]) == plain(to[j - 1]);
      if (swapped) best = std::min(best, steps[i - 2][j - 2] + 1);
      steps[i][j] = best;
    }
  }
  return steps.back().back();
}

}  // namespace

std::string_view near_miss(std::string_view word, std::span<const std::string_view> known) {
  if (word.empty() || word.size() > kMaxWord) return {};
  std::string_view nearest;
  std::size_t least = word.size() <= 4 ? 2 : 3;  // of a short word, everything is near
  for (std::string_view candidate : known) {
    std::size_t steps = distance(word, candidate);
    if (steps < least) {
      least = steps;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace berth
