// files.h - whole files under names: moved, kept, and on the disk when we say so.
//
// A name that is changed here stays changed through a power cut once sync_directory_of() has
// returned. Paths are UTF-8.
#pragma once

#include <cstdint>
#include <string>

#include "berth/error.h"

namespace berth {

[[nodiscard]] bool file_exists(const std::string& path);
[[nodiscard]] std::uint64_t file_bytes(const std::string& path);  // 0 where it is not there

// `from` takes the place of `to`, whether that is there or not, in one step.
[[nodiscard]] Done move_file(const std::string& from, const std::string& to);
// Gives a file a second name, or copies it where the file system knows no such thing.
[[nodiscard]] Done keep_file(const std::string& path, const std::string& as);
// Whether both are names of one file.
[[nodiscard]] bool is_same_file(const std::string& one, const std::string& other);
// No matter whether it was there.
void remove_file(const std::string& path);

// Bytes of a file, and the names in its directory, are on the disk when these return.
[[nodiscard]] Done sync_file(const std::string& path);
[[nodiscard]] Done sync_directory_of(const std::string& path);

}  // namespace berth
