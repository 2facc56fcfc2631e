// history_index.h - finding intervals among millions by address, by owner and by time.
//
// The rows of `interval` only ever grow at their end and carry no index of SQLite's: kept up
// row by row, one would cost more than all else. Instead entries are sorted in memory, a run at
// a time, and put into the index tables in that order: by_ipv4_N, by_ipv6_N, by_delegated_N and
// by_name_N, each for one part N of the sequence (table `part`). A lookup asks every part whose
// times fit; there are few, since a part holds millions.
//
// HistoryIndex writes (the follower); HistoryLookup (history_lookup.h) reads. Intervals behind
// `indexed` are the business of Recent (recent.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "berth/time.h"
#include "store/rows.h"
#include "store/sqlite.h"

namespace berth {

struct HistoryLimits {
  std::uint64_t run_rows = 1 << 17;   // sorted at a time
  std::uint64_t part_rows = 1 << 22;  // of a part
};

class HistoryIndex {
 public:
  HistoryIndex(Database& db, HistoryLimits limits) : db_(db), limits_(limits) {}

  // Reads where it stands; after opening and after a transaction that was let go.
  void load();
  [[nodiscard]] std::uint64_t indexed() const { return indexed_; }

  // Whether the intervals up to here are enough for a run.
  [[nodiscard]] bool has_run(std::uint64_t last_sequence) const {
    return last_sequence - indexed_ >= limits_.run_rows;
  }
  // Inside a transaction: takes the next run of intervals, which must be there, into the index.
  void add_run();

  // How many intervals there are up to this sequence, at most.
  [[nodiscard]] std::uint64_t most_rows(std::uint64_t last_sequence);
  // Marks the names that intervals have, by their numbers.
  void mark_names(std::vector<bool>& used);

  // Inside a transaction: intervals that ended before this, or of these names, are deleted.
  // forget() says how many they were.
  std::uint64_t forget(WallTime before);
  void erase(const std::vector<std::int64_t>& names);

  // Makes the views by_ipv4 and so on anew: over all parts, for people with sqlite3.
  void make_views();

 private:
  struct Part {
    std::int64_t id = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::int64_t min_started = 0;
    std::int64_t min_ended = 0;
    std::int64_t max_ended = 0;
  };
  [[nodiscard]] std::vector<Part> parts();
  [[nodiscard]] Part part_to_fill();
  void make_tables(std::int64_t id);
  void drop_part(const Part& part);
  void delete_rows(const Part& part, const std::vector<std::uint64_t>& sequences);

  Database& db_;
  HistoryLimits limits_;
  std::uint64_t indexed_ = 0;
};

}  // namespace berth
