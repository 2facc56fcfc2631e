// elf.h - the shared objects of Linux.
//
// Read are the header, the table of dynamic symbols and the list of libraries that are needed. Of
// objects for 32 bits or the other order of bytes only the header is, since no RAS side of ours can
// load them. Every offset is checked, every table has a largest size. Pure.
#pragma once

#include "check/image.h"

namespace berth::check {

// invalid: it does not begin like one, or is damaged.
[[nodiscard]] Result<Image> read_elf(std::string_view bytes);

}  // namespace berth::check
