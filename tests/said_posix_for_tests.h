// said_posix_for_tests.h - what a command of the shell says and returns.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <sys/wait.h>

namespace berth::testing {

struct Said {
  int code = -1;     // its exit code; -1: a signal ended it
  std::string text;  // both of its outputs
};

inline Said run(const std::string& command) {
  FILE* const pipe = popen(("exec 2>&1; " + command).c_str(), "r");  // NOLINT(cert-env33-c)
  Said said;
  if (pipe == nullptr) return said;
  std::array<char, 4096> part;
  while (const std::size_t got = fread(part.data(), 1, part.size(), pipe)) {
    said.text.append(part.data(), got);
  }
  const int status = pclose(pipe);
  said.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return said;
}

}  // namespace berth::testing
