// library.h - a shared library of somebody else's: a DLL on Windows, a shared object on Linux.
#pragma once

#include <memory>
#include <string>

#include "ras/functions.h"
#include "ras/refusal.h"

namespace berth::ras {

// Whether a module may be loaded from there: the path is absolute (R107), and the file and every
// folder above it can be changed by the administrator alone, since what is loaded runs as we do.
[[nodiscard]] Loaded<void> check_place(const std::string& path);

class Library {
 public:
  // What it needs must be found by the system's own rules, not beside it (R107). 126: it, or what
  // it needs, is not there; 193: it is for another kind of machine.
  [[nodiscard]] static Loaded<std::unique_ptr<Library>> open(const std::string& path);
  // Unloads it.
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  // The function of exactly this name (R2); nullptr: there is none.
  [[nodiscard]] AnyFunction find(std::string_view name) const;
  // As the system knows it: on Windows, where it begins in memory.
  [[nodiscard]] void* handle() const { return handle_; }

 private:
  explicit Library(void* handle) : handle_(handle) {}
  void* handle_;
};

}  // namespace berth::ras
