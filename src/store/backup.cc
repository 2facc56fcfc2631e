// backup.cc - copying a store while it is written, and putting a copy in its place.
#include <filesystem>
#include <system_error>
#include <vector>

#include "store/journal.h"
#include "store/lock.h"
#include "store/reader.h"
#include "store/schema.h"
#include "store/tables.h"

namespace berth {
namespace {

std::filesystem::path path_of(const std::string& utf8) {
  return {std::u8string(utf8.begin(), utf8.end())};
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path_of(path), ignored);
}

Done move_file(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::rename(path_of(from), path_of(to), error);
  if (!error) return {};
  return fail(Code::store_unavailable, "cannot rename " + from + ": " + error.message(),
              "check the directory and its permissions");
}

void remove_file(const std::string& path) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(path_of(path + suffix), ignored);
  }
}

struct JournalRowCopy {
  Revision first = 0;
  std::uint64_t changes = 0;
  std::string bytes;
};

// All rows of a journal, as they are at one moment.
Result<std::vector<JournalRowCopy>> read_journal(const std::string& path) {
  auto db = Database::open(path, Database::Mode::read);
  if (!db) return std::unexpected(db.error());
  std::vector<JournalRowCopy> rows;
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
  if (Done done = check_version(**source, tables_schema()); !done) return done;
  auto target = Database::open(to, Database::Mode::create);
  if (!target) return std::unexpected(target.error());
  return copy_database(**source, **target);
}

// The changes that the copied tables do not have yet; from then on the copy needs no journal.
Done complete(Tables& tables, const std::vector<JournalRowCopy>& rows) {
  tables.begin();
  for (const JournalRowCopy& row : rows) {
    if (row.first + row.changes - 1 <= tables.applied()) continue;
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
  return tables.journal_may_be_missing();
}

Done copy_store(const std::string& from, const std::string& to) {
  // The journal first: a row that is trimmed meanwhile is in the tables that are copied after.
  auto rows = read_journal(from + ".journal");
  if (!rows) return std::unexpected(rows.error());
  if (Done done = copy_tables(from, to); !done) return done;
  auto tables = Tables::open({.path = to});
  if (!tables) return std::unexpected(tables.error());
  return complete(**tables, *rows);
}

// Empties the log of a file that nobody has open, so that the file is whole without it.
Done settle_log(const std::string& path) {
  auto db = Database::open(path, Database::Mode::write);
  if (!db) return std::unexpected(db.error());
  auto emptied = checkpoint(**db, Checkpoint::truncate);
  if (!emptied) return std::unexpected(emptied.error());
  return {};
}

Done set_aside(const std::string& path) {
  if (!exists(path)) return {};
  if (Done done = settle_log(path); !done && done.error().code != Code::store_corrupt) return done;
  remove_file(path + ".before-restore");
  return move_file(path, path + ".before-restore");
}

Done add_restored(const std::string& path, WallTime taken, WallTime now) {
  auto tables = Tables::open({.path = path});
  if (!tables) return std::unexpected(tables.error());
  std::string bytes;
  ChangeWriter(bytes).add(Step(Restored{taken, now, false}));
  (*tables)->begin();
  if (Done done = (*tables)->apply(bytes); !done) return done;
  return (*tables)->commit();
}

}  // namespace

Done backup_store(const std::string& from, const std::string& to) {
  if (exists(to)) return fail(Code::invalid, to + " exists already", "name a new file");
  if (!exists(from)) return fail(Code::not_found, "there is no store " + from, "check the path");
  const std::string unfinished = to + ".unfinished";
  remove_file(unfinished);
  if (Done done = copy_store(from, unfinished); !done) {
    remove_file(unfinished);
    return done;
  }
  return move_file(unfinished, to);
}

Result<WallTime> restore_store(const std::string& from, const std::string& to, WallTime now,
                               bool trust) {
  if (!exists(from)) return fail(Code::not_found, "there is no backup " + from, "check the path");
  auto lock = StoreLock::take(to + ".lock");
  if (!lock) return std::unexpected(lock.error());
  const std::string unfinished = to + ".unfinished";
  remove_file(unfinished);
  if (Done done = copy_tables(from, unfinished); !done) {
    remove_file(unfinished);
    return std::unexpected(done.error());
  }
  Result<WallTime> taken = WallTime{};
  {
    auto tables = Tables::open({.path = unfinished});
    if (!tables) return std::unexpected(tables.error());
    if (!(*tables)->is_fresh()) {
      remove_file(unfinished);
      return fail(Code::invalid, from + " is a store with a journal, not a backup",
                  "make a copy of it with berth backup");
    }
    taken = (*tables)->newest();
  }
  if (!trust) {
    if (Done done = add_restored(unfinished, *taken, now); !done) {
      return std::unexpected(done.error());
    }
  }
  // The journal goes first: without it the old tables are refused, never taken for complete.
  for (const std::string& old : {to + ".journal", to}) {
    if (Done done = set_aside(old); !done) return std::unexpected(done.error());
  }
  if (Done done = move_file(unfinished, to); !done) return std::unexpected(done.error());
  return taken;
}

}  // namespace berth
