// pe.h - Windows' Portable Executable, of 32 and of 64 bits.
//
// Read are the headers, the exports with their forwarders, and the imports, those that are loaded
// at the first call included. Every offset is checked, every table has a largest size. Pure.
#pragma once

#include "check/image.h"

namespace berth::check {

// invalid: it does not begin like one, or is damaged.
[[nodiscard]] Result<Image> read_pe(std::string_view bytes);

}  // namespace berth::check
