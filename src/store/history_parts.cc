// history_parts.cc - tables that come and go, and the views over them.
#include "store/history_parts.h"

namespace berth {
namespace {

// SQLite takes no more in one compound SELECT. The views leave the oldest parts out then; our
// own lookups do not use them.
constexpr std::ptrdiff_t kMostInView = 500;

}  // namespace

std::vector<HistoryPart> HistoryParts::all() {
  std::vector<HistoryPart> parts;
  Statement rows =
      db_.prepare("SELECT id, first, last, min_started, max_ended FROM part ORDER BY first");
  while (rows.step()) {
    parts.push_back({rows.number(0), static_cast<std::uint64_t>(rows.number(1)),
                     static_cast<std::uint64_t>(rows.number(2)), rows.number(3), rows.number(4)});
  }
  return parts;
}

std::int64_t HistoryParts::make() {
  // Numbers are not used again, so that a reader never meets another part under an old name.
  const std::int64_t id = db_.number("SELECT value FROM state WHERE key = 'parts'") + 1;
  db_.prepare("INSERT OR REPLACE INTO state VALUES ('parts', ?)").run(id);
  for (std::string_view column : kColumns) {
    const std::string key(column);
    db_.exec("CREATE TABLE " + table(column, id) + " (" + key +
             " NOT NULL, ended INTEGER NOT NULL, started INTEGER NOT NULL, "
             "sequence INTEGER NOT NULL, PRIMARY KEY (" +
             key + ", ended, sequence)) WITHOUT ROWID");
  }
  return id;
}

void HistoryParts::add(const HistoryPart& part) {
  db_.prepare("INSERT INTO part VALUES (?, ?, ?, ?, ?)")
      .run(part.id, part.first, part.last, part.min_started, part.max_ended);
}

void HistoryParts::drop(const std::vector<HistoryPart>& parts) {
  for (const HistoryPart& part : parts) {
    drop_tables(part.id);
    db_.prepare("DELETE FROM part WHERE id = ?").run(part.id);
  }
}

// There are no names in them, so their pages need not be overwritten.
void HistoryParts::drop_tables(std::int64_t id) {
  db_.exec("PRAGMA secure_delete=OFF");
  for (std::string_view column : kColumns) db_.exec("DROP TABLE " + table(column, id));
  db_.exec("PRAGMA secure_delete=ON");
}

void HistoryParts::delete_rows(const std::vector<std::int64_t>& ids,
                               const std::vector<std::uint64_t>& sequences) {
  if (sequences.empty()) return;
  Statement row =
      db_.prepare("SELECT ended, ipv4, ipv6, delegated, name FROM interval_row WHERE sequence = ?");
  Statement drop_row = db_.prepare("DELETE FROM interval_row WHERE sequence = ?");
  std::vector<std::array<Statement, kColumns.size()>> drop_entries(ids.size());
  for (std::size_t part = 0; part < ids.size(); ++part) {
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      drop_entries[part][i] =
          db_.prepare("DELETE FROM " + table(kColumns[i], ids[part]) + " WHERE " +
                      std::string(kColumns[i]) + " = ? AND ended = ? AND sequence = ?");
    }
  }
  for (const std::uint64_t sequence : sequences) {
    if (!row.with(sequence).step()) continue;
    const std::int64_t ended = row.number(0);
    for (auto& drop : drop_entries) {
      if (!row.is_null(1)) drop[0].run(row.number(1), ended, sequence);
      if (!row.is_null(2)) drop[1].run(Blob{row.text(2)}, ended, sequence);
      if (!row.is_null(3)) drop[2].run(Blob{row.text(3)}, ended, sequence);
      drop[3].run(row.number(4), ended, sequence);
    }
    row.reset();
    drop_row.run(sequence);
  }
}

void HistoryParts::make_views() {
  std::vector<HistoryPart> parts = all();
  if (std::ssize(parts) > kMostInView) parts.erase(parts.begin(), parts.end() - kMostInView);
  for (std::string_view column : kColumns) {
    const std::string view = "by_" + std::string(column);
    std::string sql;
    for (const HistoryPart& part : parts) {
      sql +=
          (sql.empty() ? "SELECT * FROM " : " UNION ALL SELECT * FROM ") + table(column, part.id);
    }
    if (sql.empty()) {
      sql = "SELECT NULL AS " + std::string(column) +
            ", NULL AS ended, NULL AS started, NULL AS sequence WHERE 0";
    }
    db_.exec("DROP VIEW IF EXISTS " + view);
    db_.exec("CREATE VIEW " + view + " AS " + sql);
  }
}

}  // namespace berth
