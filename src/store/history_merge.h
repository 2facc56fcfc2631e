// history_merge.h - many small parts of the index of history become one large part.
//
// A run of intervals is a part of its own at first: written in its own order, which costs least.
// Neighbours of equal size are then merged, a slice at a time between other work, into one that
// is as large as all of them; those again, up to a largest size. So each entry is written once
// and merged a few times, however long history is, and a look asks few parts.
//
// The smallest go first: a large merge waits while there are small ones to be done. How far each
// has come is in the tables (`merging`), so a restart goes on with it. Until it is complete its
// parts stay as they are, and are what lookups see.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/history_parts.h"
#include "store/sqlite.h"

namespace berth {

class HistoryMerge {
 public:
  struct Limits {
    std::uint64_t run_rows = 0;   // of the smallest parts
    std::uint64_t fan_in = 0;     // parts of equal size that become one
    std::uint64_t most_rows = 0;  // of the largest parts
    std::uint64_t slice = 0;      // entries copied at a time
  };
  // `parts` must outlive it.
  HistoryMerge(Database& db, HistoryParts& parts, const Limits& limits)
      : db_(db), parts_(parts), limits_(limits) {}

  // Whether something is left to be merged.
  [[nodiscard]] bool is_due();
  // Inside a transaction: goes on with it, for a slice.
  void go_on();
  // Inside a transaction: deletes intervals of a part, and their entries also where they have been
  // copied already. The merge goes on.
  void delete_rows(const HistoryPart& part, const std::vector<std::uint64_t>& sequences);
  // Inside a transaction, before a part goes: a merge that it belongs to is given up.
  void give_up_with(const HistoryPart& part);

 private:
  struct UnderWay {
    std::int64_t part = 0;    // that is being made,
    std::uint64_t first = 0;  // of those from this sequence
    std::uint64_t last = 0;   // to this one;
    std::size_t column = 0;   // the one that is copied now
  };
  struct Entry {  // of whichever table
    std::int64_t number = 0;
    std::string prefix;  // where the key is one
    std::int64_t ended = 0;
    std::int64_t sequence = 0;
  };
  [[nodiscard]] std::vector<UnderWay> under_way();
  [[nodiscard]] std::vector<HistoryPart> next();
  [[nodiscard]] UnderWay begun(const std::vector<HistoryPart>& parts);
  [[nodiscard]] std::optional<Entry> newest_in(const std::string& table, const std::string& column);
  [[nodiscard]] std::uint64_t copy(const UnderWay& merge, const std::vector<HistoryPart>& parts,
                                   std::uint64_t most);
  void finish(const UnderWay& merge, const std::vector<HistoryPart>& parts);
  void forget(const UnderWay& merge);

  Database& db_;
  HistoryParts& parts_;
  Limits limits_;
};

}  // namespace berth
