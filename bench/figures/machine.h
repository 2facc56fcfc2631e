// machine.h - what the machine itself can do, and what this process takes of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace berth::figures {

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  void restart() { start_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// CPU time of this thread: what it computes and what it waits for memory, but not what others
// on the machine take away.
class CpuStopwatch {
 public:
  [[nodiscard]] double seconds() const { return now() - start_; }
  void restart() { start_ = now(); }

 private:
  [[nodiscard]] static double now();
  double start_ = now();
};

// Memory of this process that is in RAM now.
[[nodiscard]] std::uint64_t resident_bytes();

// Gives freed memory back to the system, so that resident_bytes() means what is in use.
void trim_heap();

// Bytes of the files in a folder that begin with `name`.
[[nodiscard]] std::uint64_t bytes_on_disk(const std::string& folder, const std::string& name);

// Deletes those files.
void remove_files(const std::string& folder, const std::string& name);

}  // namespace berth::figures
