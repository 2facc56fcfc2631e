// main.cc - berth-figures: measures what Berth promises, beside the limits of the machine.
//
//   berth-figures --list                  the groups of figures
//   berth-figures --row-bytes             of the change of one assignment, for berth-rocksdb-rate
//   berth-figures [option]... GROUP       one of them; a process each, so that memory is its own
//
// Figures go to standard output, notes to standard error. bench/run calls this for every group.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "figures/groups.h"

namespace berth::figures {
namespace {

struct Group {
  const char* name;
  void (*measure)(const Options&, Report&);
};
constexpr Group kGroups[] = {
    {"allocator", allocator}, {"fullness", fullness}, {"durable", durable},
    {"sustained", sustained}, {"restart", restart},   {"who_had", who_had},
    {"callouts", callouts},   {"module", module},     {"http", http},
};

int usage() {
  std::fputs(
      "usage: berth-figures [--quick] [--json] [--folder PATH] [--rocksdb RATE] GROUP\n"
      "       berth-figures --list | --row-bytes\n",
      stderr);
  return 2;
}

int run(int argc, char** argv) {
  Options options{.folder = "/var/tmp/berth-figures"};
  Report::Form form = Report::Form::words;
  const Group* chosen = nullptr;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--list") {
      for (const Group& group : kGroups) std::printf("%s\n", group.name);
      return 0;
    }
    if (word == "--row-bytes") {
      std::printf("%zu\n", bytes_a_row());
      return 0;
    }
    if (word == "--quick") {
      options.quick = true;
    } else if (word == "--json") {
      form = Report::Form::json;
    } else if (word == "--folder" && i + 1 < argc) {
      options.folder = argv[++i];
    } else if (word == "--rocksdb" && i + 1 < argc) {
      options.rocksdb_rate = std::strtod(argv[++i], nullptr);
    } else {
      for (const Group& group : kGroups) {
        if (group.name == word) chosen = &group;
      }
      if (chosen == nullptr) return usage();
    }
  }
  if (chosen == nullptr) return usage();
  std::filesystem::create_directories(options.folder);
  Report report(form);
  chosen->measure(options, report);
  return 0;
}

}  // namespace
}  // namespace berth::figures

int main(int argc, char** argv) { return berth::figures::run(argc, argv); }
