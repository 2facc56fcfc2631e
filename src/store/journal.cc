// journal.cc - rows of changes, appended and trimmed in one transaction.
#include "store/journal.h"

#include <algorithm>

#include "core/wire.h"
#include "store/schema.h"

namespace berth {
namespace {

// What a row costs in the log beside its bytes: the leaf and the frame headers, about.
constexpr std::uint64_t kRowCost = 4096 + 256;

Error torn(std::string what) {
  return {Code::store_corrupt, std::move(what), "restore the last backup"};
}

}  // namespace

std::string JournalRow::pack(std::span<const Commit> commits) {
  std::size_t size = 0;
  for (const Commit& commit : commits) size += commit.bytes.size() + sizeof(std::uint32_t);
  std::string bytes;
  bytes.reserve(size);
  WireWriter out(bytes);
  for (const Commit& commit : commits) {
    out.number(static_cast<std::uint32_t>(commit.bytes.size()));
    bytes.append(commit.bytes);
  }
  return bytes;
}

Done JournalRow::unpack(std::string_view bytes,
                        const std::function<Done(std::string_view change)>& each) {
  while (!bytes.empty()) {
    WireReader in(bytes);
    const auto size = in.number<std::uint32_t>();
    if (!in.ok() || in.rest().size() < size) {
      return std::unexpected(torn("a row of the journal ends inside a change"));
    }
    if (Done done = each(in.rest().substr(0, size)); !done) return done;
    bytes = in.rest().substr(size);
  }
  return {};
}

Result<std::unique_ptr<Journal>> Journal::open(const Options& options) {
  auto db = Database::open(options.path,
                           options.may_be_new ? Database::Mode::create : Database::Mode::write,
                           options.vfs);
  if (!db) {
    if (options.may_be_new || Database::is_there(options.path, options.vfs)) {
      return std::unexpected(db.error());
    }
    return fail(Code::store_corrupt, options.path + " is missing: it holds the newest changes",
                "put it back beside the store, or restore a backup");
  }
  (*db)->exec(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "PRAGMA journal_size_limit=67108864");
  if (Done done = migrate(**db, journal_schema()); !done) return std::unexpected(done.error());
  auto copier = Database::open(options.path, Database::Mode::write, options.vfs);
  if (!copier) return std::unexpected(copier.error());
  (*copier)->exec("PRAGMA synchronous=FULL");
  if (Done done = (*copier)->check(); !done) return std::unexpected(done.error());
  std::unique_ptr<Journal> journal(new Journal(*std::move(db), *std::move(copier), options.limits));
  if (Done done = journal->prepare(options); !done) return std::unexpected(done.error());
  return journal;
}

Journal::Journal(std::unique_ptr<Database> db, std::unique_ptr<Database> copier,
                 const LogLimits& limits)
    : limits_(limits), db_(std::move(db)), copier_(std::move(copier)) {}

Done Journal::prepare(const Options& options) {
  Statement identity = db_->prepare("SELECT value FROM state WHERE key = 'identity'");
  if (identity.step()) {
    if (static_cast<std::uint64_t>(identity.number(0)) != options.identity) {
      return fail(Code::store_corrupt, options.path + " belongs to another store",
                  "put each store's journal back beside it");
    }
  } else if (!options.may_be_new) {
    return fail(Code::store_corrupt, options.path + " is empty: it held the newest changes",
                "restore a backup");
  } else {
    db_->prepare("INSERT INTO state VALUES ('identity', ?)").run(options.identity);
  }
  Statement rows =
      db_->prepare("SELECT revision + changes - 1, length(bytes) FROM journal ORDER BY revision");
  while (rows.step()) {
    rows_.push_back(
        {static_cast<Revision>(rows.number(0)), static_cast<std::uint64_t>(rows.number(1))});
    kept_bytes_ += rows_.back().bytes;
  }
  begin_ = db_->prepare("BEGIN IMMEDIATE");
  commit_ = db_->prepare("COMMIT");
  insert_ = db_->prepare("INSERT INTO journal VALUES (?, ?, ?)");
  drop_ = db_->prepare("DELETE FROM journal WHERE revision <= ?");
  if (Done done = db_->check(); !done) return done;
  // What an earlier process left in the log, copied or not: now, since nobody appends yet. It is
  // not needed; what fails here fails again where it is.
  (void)checkpoint(*copier_, Checkpoint::passive);
  return {};
}

Done Journal::read(Revision behind, const EachRow& each) {
  Statement rows = db_->prepare(
      "SELECT revision, changes, bytes FROM journal WHERE revision + changes - 1 > ? "
      "ORDER BY revision");
  rows.with(behind);
  Revision next = behind + 1;
  while (rows.step()) {
    const auto first = static_cast<Revision>(rows.number(0));
    if (first != next) {
      return std::unexpected(torn("the journal goes on at change " + std::to_string(first) +
                                  ", the tables end before " + std::to_string(next)));
    }
    const auto changes = static_cast<std::uint64_t>(rows.number(1));
    if (Done done = each(first, changes, rows.text(2)); !done) return done;
    next = first + changes;
  }
  return db_->check();
}

Done Journal::append(Revision first, std::uint64_t changes, std::string_view bytes,
                     Revision applied) {
  const Old old = old_rows(std::max<std::uint64_t>(limits_.trim_bytes, 2 * bytes.size()), applied);
  if (old.rows != 0) {
    begin_.run();
    drop_.run(old.last);
  }
  insert_.run(first, changes, Blob{bytes});
  if (old.rows != 0) commit_.run();
  if (Done done = db_->check(); !done) {
    db_->roll_back();
    return done;
  }
  forget(old);
  rows_.push_back({first + changes - 1, bytes.size()});
  kept_bytes_ += bytes.size();
  log_bytes_ += bytes.size() + kRowCost;
  return {};
}

// The oldest rows that may go, `enough` bytes of them; none when there are fewer.
Journal::Old Journal::old_rows(std::uint64_t enough, Revision applied) const {
  if (kept_bytes_ < enough) return {};
  Old old;
  for (const Row& row : rows_) {
    if (row.last > applied) return {};
    ++old.rows;
    old.bytes += row.bytes;
    old.last = row.last;
    if (old.bytes >= enough) return old;
  }
  return {};
}

void Journal::forget(const Old& old) {
  rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(old.rows));
  kept_bytes_ -= old.bytes;
}

