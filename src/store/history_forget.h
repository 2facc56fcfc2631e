// history_forget.h - history that is too old goes, a slice at a time.
//
// From the moment that begin() is committed nobody sees it: the view `interval` and lookups pass
// over what is in `forgetting`. Its rows and their entries in the index are deleted slice by slice
// between other work, so that a change never waits for millions of rows; a restart goes on.
//
// The table `run` knows of each run of intervals that came into the index when the first of them
// ended, so only what has something to forget is read. A part that is wholly too old is dropped.
#pragma once

#include <cstdint>
#include <optional>

#include "core/change.h"
#include "store/history_merge.h"
#include "store/history_parts.h"
#include "store/sqlite.h"

namespace berth {

class HistoryForget {
 public:
  // `most_rows`: intervals of a part that are deleted at a time. Of a part that is gone it is a run
  // at a time. `parts` and `merge` must outlive it.
  HistoryForget(Database& db, HistoryParts& parts, HistoryMerge& merge, std::uint64_t most_rows)
      : db_(db), parts_(parts), merge_(merge), most_rows_(most_rows) {}

  // What follows is called inside a transaction.

  // These intervals came into the index; none of them ended before `min_ended`.
  void add_run(std::uint64_t first, std::uint64_t last, std::int64_t min_ended);

  // What a step of this revision forgot, once all of it is gone.
  struct Gone {
    std::uint64_t revision = 0;
    Forget step;
    std::uint64_t rows = 0;
  };
  // Intervals that ended before this are over: those in the index, up to `indexed`, are hidden from
  // now on, the few behind it are deleted. Tells where that was all.
  [[nodiscard]] std::optional<Gone> begin(std::uint64_t revision, const Forget& step,
                                          std::uint64_t indexed);

  [[nodiscard]] bool is_due();
  // Goes on for a slice. Tells with the last one.
  [[nodiscard]] std::optional<Gone> go_on();

 private:
  struct UnderWay {
    std::uint64_t revision = 0;
    std::int64_t before = 0;
    std::uint64_t last = 0;
    std::int64_t at = 0;
    std::uint64_t gone = 0;
  };
  struct Run {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };
  [[nodiscard]] UnderWay oldest();
  [[nodiscard]] std::optional<Run> next(const UnderWay& forget);
  [[nodiscard]] std::optional<HistoryPart> part_of(const Run& run);
  [[nodiscard]] std::uint64_t delete_from(const Run& run, const UnderWay& forget);
  void look_again(const Run& run);

  Database& db_;
  HistoryParts& parts_;
  HistoryMerge& merge_;
  std::uint64_t most_rows_;
};

}  // namespace berth
