// backup.cc - copying a store while it is written, and putting a copy in its place.
#include "store/backup.h"

#include <vector>

#include "store/files.h"
#include "store/journal.h"
#include "store/lock.h"
#include "store/schema.h"
#include "store/tables.h"

namespace berth {
namespace {

void remove_database(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) remove_file(path + suffix);
}

// All rows of a journal, as they are at one moment.
Result<std::vector<Tail>> read_journal(const std::string& path) {
  auto db = Database::open(path, Database::Mode::read);
  if (!db) return std::unexpected(db.error());
  if (Done done = check_known(**db, journal_schema()); !done) return std::unexpected(done.error());
  std::vector<Tail> rows;
  Statement select =
      (*db)->prepare("SELECT revision, changes, bytes FROM journal ORDER BY revision");
  while (select.step()) {
    rows.push_back({static_cast<Revision>(select.number(0)),
                    static_cast<std::uint64_t>(select.number(1)), std::string(select.text(2))});
  }
  if (Done done = (*db)->check(); !done) return std::unexpected(done.error());
  return rows;
}

Done copy_tables(const std::string& from, const std::string& to) {
  auto source = Database::open(from, Database::Mode::read);
  if (!source) return std::unexpected(source.error());
  if (Done done = check_known(**source, tables_schema()); !done) return done;
  auto target = Database::open(to, Database::Mode::create);
  if (!target) return std::unexpected(target.error());
  return copy_database(**source, **target);
}

// The changes that the copied tables do not have yet; from then on the copy needs no journal.
Done complete(Tables& tables, const std::vector<Tail>& rows) {
  tables.begin();
  for (const Tail& row : rows) {
    if (row.last() <= tables.applied()) continue;
    Done done =
        row.first == tables.applied() + 1
            ? JournalRow::unpack(row.bytes, [&](auto change) { return tables.apply(change); })
            : fail(Code::store_corrupt, "the journal has a gap", "restore a backup");
    if (!done) {
      tables.roll_back();
      return done;
    }
  }
  if (Done done = tables.commit(); !done) return done;
  return tables.do_without_journal();
}

// The file is whole without its log. Left to the closing of the file, a failure would be silent.
Done empty_log(Database& db) {
  const Result<Checkpointed> emptied = checkpoint(db, Checkpoint::truncate);
  if (!emptied) return std::unexpected(emptied.error());
  return {};
}

Done copy_store(const std::string& from, const std::string& to) {
  // The journal first: a row that is trimmed meanwhile is in the tables that are copied after.
  auto rows = read_journal(from + ".journal");
  if (!rows) return std::unexpected(rows.error());
  if (Done done = copy_tables(from, to); !done) return done;
  auto tables = Tables::open({.path = to});
  if (!tables) return std::unexpected(tables.error());
  if (Done done = complete(**tables, *rows); !done) return done;
  return empty_log((*tables)->database());
}

// Makes the store to be of a backup, and says when that was taken.
Result<WallTime> copy_backup(const std::string& from, const std::string& to, WallTime now,
                             bool trust) {
  if (Done done = copy_tables(from, to); !done) return std::unexpected(done.error());
  auto tables = Tables::open({.path = to});
  if (!tables) return std::unexpected(tables.error());
  const bool is_backup = (*tables)->stands_alone();
  if (!is_backup) {
    return fail(Code::invalid, from + " is a store with a journal, not a backup",
                "make a copy of it with berth backup");
  }
  const WallTime taken = (*tables)->newest();
  std::string bytes;
  ChangeWriter(bytes).add(Step(Restored{taken, now, trust}));
  (*tables)->begin();
  Done done = (*tables)->apply(bytes);
  if (done) {
    (*tables)->part_from_journal(static_cast<std::uint64_t>(now.time_since_epoch().count()));
    done = (*tables)->commit();
  }
  if (done) done = empty_log((*tables)->database());
  if (!done) return std::unexpected(done.error());
  return taken;
}

// Empties the log of a file that nobody writes. A torn file keeps its log: nothing reads it.
Done settle_log(const std::string& path) {
  if (!file_exists(path)) return {};
  auto db = Database::open(path, Database::Mode::write);
  if (!db) return std::unexpected(db.error());
  (*db)->exec("PRAGMA journal_mode=WAL");  // one without a log gets an empty one
  Done done = (*db)->check();
  if (done) done = empty_log(**db);
  return done || done.error().code == Code::store_corrupt ? Done{} : done;
}

// What SQLite left beside a file, and would take for the next one's of this name.
Done move_log(const std::string& path, const std::string& kept) {
  remove_file(path + "-shm");
  if (file_bytes(path + "-wal") != 0) return move_file(path + "-wal", kept + "-wal");
  remove_file(path + "-wal");
  return {};
}

// The names under which a restore keeps the two files that were there: .before-restore, or
// .before-restore.2 and so on where there are some of an earlier one.
class KeptNames {
 public:
  explicit KeptNames(const std::string& to) {
    do {
      const std::string number = number_ == 1 ? "" : "." + std::to_string(number_);
      tables_ = to + ".before-restore" + number;
      journal_ = to + ".journal.before-restore" + number;
      ++number_;
    } while (!is_free(to));
  }
  [[nodiscard]] const std::string& tables() const { return tables_; }
  [[nodiscard]] const std::string& journal() const { return journal_; }

