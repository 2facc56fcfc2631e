// history_index.h - finding intervals among millions by address, by owner and by time.
//
// The rows of `interval` only ever grow at their end and carry no index of SQLite's: kept up
// row by row, one would cost more than all else. Instead entries are sorted in memory, a run at
// a time, and put into the index tables in that order, as a part of their own (history_parts.h).
// Parts are merged later (history_merge.h), so a lookup asks few of them: those whose times fit.
// What is too old goes from them a slice at a time (history_forget.h).
//
// HistoryIndex writes (the follower); HistoryLookup (history_lookup.h) reads. Intervals behind
// `indexed` are the business of Recent (recent.h).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "berth/time.h"
#include "store/history_forget.h"
#include "store/history_merge.h"
#include "store/history_parts.h"
#include "store/rows.h"
#include "store/sqlite.h"

namespace berth {

struct HistoryLimits {
  std::uint64_t run_rows = 1 << 17;   // sorted at a time: the smallest part
  std::uint64_t fan_in = 5;           // parts of equal size that are merged into one,
  std::uint64_t part_rows = 1 << 24;  // as long as it has no more than so many
  // Entries merged at a time: some tenths of a second, since what is committed meanwhile waits.
  std::uint64_t slice_rows = 1 << 19;
  // Intervals forgotten at a time, for the same reason: each has entries all over four tables.
  std::uint64_t forget_rows = 1 << 13;
};

class HistoryIndex {
 public:
  HistoryIndex(Database& db, HistoryLimits limits)
      : db_(db),
        limits_(limits),
        parts_(db),
        merge_(db, parts_, {limits.run_rows, limits.fan_in, limits.part_rows, limits.slice_rows}),
        forget_(db, parts_, merge_, limits.forget_rows) {}

  // Reads where it stands; after opening and after a transaction that was let go.
  void load();
  [[nodiscard]] std::uint64_t indexed() const { return indexed_; }

  // Whether the intervals up to here are enough for a run.
  [[nodiscard]] bool has_run(std::uint64_t last_sequence) const {
    return last_sequence - indexed_ >= limits_.run_rows;
  }
  // Inside a transaction: takes the next run of intervals, which must be there, into the index.
  void add_run();

  // Merging of parts: whether something is left to do, and a slice of it, inside a transaction.
  [[nodiscard]] bool merge_is_due() { return merge_.is_due(); }
  void merge() { merge_.go_on(); }

  // How many intervals there are up to this sequence, at most.
  [[nodiscard]] std::uint64_t most_rows(std::uint64_t last_sequence);
  // Marks the names that intervals have, by their numbers.
  void mark_names(std::vector<bool>& used);

  // Forgetting, as in history_forget.h: begins with a step, inside its transaction; then whether
  // something is left to do, and a slice of it, inside a transaction.
  [[nodiscard]] std::optional<HistoryForget::Gone> forget(std::uint64_t revision,
                                                          const Forget& step) {
    return forget_.begin(revision, step, indexed_);
  }
  [[nodiscard]] bool forgetting_is_due() { return forget_.is_due(); }
  [[nodiscard]] std::optional<HistoryForget::Gone> go_on_forgetting() { return forget_.go_on(); }

  // Inside a transaction: intervals of these names are deleted.
  void erase(const std::vector<std::int64_t>& names);

  // Makes the views by_ipv4 and so on anew: over all parts, for people with sqlite3.
  void make_views() { parts_.make_views(); }

 private:
  Database& db_;
  HistoryLimits limits_;
  HistoryParts parts_;
  HistoryMerge merge_;
  HistoryForget forget_;
  std::uint64_t indexed_ = 0;
};

}  // namespace berth
