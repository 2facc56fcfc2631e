// machine.cc - memory and disk, as Linux counts them.
#include "figures/machine.h"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <malloc.h>
#include <unistd.h>
#include <vector>

namespace berth::figures {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files(const std::string& folder, const std::string& name) {
  std::vector<fs::path> found;
  std::error_code ignored;  // a file may go while we look
  for (const auto& each : fs::directory_iterator(folder, ignored)) {
    if (each.path().filename().string().starts_with(name)) found.push_back(each.path());
  }
  return found;
}

}  // namespace

double CpuStopwatch::now() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void trim_heap() { malloc_trim(0); }

std::uint64_t bytes_on_disk(const std::string& folder, const std::string& name) {
  std::uint64_t bytes = 0;
  for (const fs::path& file : files(folder, name)) {
    std::error_code ignored;
    const std::uintmax_t size = fs::file_size(file, ignored);
    if (!ignored) bytes += size;
  }
  return bytes;
}

void remove_files(const std::string& folder, const std::string& name) {
  std::error_code ignored;
  for (const fs::path& file : files(folder, name)) fs::remove(file, ignored);
}

}  // namespace berth::figures
