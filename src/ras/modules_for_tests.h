// modules_for_tests.h - where the modules that are built for tests lie.
#pragma once

#include <filesystem>
#include <string>

namespace berth::ras::testing {

// "odd" is what modules_for_tests/odd.c is without a macro; CMakeLists.txt there has the others.
// With the drive, where there are drives.
inline std::string module_path(const std::string& name) {
  return std::filesystem::absolute(BERTH_MODULES "/" + name + BERTH_MODULE_SUFFIX).string();
}

inline std::string worker_path() { return std::filesystem::absolute(BERTH_WORKER).string(); }

}  // namespace berth::ras::testing
