// system.h - what only this system can say about files and libraries.
//
// Behind it one file for each system. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/image.h"

namespace berth::check {

// The format of the libraries that can be loaded here.
[[nodiscard]] ImageKind native_kind();
// And the machine that they must be for.
[[nodiscard]] std::string native_machine();

// Whether a module's loader finds that library in the places where RAS has it look: those of the
// system (R107). Nothing: this system cannot tell.
[[nodiscard]] std::optional<bool> system_has(ImageKind kind, const std::string& library);

// Whether it matters on Linux whose a file and its folders are: not root's, nor ours.
enum class Owners : std::uint8_t { count, may_be_anybody };

// Whoever else than administrators may change the file, or put another in its place: a sentence
// each, "C:\Berth can be changed by Users". Of a file that is not there, its folders.
[[nodiscard]] std::vector<std::string> who_may_change(const std::string& path, Owners owners);

}  // namespace berth::check
