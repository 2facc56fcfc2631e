// texts.h - a sentence for each code that an administration function or a callout may give.
#pragma once

#include <cstdint>
#include <string_view>

namespace berth::mprapi {

// Empty: there is none.
[[nodiscard]] std::u16string_view text_of(std::uint32_t code);

}  // namespace berth::mprapi
