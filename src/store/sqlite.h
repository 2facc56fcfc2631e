// sqlite.h - SQLite as we use it: a database, its statements, and what went wrong.
//
// A failure sticks to the Database: statements then do nothing and find no rows, and check()
// tells and clears it. So a run of many statements reads as what it does and is checked once,
// before the commit:
//
//   Statement insert = db.prepare("INSERT INTO cooled VALUES (?, ?, ?)");
//   insert.run(pool, kind, serial);
//   if (Done done = db.check(); !done) return done;
//
// One thread at a time for a Database and its Statements. Statements must go first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "berth/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace berth {

class Database;

struct Blob {  // bytes that are not text
  std::string_view bytes;
};

class Statement {
 public:
  Statement() = default;
  Statement(Database& db, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept
      : db_(std::exchange(other.db_, nullptr)),
        statement_(std::exchange(other.statement_, nullptr)) {}
  Statement& operator=(Statement&& other) noexcept {
    std::swap(db_, other.db_);
    std::swap(statement_, other.statement_);
    return *this;
  }

  // Sets the parameters in order and starts anew. Texts must stay until the last step.
  template <class... Values>
  Statement& with(const Values&... values) {
    reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }
  // The next row. False: there is none, or something failed.
  bool step();
  template <class... Values>
  void run(const Values&... values) {
    with(values...);
    while (step()) {
    }
  }
  // Ends the look at the rows; what a row's texts point to is gone.
  void reset();

  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string_view text(int column) const;  // of blobs too
  [[nodiscard]] bool is_null(int column) const;

 private:
  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, std::int64_t{value}); }
  void bind(int index, bool value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::uint32_t value) { bind(index, std::int64_t{value}); }
  // Ids use all 64 bits: they are kept as the signed number with the same bits.
  void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::string_view text);
  void bind(int index, const char* text) { bind(index, std::string_view(text)); }
  void bind(int index, const Blob& blob);
  void bind(int index, std::nullopt_t);
  template <class T>
  void bind(int index, const std::optional<T>& value) {
    value ? bind(index, *value) : bind(index, std::nullopt);
  }

  Database* db_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

class Database {
 public:
  enum class Mode : std::uint8_t { create, write, read };

  // not_found: `read` or `write`, and the file is not there. Waits up to five seconds for others.
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& path, Mode mode,
                                                              const std::string& vfs = {});
  [[nodiscard]] static bool is_there(const std::string& path, const std::string& vfs = {});
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] Statement prepare(std::string_view sql) { return {*this, sql}; }
  void exec(const std::string& sql);
  // The first column of the first row.
  [[nodiscard]] std::int64_t number(std::string_view sql);

  // What failed first since the last check.
  [[nodiscard]] Done check();
  [[nodiscard]] bool failed() const { return failure_.has_value(); }
  // Lets a transaction go that failed; what failed stays for check().
  void roll_back();

  // Pages in the write-ahead log after the last commit of this connection. SQLite never copies
  // them back by itself: see checkpoint().
  [[nodiscard]] int pages_in_log() const { return pages_in_log_; }

  void fail_with(int code);  // of SQLite
  [[nodiscard]] sqlite3* handle() const { return db_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Database(std::string path, sqlite3* db) : path_(std::move(path)), db_(db) {}
  std::string path_;
  sqlite3* db_;
  std::optional<Error> failure_;
  int pages_in_log_ = 0;
};

// Our Error for a result code of SQLite: "cannot write leases.db: disk I/O error".
[[nodiscard]] Error sqlite_error(int code, const std::string& path, std::string_view text);

// How far a checkpoint came, in pages of the write-ahead log.
struct Checkpointed {
  int in_log = 0;
  int copied = 0;
  [[nodiscard]] bool complete() const { return in_log == copied; }
};
enum class Checkpoint : std::uint8_t { passive, truncate };
// Outside a transaction. store_unavailable: a reader or writer is in the way of a truncate, or
// the file has no log at all.
[[nodiscard]] Result<Checkpointed> checkpoint(Database& db, Checkpoint how);

// When the logs of a store are made shorter. The numbers of a store that is used; tests take
// smaller ones.
struct LogLimits {
  // Trimming of the journal begins when this much could go, so that a lone small commit seldom
  // pays for it.
  std::uint64_t trim_bytes = std::uint64_t{64} << 10;
  // The journal's log is copied back when it has grown by so much,
  std::uint64_t copy_bytes = std::uint64_t{8} << 20;
  // and made to begin anew when it is so large: it never grows much beyond.
  std::uint64_t restart_bytes = std::uint64_t{64} << 20;
  // The tables' log is copied back when it has so many pages, and never grows much beyond: nobody
  // writes during a copy.
  int tables_pages = (64 << 20) / 4096;
};

// Copies one consistent state of `from` over `to`, beside whoever writes `from`.
[[nodiscard]] Done copy_database(Database& from, Database& to);

}  // namespace berth
