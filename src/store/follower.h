// follower.h - the thread that brings the tables up to the journal.
//
// commit() hands it each row that is durable; it applies many at a time, indexes history, keeps
// the logs of both files short and cleans up when asked. What is not in the tables yet is held
// here in memory, up to a limit: beyond it wait_for_room() makes writers wait.
//
// Any thread may call anything, but start() and stop() once each.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "berth/error.h"
#include "store/clock_steps.h"
#include "store/journal.h"
#include "store/recent.h"
#include "store/tables.h"

namespace berth {

class Follower {
 public:
  struct Options {
    std::uint64_t most_lag_bytes = 0;
    Milliseconds batch_time{0};
  };
  // `appending` keeps append() out of the journal. All of them outlive the follower.
  Follower(Tables& tables, Journal& journal, std::mutex& appending, const Options& options);
  ~Follower();

  // With what the journal has that the tables do not.
  void start(std::vector<Tail> tails);
  // Applies what is one batch at most, so that a start need not; and cleans up what is owed.
  void stop();

  void add(Tail tail);
  // Returns when there is room for more. What failed, when the tables cannot be written.
  [[nodiscard]] Done wait_for_room();
  // Returns when the tables have everything up to `revision`.
  [[nodiscard]] Done wait_for(Revision revision);
  // Returns when no trace is left of what was erased up to `revision`. An error: it is erased,
  // and its traces will be gone later, by themselves.
  [[nodiscard]] Done scrub(Revision revision);

  [[nodiscard]] Revision applied() const { return applied_; }
  [[nodiscard]] Revision last() const { return last_; }

  // Looks at the intervals that ended lately, up to all that was add()ed. `indexed`: those up to
  // this sequence are to be found in the index of history instead.
  struct Lately {
    const Recent& recent;
    const ClockSteps& clock_steps;  // of all time
    std::uint64_t indexed = 0;
  };
  using Look = std::function<void(const Lately& lately)>;
  [[nodiscard]] Done look(const Look& look);

 private:
  using Rows = std::vector<std::shared_ptr<const Tail>>;

  void run();
  [[nodiscard]] Rows next_rows(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] Rows first_rows() const;  // mutex_ is locked
  void apply(const Rows& rows);
  void tidy();
  [[nodiscard]] bool clean_up_is_due(bool last_time) const;
  [[nodiscard]] Done clean_up();
  void catch_up();
  void digest();
  void digest(std::string_view change);
  void recover_recent();

  Tables& tables_;
  Journal& journal_;
  std::mutex& appending_;
  Options options_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<const Tail>> queue_;  // mutex_: not in the tables, oldest first
  std::uint64_t queued_bytes_ = 0;                 // mutex_
  Revision urgent_ = 0;                            // mutex_: somebody waits for it
  std::optional<Error> failure_;                   // mutex_: why the tables do not follow
  bool hurry_ = false;                             // mutex_: somebody asks to try again at once
  std::uint64_t begun_ = 0;                        // mutex_: rounds of run()
  std::uint64_t finished_ = 0;                     // mutex_: the last that tried to apply
  std::uint64_t scrubs_wanted_ = 0;                // mutex_
  std::uint64_t scrubs_done_ = 0;                  // mutex_
  Done scrubbed_;                                  // mutex_: how the last one went
  bool stop_ = false;                              // mutex_
  std::atomic<Revision> applied_ = 0;
  std::atomic<Revision> last_ = 0;

  std::once_flag recovered_;
  std::mutex recent_mutex_;
  Recent recent_;              // recent_mutex_
  ClockSteps clock_steps_;     // recent_mutex_
  Revision digested_ = 0;      // recent_mutex_: changes up to here are in recent_
  Revision whole_tables_ = 0;  // recent_mutex_: the last change that acted on whole tables
  std::uint64_t indexed_ = 0;  // recent_mutex_

  bool merging_ = false;                            // the thread's: history, slice by slice
  bool forgetting_ = false;                         // the thread's: the same
  Done forgot_;                                     // the thread's: how the last slice went
  Revision found_ = 0;                              // what was there at the start
  std::chrono::steady_clock::time_point clean_at_;  // the thread's: when to clean up unasked
  std::thread thread_;
};

}  // namespace berth
