// events.h - files of events: read row by row, written row by row.
//
//   std::ifstream file("day.csv", std::ios::binary);
//   EventReader reader(file, "day.csv", file_size);
//   for (Event event; *reader.next(event);) …
//
// The format is in docs/events.md. A file may be of any size: a reader holds one row and a block
// of it. Every error is import_invalid, begins with file, line and column ("day.csv:12: user: "),
// and ends the reading. One thread.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

#include "play/event.h"
#include "text/csv.h"

namespace berth::play {

// Rows may stand out of order by this much, as they do where the logs of several servers have
// been put together; an earlier row is then taken to be of the latest time before it. What is
// further back is a file that was not sorted.
inline constexpr Milliseconds kMostDisorder{60'000};

class EventReader : public EventSource {
 public:
  // `name` stands for the file in errors; `bytes` is its size, 0 when nobody knows. `in` must
  // outlive the reader.
  EventReader(std::istream& in, std::string name, std::uint64_t bytes = 0);

  [[nodiscard]] Result<bool> next(Event& event) override;
  [[nodiscard]] std::optional<double> progress() const override;

 private:
  [[nodiscard]] Done read_header();

  CsvReader csv_;
  std::uint64_t bytes_;
  bool started_ = false;
  CsvRow row_;
  std::vector<int> places_;  // of each column of ours in a row
  std::size_t columns_ = 0;  // that the first line names
  WallTime latest_{};
};

// Writes the header now and a row for each event.
class EventWriter {
 public:
  explicit EventWriter(std::ostream& out);
  void write(const Event& event);

 private:
  std::ostream& out_;
};

}  // namespace berth::play
