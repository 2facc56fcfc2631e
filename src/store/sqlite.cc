// sqlite.cc - our thin face of SQLite. Its result codes end here.
#include "store/sqlite.h"

#include <sqlite3.h>

namespace berth {
namespace {

constexpr int kBusyMillis = 5000;  // somebody's long read transaction during a checkpoint

Code code_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL: return Code::store_full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Code::store_corrupt;
    default: return Code::store_unavailable;
  }
}

std::string remedy_of(Code code) {
  switch (code) {
    case Code::store_full: return "make room on the disk";
    case Code::store_corrupt: return "restore the last backup";
    default: return "check the disk, the path and its permissions";
  }
}

}  // namespace

Error sqlite_error(int code, const std::string& path, std::string_view text) {
  const Code ours = code_of(code);
  return {ours, "cannot use " + path + ": " + std::string(text) + " (" + std::to_string(code) + ")",
          remedy_of(ours)};
}

Statement::Statement(Database& db, std::string_view sql) : db_(&db) {
  if (db.failed()) return;
  const int code = sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) db.fail_with(code);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

bool Statement::step() {
  if (db_ == nullptr || db_->failed()) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) db_->fail_with(code);
  sqlite3_reset(statement_);
  return false;
}

void Statement::reset() {
  if (statement_ != nullptr) sqlite3_reset(statement_);
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return size == 0
             ? std::string_view()
             : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void Statement::bind(int index, std::int64_t value) {
  if (statement_ != nullptr) sqlite3_bind_int64(statement_, index, value);
}

void Statement::bind(int index, std::string_view text) {
  if (statement_ == nullptr) return;
  const char* bytes = text.data() == nullptr ? "" : text.data();
  sqlite3_bind_text(statement_, index, bytes, static_cast<int>(text.size()), SQLITE_STATIC);
}

void Statement::bind(int index, const Blob& blob) {
  if (statement_ == nullptr) return;
  const char* bytes = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  sqlite3_bind_blob64(statement_, index, bytes, blob.bytes.size(), SQLITE_STATIC);
}

void Statement::bind(int index, std::nullopt_t) {
  if (statement_ != nullptr) sqlite3_bind_null(statement_, index);
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode,
                                                 const std::string& vfs) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case Mode::create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE; break;
    case Mode::write: flags |= SQLITE_OPEN_READWRITE; break;
    case Mode::read: flags |= SQLITE_OPEN_READONLY; break;
  }
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, flags, vfs.empty() ? nullptr : vfs.c_str());
  std::unique_ptr<Database> database(new Database(path, db));
  if (code != SQLITE_OK) {
    return std::unexpected(sqlite_error(code, path, sqlite3_errstr(code)));
  }
  sqlite3_busy_timeout(db, kBusyMillis);
  // Takes the place of SQLite's own hook, which copies back within a commit.
  sqlite3_wal_hook(
      db,
      [](void* pages_in_log, sqlite3*, const char*, int pages) {
        *static_cast<int*>(pages_in_log) = pages;
        return SQLITE_OK;
      },
      &database->pages_in_log_);
  return database;
}

bool Database::is_there(const std::string& path, const std::string& vfs) {
  sqlite3_vfs* const files = sqlite3_vfs_find(vfs.empty() ? nullptr : vfs.c_str());
  int there = 0;
  return files != nullptr &&
         files->xAccess(files, path.c_str(), SQLITE_ACCESS_EXISTS, &there) == SQLITE_OK &&
         there != 0;
}

Database::~Database() { sqlite3_close_v2(db_); }

void Database::exec(const std::string& sql) {
  if (failed()) return;
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail_with(code);
}

std::int64_t Database::number(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.number(0) : 0;
}

Done Database::check() {
  if (!failure_) return {};
  return std::unexpected(*std::exchange(failure_, std::nullopt));
}

void Database::roll_back() {
  if (sqlite3_get_autocommit(db_) == 0) {
    sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Database::fail_with(int code) {
  if (!failure_) failure_ = sqlite_error(code, path_, sqlite3_errmsg(db_));
}

Result<Checkpointed> checkpoint(Database& db, Checkpoint how) {
  // A connection that has read nothing knows of no log, and would say that all is well.
  (void)db.number("SELECT count(*) FROM sqlite_schema");
  if (Done done = db.check(); !done) return std::unexpected(done.error());
  Checkpointed done;
  const int mode =
      how == Checkpoint::passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
  const int code = sqlite3_wal_checkpoint_v2(db.handle(), "main", mode, &done.in_log, &done.copied);
  if (code != SQLITE_OK) {
    return std::unexpected(sqlite_error(code, db.path(), sqlite3_errmsg(db.handle())));
  }
  if (done.in_log < 0) {
    return fail(Code::store_unavailable, db.path() + " is kept without a write-ahead log",
                "let nobody change its journal_mode");
  }
  return done;
}

Done copy_database(Database& from, Database& to) {
  sqlite3_backup* copy = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (copy == nullptr) {
    return std::unexpected(
        sqlite_error(sqlite3_errcode(to.handle()), to.path(), sqlite3_errmsg(to.handle())));
  }
  // finish() does not tell of a file that was locked.
  const int stepped = sqlite3_backup_step(copy, -1);
  int code = sqlite3_backup_finish(copy);
  if (code == SQLITE_OK && stepped != SQLITE_DONE) code = stepped;
  if (code == SQLITE_OK) return {};
  return std::unexpected(sqlite_error(code, to.path(), sqlite3_errstr(code)));
}

}  // namespace berth
