// locked_file.h - a small file that two processes share: whoever has it open has it alone.
//
// One file for each system behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace berth::rras {

class LockedFile {
 public:
  // Opens or makes it, and waits for the other process for a twentieth of a second at most.
  // nullptr: it cannot be had.
  [[nodiscard]] static std::unique_ptr<LockedFile> open(const std::string& path);
  // Lets it go.
  virtual ~LockedFile() = default;

  [[nodiscard]] virtual std::uint64_t size() const = 0;
  [[nodiscard]] virtual std::string read() const = 0;
  // Behind what is there. False: not all of it was written.
  [[nodiscard]] virtual bool append(std::string_view bytes) = 0;
  virtual void clear() = 0;
};

}  // namespace berth::rras
