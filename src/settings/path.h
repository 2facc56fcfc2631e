// path.h - a path from text: what people write is UTF-8 on every system.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace berth {

[[nodiscard]] inline std::filesystem::path path_of(std::string_view utf8) {
  return {std::u8string(utf8.begin(), utf8.end())};
}

}  // namespace berth
