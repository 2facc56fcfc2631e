// registration.h - the list of administration modules, in the order of every rule of order.
//
// On Windows the list is the value DLLPath under kAdminDllKey (core/dll_path.h, which changes it
// too). On Linux the settings name the paths one by one. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "berth/settings.h"
#include "ras/refusal.h"

namespace berth::ras {

struct Registration {
  std::string display_name;
  std::vector<std::string> paths;     // in the order in which they are loaded and asked (R101)
  std::vector<std::string> warnings;  // what RAS itself would trip over
};

// The list as DLLPath has it. Empty text: no module (R102). Blanks around an element are cut off
// with a warning (R104), one ';' at the end is passed over, and an empty element before that is
// refused with 126 (R105).
[[nodiscard]] Loaded<Registration> parse_dll_path(std::string_view text);

// The text for a list: what parse_dll_path() reads without a warning.
[[nodiscard]] std::string dll_path_of(const std::vector<std::string>& paths);

}  // namespace berth::ras
