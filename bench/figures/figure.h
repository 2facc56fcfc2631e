// figure.h - what Berth promises in numbers, what was measured, and whether the promise is kept.
//
// A group of figures notes what it finds on the way (the limits of the machine, sizes, rates) on
// standard error, and tells each figure on standard output as one line of words:
//
//   memory_per_lease 163.2 bytes <=192 met
//
// or, for programs, as one JSON object. Notes go to people only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace berth::figures {

struct Figure {
  enum class Goal : std::uint8_t { at_most, at_least };
  std::string name;
  double value = 0;
  std::string_view unit;
  Goal goal = Goal::at_most;
  double limit = 0;

  [[nodiscard]] bool met() const { return goal == Goal::at_most ? value <= limit : value >= limit; }
};

class Report {
 public:
  enum class Form : std::uint8_t { words, json };
  explicit Report(Form form) : form_(form) {}

  void tell(const Figure& figure);
  void note(const std::string& text);

 private:
  Form form_;
};

// What every group is told.
struct Options {
  bool quick = false;
  std::string folder;       // for files; emptied by the groups that use it
  double rocksdb_rate = 0;  // leases a second that RocksDB made durable; 0: not measured
};

}  // namespace berth::figures
