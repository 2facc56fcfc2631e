// journal.h - the short file on the way of every answer: one row a commit, one sync a row.
//
// leases.db.journal is a SQLite database in WAL mode with synchronous=FULL. A row holds the
// changes of one commit behind each other, each with its length in 32 bits before it. Rows that
// the tables have (durably) are deleted in the transactions that append new ones, so that their
// pages are used again at once and trimming costs no sync of its own; what is left when nobody
// appends is deleted with one (trim()).
//
// Threads: append(), trim(), clear_traces() and last() by one at a time (the caller locks);
// copy_back() by another, beside them.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "berth/error.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace berth {

// The changes of one row, as they are kept.
class JournalRow {
 public:
  // Puts them behind each other.
  static std::string pack(std::span<const Commit> commits);
  // The changes of a row, in order; stops at the first error of `each`. store_corrupt.
  static Done unpack(std::string_view bytes,
                     const std::function<Done(std::string_view change)>& each);
};

// A row in memory.
struct Tail {
  Revision first = 0;
  std::uint64_t changes = 0;
  std::string bytes;
  [[nodiscard]] Revision last() const { return first + changes - 1; }
};

class Journal {
 public:
  struct Options {
    std::string path;
    std::string vfs;
    std::uint64_t identity = 0;  // of the store: a journal of another one is refused
    bool may_be_new = false;     // make it when it is not there
    LogLimits limits{};
  };
  // store_corrupt: it is another store's, missing or empty. store_newer, store_unavailable.
  [[nodiscard]] static Result<std::unique_ptr<Journal>> open(const Options& options);

  // Rows with changes behind `behind`, in order. store_corrupt where one is missing.
  using EachRow =
      std::function<Done(Revision first, std::uint64_t changes, std::string_view bytes)>;
  [[nodiscard]] Done read(Revision behind, const EachRow& each);

  // Makes a row durable. Rows up to `applied` may go. On an error nothing is known of the row,
  // except store_full: it is not there.
  [[nodiscard]] Done append(Revision first, std::uint64_t changes, std::string_view bytes,
                            Revision applied);
  // The last revision that is durable, or `applied` if there is no row behind it.
  [[nodiscard]] Result<Revision> last(Revision applied);

  // Deletes every row up to `applied`.
  [[nodiscard]] Done trim(Revision applied);
  [[nodiscard]] bool has_applied_rows(Revision applied) const {
    return !rows_.empty() && rows_.front().last <= applied;
  }
  // Rewrites the file and empties its log: what was deleted is nowhere any more.
  [[nodiscard]] Done clear_traces();

  // Copies the log back into the file when it has grown enough for that. `appending` is what
  // keeps append() out; it is locked only for the end of a copy, and only when the log is so
  // large that it must begin anew.
  [[nodiscard]] Done copy_back(std::mutex& appending);

 private:
  struct Row {
    Revision last = 0;
    std::uint64_t bytes = 0;
  };
  Journal(std::unique_ptr<Database> db, std::unique_ptr<Database> copier, const LogLimits& limits);
  [[nodiscard]] Done prepare(const Options& options);
  struct Old {  // rows from the front of rows_
    std::size_t rows = 0;
    std::uint64_t bytes = 0;
    Revision last = 0;
  };
  [[nodiscard]] Old old_rows(std::uint64_t enough, Revision applied) const;
  void forget(const Old& old);

  LogLimits limits_;
  std::unique_ptr<Database> db_;
  std::unique_ptr<Database> copier_;  // for copy_back() alone
  Statement begin_, commit_, insert_, drop_;
  std::deque<Row> rows_;  // that are there, oldest first
  std::uint64_t kept_bytes_ = 0;
  std::atomic<std::uint64_t> log_bytes_ = 0;  // written to the log since it was last copied back
};

}  // namespace berth