Result<Revision> Journal::last(Revision applied) {
  // A sync that failed may have left our row in the log, unseen now but found by a start after
  // a power cut. Any commit takes its place in the log; this one changes nothing else.
  db_->exec("UPDATE state SET value = value + 1 WHERE key = 'settled'");
  const std::int64_t last =
      db_->number("SELECT revision + changes - 1 FROM journal ORDER BY revision DESC LIMIT 1");
  if (Done done = db_->check(); !done) {
    db_->roll_back();
    return std::unexpected(done.error());
  }
  return std::max(static_cast<Revision>(last), applied);
}

Done Journal::trim(Revision applied) {
  drop_.run(applied);
  if (Done done = db_->check(); !done) {
    db_->roll_back();
    return done;
  }
  while (has_applied_rows(applied)) {
    kept_bytes_ -= rows_.front().bytes;
    rows_.pop_front();
  }
  log_bytes_ += kRowCost;
  return {};
}

Done Journal::clear_traces() {
  db_->exec("PRAGMA temp_store=MEMORY; VACUUM");
  if (Done done = db_->check(); !done) return done;
  auto emptied = checkpoint(*db_, Checkpoint::truncate);
  if (emptied) {
    log_bytes_ = 0;
    return {};
  }
  // A reader kept the log from being emptied, not from being copied.
  const auto copied = checkpoint(*db_, Checkpoint::passive);
  if (copied && copied->complete()) log_bytes_ = 0;
  return std::unexpected(emptied.error());
}

// SQLite up to 3.51.2 may lose commits when a copy starts on a log that is copied already while
// the next commit makes it begin anew (its "WAL-reset bug"). So a copy beside commits starts only
// when some have come since the last one ended: then the log cannot begin anew before this one
// ends.
Done Journal::copy_back(std::mutex& appending) {
  if (log_bytes_ < limits_.copy_bytes) return {};
  const auto copied = checkpoint(*copier_, Checkpoint::passive);
  if (!copied) return std::unexpected(copied.error());
  log_bytes_ = 0;
  if (static_cast<std::uint64_t>(copied->in_log) * 4096 < limits_.restart_bytes) return {};
  // What was appended meanwhile is not copied. As long as that goes on the log cannot begin anew.
  const std::lock_guard lock(appending);
  const auto rest = checkpoint(*copier_, Checkpoint::passive);
  if (!rest) return std::unexpected(rest.error());
  log_bytes_ = 0;
  return {};
}

}  // namespace berth
