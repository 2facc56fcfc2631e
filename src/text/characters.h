// characters.h - how a character of Unicode looks on a terminal. Pure.
#pragma once

namespace berth {

// True for those that show nothing but change how others are shown, or make two texts look alike.
[[nodiscard]] bool is_invisible(char32_t character);

// How many columns one that is not invisible takes: 0 for marks that combine with the character
// before them, 2 for East Asian wide ones and emoji, else 1.
[[nodiscard]] int columns_of(char32_t character);

}  // namespace berth
