// errors_page.h - docs/errors.md, to which every refusal points: made into a source by
// CMakeLists.txt.
#pragma once

#include <string_view>

namespace berth::server {

[[nodiscard]] std::string_view errors_page();

}  // namespace berth::server
