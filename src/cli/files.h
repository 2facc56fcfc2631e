// files.h - files named by people: UTF-8 on every system, "-" for standard input.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "berth/error.h"

namespace berth::cli {

// True where something that can be read as a file is there.
[[nodiscard]] bool is_file(std::string_view path);

// Zero where nobody can tell: a pipe, or no file.
[[nodiscard]] std::uint64_t size_of(std::string_view path);

// invalid: it cannot be opened for reading.
[[nodiscard]] Result<std::ifstream> open_input(std::string_view path);

}  // namespace berth::cli
