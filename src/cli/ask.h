// ask.h - a question before something that cannot be undone.
#pragma once

#include <string_view>

#include "cli/world.h"

namespace berth::cli {

// Asks whoever sits at the terminal; true after "y" or "yes". invalid: nobody is there to ask, so
// --yes must have said it.
[[nodiscard]] Result<bool> ask(World& world, std::string_view question);

}  // namespace berth::cli
