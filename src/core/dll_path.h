// dll_path.h - DLLPath, the text in which Windows keeps the list of administration modules.
//
// Paths with a ';' between them, in the order in which RAS loads the modules (R101). What sets a
// module up and what takes it away change this text by one element and leave what others wrote as
// it is. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace berth {

// Under HKEY_LOCAL_MACHINE; its values are DisplayName and DLLPath (R100).
inline constexpr std::string_view kAdminDllKey = R"(SOFTWARE\Microsoft\RAS\AdminDll)";

// The elements as they stand, blanks and empty ones included.
[[nodiscard]] std::vector<std::string_view> elements_of(std::string_view text);
// Without the blanks around it.
[[nodiscard]] std::string_view without_blanks(std::string_view text);

// The text with `path` at its end, or without it (R99). Names of files are compared without ASCII
// case.
[[nodiscard]] std::string with_path(std::string_view text, std::string_view path);
[[nodiscard]] std::string without_path(std::string_view text, std::string_view path);

}  // namespace berth
