// environment_for_tests.h - how long a test runs, and with which seed, can be said from outside:
// BERTH_CRASHES=10000. docs/building.md has the list.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace berth::testing {

inline std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace berth::testing
