// shell_posix_for_tests.h - what a shell says to a command, for tests of programs and scripts.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>

namespace berth::cli {

struct ShellAnswer {
  std::string printed;  // errors too
  int exit = -1;
};

// Runs it with bash in `folder`, whose bin/ comes first in the PATH.
inline ShellAnswer in_shell(const std::filesystem::path& folder, const std::string& command) {
  std::ofstream(folder / ".command", std::ios::binary) << command << '\n';
  std::string run = "cd '" + folder.string() + "' && PATH=\"$PWD/bin:$PATH\" " +
                    "BERTH_SETTINGS= bash ./.command 2>&1";
  ShellAnswer answer;
  FILE* pipe = ::popen(run.c_str(), "r");
  if (pipe == nullptr) return answer;
  for (int c; (c = std::fgetc(pipe)) != EOF;) answer.printed.push_back(static_cast<char>(c));
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) answer.exit = WEXITSTATUS(status);
  return answer;
}

}  // namespace berth::cli
