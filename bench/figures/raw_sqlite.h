// raw_sqlite.h - what SQLite alone does with the same bytes: the limit of everything durable.
//
// A table of rows that are only appended, WAL, synchronous=FULL, all else as SQLite comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace berth::figures {

// A database and statements that end the program when something fails: a measurement that went
// wrong is none.
class RawDatabase {
 public:
  explicit RawDatabase(const std::string& path, const char* vfs = nullptr);
  void exec(const std::string& sql);

  struct Close {
    void operator()(sqlite3* db) const;
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;
  [[nodiscard]] Statement prepare(const std::string& sql);
  // The first column of the first row.
  [[nodiscard]] std::int64_t number(const std::string& sql);

 private:
  std::unique_ptr<sqlite3, Close> db_;
};

class RawLog {
 public:
  explicit RawLog(const std::string& path, const char* vfs = nullptr);
  // One transaction, one sync.
  void append(std::size_t rows, std::size_t bytes_a_row);

 private:
  RawDatabase db_;
  RawDatabase::Statement begin_, insert_, commit_;
  std::string row_;
};

}  // namespace berth::figures
