// tables.h - the snapshot: what the changes add up to, as tables that anybody can read.
//
// One connection that writes leases.db. A transaction applies many changes and remembers up to
// which revision (`applied`), so that a start knows where the journal goes on. docs/store.md has
// the schema. One thread at a time; the store's follower is it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "store/batch.h"
#include "store/history_index.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace berth {

class Tables {
 public:
  struct Options {
    std::string path;
    std::string vfs;
    StoreKey new_key{};              // of a store that is made now
    std::uint64_t new_identity = 0;  // and what ties its journal to it
    HistoryLimits history;
    LogLimits logs{};
  };
  [[nodiscard]] static Result<std::unique_ptr<Tables>> open(const Options& options);
  ~Tables();

  [[nodiscard]] Revision applied() const { return state_.applied; }
  [[nodiscard]] std::uint64_t sequence() const { return state_.sequence; }  // of the last interval
  // Up to here the intervals are in the index.
  [[nodiscard]] std::uint64_t indexed() const { return index_.indexed(); }
  [[nodiscard]] std::uint64_t identity() const { return identity_; }
  // Whether all that was ever committed is in here, so that nothing is lost where there is no
  // journal: true of a new store until its journal is made, of a backup, and of what was restored
  // from one until it is opened.
  [[nodiscard]] bool stands_alone() const { return alone_; }
  [[nodiscard]] static bool stands_alone(Database& tables);  // the same, for those who only read
  [[nodiscard]] Done lean_on_journal();                      // it is there, and may know more
  [[nodiscard]] Done do_without_journal();                   // what it knew is in here
  // Inside a transaction: a journal that was tied to these tables no longer is. Their histories
  // part here.
  void part_from_journal(std::uint64_t chance);
  // When the last change was made; 1970 for an empty store.
  [[nodiscard]] WallTime newest() const { return wall_time(state_.newest); }

  // begin(), apply() any number of times, commit(): one transaction.
  void begin();
  [[nodiscard]] Done apply(std::string_view change);
  [[nodiscard]] Done commit();
  void roll_back();

  // Puts the intervals that are not in the index yet into it, if they are enough for a run of
  // sorting. A transaction of its own. True: it did.
  [[nodiscard]] Result<bool> index_history();
  // Goes on with the merging of that index, for some tenths of a second, in a transaction of its
  // own. False: nothing was left to do.
  [[nodiscard]] Result<bool> merge_history();

  // Goes on with deleting what is forgotten, for some tenths of a second, in a transaction of its
  // own. False: nothing was left to do.
  [[nodiscard]] Result<bool> forget_history();

  // Makes sure that no byte of the file has a name that no row uses.
  [[nodiscard]] Done clear_traces();
  // The last Erase of which traces may be in bytes that no row uses, of this file or of the
  // journal; 0 when there is none. It outlives the process. scrubbed(): they are gone.
  [[nodiscard]] Revision scrub_owed() const { return state_.scrub_owed; }
  [[nodiscard]] Done scrubbed(Revision owed);

  // Deletes the names that no row uses any more, once so much of history is forgotten that it is
  // worth looking through the rest. A transaction of its own.
  [[nodiscard]] Done drop_forgotten_names();

  // Copies the log back into the file when it has grown enough for that.
  [[nodiscard]] Done copy_back();

  [[nodiscard]] Database& database() { return *db_; }

 private:
  // What changes with every transaction.
  struct State {
    Revision applied = 0;
    std::uint64_t sequence = 0;
    Serial serial = 0;
    std::int64_t newest = 0;  // when the last change was made
    Revision scrub_owed = 0;
    std::uint64_t forgotten = 0;  // intervals, since unused names were looked for
  };

  Tables(std::unique_ptr<Database> db, const Options& options);
  [[nodiscard]] Done prepare(const Options& options);
  void make(const Options& options);
  void write_state();
  [[nodiscard]] Done set_alone(bool alone);
  [[nodiscard]] Result<bool> commit_index();  // true, or what failed

  void on(const Begin& step);
  void on(const End& step);
  void on(const Alive& step);
  void on(const Boot& step);
  void on(const Reserve& step);
  void on(const Unreserve& step);
  void on(const Cooled& step);
  void on(const ClockStepped& step);
  void on(const Erase& step);
  void on(const Forget& step);
  void on(const Rename& step);
  void on(const Restored& step);
  void on(const Provided& step);
  void on(const Paid& step);
  void on(const RulesChanged& step);

  void set_reservation(std::string_view owner, std::string_view user, const Addresses& addresses);
  [[nodiscard]] std::optional<Addresses> take_reservation(std::string_view owner);
  void note(Revision revision, std::optional<WallTime> at, std::string_view what,
            std::optional<WallTime> time = {}, std::optional<WallTime> other = {});
  void note_gone(const HistoryForget::Gone& gone);
  void drop_cooled();
  void drop_unused_names();

  std::unique_ptr<Database> db_;
  NameRows names_;
  EndedLeases ended_leases_;
  Batch batch_;
  HistoryIndex index_;
  int most_log_pages_;
  Statement begin_, commit_, put_state_, put_cooled_;
  State state_;
  State committed_;
  std::uint64_t identity_ = 0;
  bool alone_ = false;
  std::vector<Serial> cooled_;  // marks of this transaction for kinds that may not be listed
};

}  // namespace berth
