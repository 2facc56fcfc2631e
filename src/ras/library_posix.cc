// library_posix.cc - shared objects, and who may write where they lie.
#include <dlfcn.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "ras/library.h"

namespace berth::ras {
namespace {

Refusal refused(const std::string& path, Win32 code, std::string what, std::string remedy) {
  return {.code = static_cast<std::uint32_t>(code),
          .rule = "R107",
          .module = path,
          .callout = {},
          .what = std::move(what),
          .remedy = std::move(remedy)};
}

// In a folder where all may make files (/tmp) the sticky bit keeps each to its owner.
bool is_safe(const struct stat& entry) {
  if (entry.st_uid != 0 && entry.st_uid != geteuid()) return false;
  const bool others_write = (entry.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  return !others_write || (S_ISDIR(entry.st_mode) && (entry.st_mode & S_ISVTX) != 0);
}

}  // namespace

Loaded<void> check_place(const std::string& path) {
  if (!path.starts_with('/')) {
    return std::unexpected(refused(path, Win32::module_not_found, "its path is not absolute",
                                   "write it with its folder, from / on"));
  }
  std::error_code failed;
  const std::filesystem::path real = std::filesystem::canonical(path, failed);
  if (failed) {
    return std::unexpected(refused(path, Win32::module_not_found, failed.message(),
                                   "put it there, or take it out of the list"));
  }
  for (std::filesystem::path each = real;; each = each.parent_path()) {
    struct stat entry{};
    if (stat(each.c_str(), &entry) != 0 || !is_safe(entry)) {
      return std::unexpected(refused(path, Win32::access_denied,
                                     each.string() + " can be changed by others than root",
                                     "chown root and chmod go-w it"));
    }
    if (each == each.root_path()) return {};
  }
}

Loaded<std::unique_ptr<Library>> Library::open(const std::string& path) {
  // Now, so that a symbol that is missing is found here and not in a call.
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle != nullptr) return std::unique_ptr<Library>(new Library(handle));
  const char* const said = dlerror();
  std::string why = said != nullptr ? said : "it cannot be loaded";
  const bool other_machine =
      why.find("ELF") != std::string::npos || why.find("invalid") != std::string::npos;
  return std::unexpected(refused(path, other_machine ? Win32::bad_image : Win32::module_not_found,
                                 std::move(why),
                                 "build it for this machine, with all that it needs in it"));
}

Library::~Library() { dlclose(handle_); }

AnyFunction Library::find(std::string_view name) const {
  return reinterpret_cast<AnyFunction>(dlsym(handle_, std::string(name).c_str()));
}

}  // namespace berth::ras