 private:
  // A restore that was cut off may have kept our own files already: it is gone on with.
  [[nodiscard]] bool is_free(const std::string& to) const {
    if (is_same_file(tables_, to)) return !file_exists(journal_) || !file_exists(to + ".journal");
    return !file_exists(tables_) && !file_exists(tables_ + "-wal") && !file_exists(journal_) &&
           !file_exists(journal_ + "-wal");
  }
  int number_ = 1;
  std::string tables_, journal_;
};

// At every instant `to` is there. The journal goes first: without it the old tables are refused,
// and never are the new ones beside it.
Done put_in_place(const std::string& restored, const std::string& to) {
  const std::string journal = to + ".journal";
  for (const std::string& old : {to, journal}) {
    if (Done done = settle_log(old); !done) return done;
  }
  const KeptNames kept(to);
  if (file_exists(to) && !file_exists(kept.tables())) {
    if (Done done = keep_file(to, kept.tables()); !done) return done;
  }
  if (file_exists(journal)) {
    if (Done done = move_file(journal, kept.journal()); !done) return done;
  }
  if (Done done = move_log(journal, kept.journal()); !done) return done;
  if (Done done = move_log(to, kept.tables()); !done) return done;
  if (Done done = sync_directory_of(to); !done) return done;
  if (Done done = move_file(restored, to); !done) return done;
  return sync_directory_of(to);
}

}  // namespace

Done backup_store(const std::string& from, const std::string& to) {
  if (file_exists(to)) return fail(Code::invalid, to + " exists already", "name a new file");
  if (!file_exists(from)) {
    return fail(Code::not_found, "there is no store " + from, "check the path");
  }
  const std::string unfinished = to + ".unfinished";
  remove_database(unfinished);
  Done done = copy_store(from, unfinished);
  if (done) done = move_file(unfinished, to);
  if (done) return sync_directory_of(to);
  remove_database(unfinished);
  return done;
}

Result<WallTime> restore_store(const std::string& from, const std::string& to, WallTime now,
                               bool trust) {
  if (!file_exists(from)) {
    return fail(Code::not_found, "there is no backup " + from, "check the path");
  }
  auto lock = StoreLock::take(to + ".lock");
  if (!lock) return std::unexpected(lock.error());
  const std::string unfinished = to + ".unfinished";
  remove_database(unfinished);
  Result<WallTime> taken = copy_backup(from, unfinished, now, trust);
  if (taken) {
    Done done = put_in_place(unfinished, to);
    if (done) return taken;
    taken = std::unexpected(done.error());
  }
  remove_database(unfinished);
  return taken;
}

Done check_no_remains(const std::string& path) {
  if (file_exists(path)) return {};
  for (const char* left : {".unfinished", ".before-restore", ".journal"}) {
    if (!file_exists(path + left)) continue;
    return fail(Code::store_corrupt,
                path + " is missing, but beside it is " + path + left +
                    ": a new store would hide what is lost",
                "restore a backup, or put the store's files back (berth restore --help)");
  }
  return {};
}

}  // namespace berth
