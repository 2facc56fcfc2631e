// system_posix.cc - owners and modes.
#include <filesystem>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "check/system.h"

namespace berth::check {

ImageKind native_kind() { return ImageKind::elf; }

std::string native_machine() {
  utsname system{};
  uname(&system);
  const std::string machine(&system.machine[0]);
  if (machine == "x86_64") return std::string(kX64);
  return machine == "aarch64" ? "arm64" : machine;
}

// Loading it says so, and names what is missing.
std::optional<bool> system_has(ImageKind /*kind*/, const std::string& /*library*/) {
  return std::nullopt;
}

std::vector<std::string> who_may_change(const std::string& path, Owners owners) {
  std::vector<std::string> findings;
  std::error_code failed;
  std::filesystem::path each = std::filesystem::weakly_canonical(path, failed);
  if (failed) each = std::filesystem::absolute(path);
  for (;; each = each.parent_path()) {
    struct stat entry{};
    if (stat(each.c_str(), &entry) == 0) {
      const bool sticky = S_ISDIR(entry.st_mode) && (entry.st_mode & S_ISVTX) != 0;
      if ((entry.st_mode & S_IWOTH) != 0 && !sticky) {
        findings.push_back(each.string() + " can be changed by everybody");
      } else if ((entry.st_mode & S_IWGRP) != 0 && !sticky && entry.st_gid != 0) {
        findings.push_back(each.string() + " can be changed by its group, number " +
                           std::to_string(entry.st_gid));
      }
      if (owners == Owners::count && entry.st_uid != 0 && entry.st_uid != geteuid()) {
        findings.push_back(each.string() + " belongs to user number " +
                           std::to_string(entry.st_uid));
      }
    }
    if (!each.has_relative_path()) return findings;
  }
}

}  // namespace berth::check
