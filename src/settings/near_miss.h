// near_miss.h - which known word somebody probably meant.
//
//   near_miss("cool_donw", {"cool_down", "intake"})   "cool_down"
//
// Letters left out, added, changed or swapped; case and the choice of - or _ do not count. Pure.
#pragma once

#include <span>
#include <string_view>

namespace berth {

// Empty when no word is near.
[[nodiscard]] std::string_view near_miss(std::string_view word,
                                         std::span<const std::string_view> known);

}  // namespace berth
