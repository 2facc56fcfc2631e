// raw_sqlite.cc - SQLite with nothing around it.
#include "figures/raw_sqlite.h"

#include <sqlite3.h>

#include "berth/error.h"

namespace berth::figures {
namespace {

void run(sqlite3_stmt* statement) {
  const int code = sqlite3_step(statement);
  BERTH_ASSERT(code == SQLITE_DONE);
  sqlite3_reset(statement);
}

}  // namespace

void RawDatabase::Close::operator()(sqlite3* db) const { sqlite3_close(db); }
void RawDatabase::Close::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

RawDatabase::RawDatabase(const std::string& path, const char* vfs) {
  sqlite3* db = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
  db_.reset(db);
  BERTH_ASSERT(code == SQLITE_OK);
  sqlite3_busy_timeout(db, 5000);
}

void RawDatabase::exec(const std::string& sql) {
  const int code = sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  BERTH_ASSERT(code == SQLITE_OK);
}

RawDatabase::Statement RawDatabase::prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(db_.get(), sql.c_str(), -1, &statement, nullptr);
  BERTH_ASSERT(code == SQLITE_OK);
  return Statement(statement);
}

std::int64_t RawDatabase::number(const std::string& sql) {
  const Statement statement = prepare(sql);
  return sqlite3_step(statement.get()) == SQLITE_ROW ? sqlite3_column_int64(statement.get(), 0) : 0;
}

RawLog::RawLog(const std::string& path, const char* vfs) : db_(path, vfs) {
  db_.exec(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "CREATE TABLE log (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
  begin_ = db_.prepare("BEGIN IMMEDIATE");
  insert_ = db_.prepare("INSERT INTO log (bytes) VALUES (?)");
  commit_ = db_.prepare("COMMIT");
}

void RawLog::append(std::size_t rows, std::size_t bytes_a_row) {
  row_.resize(bytes_a_row, 'x');
  if (rows > 1) run(begin_.get());
  for (std::size_t i = 0; i < rows; ++i) {
    sqlite3_bind_blob(insert_.get(), 1, row_.data(), static_cast<int>(row_.size()), SQLITE_STATIC);
    run(insert_.get());
  }
  if (rows > 1) run(commit_.get());
}

}  // namespace berth::figures
