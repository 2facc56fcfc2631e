// history_index.cc - writing the index of history: a sorted run at a time, part by part.
#include "store/history_index.h"

#include <algorithm>
#include <array>

namespace berth {
namespace {

// The four indexes of a part, and the column that each is about.
constexpr std::array<std::string_view, 4> kColumns = {"ipv4", "ipv6", "delegated", "name"};

// SQLite takes no more in one compound SELECT. The views leave the oldest parts out then; our
// own lookups do not use them.
constexpr std::ptrdiff_t kMostInView = 500;

std::string table(std::string_view column, std::int64_t part) {
  return "by_" + std::string(column) + "_" + std::to_string(part);
}

template <class Key>
struct Entry {
  Key key{};
  std::int64_t ended = 0;
  std::int64_t started = 0;
  std::uint64_t sequence = 0;
  auto operator<=>(const Entry&) const = default;
};

std::uint32_t bound(std::uint32_t key) { return key; }
std::int64_t bound(std::int64_t key) { return key; }
Blob bound(const PrefixKey& key) { return key.blob(); }

template <class Key>
void put_sorted(Database& db, const std::string& into, std::vector<Entry<Key>>& entries) {
  std::ranges::sort(entries);
  Statement insert = db.prepare("INSERT OR REPLACE INTO " + into + " VALUES (?, ?, ?, ?)");
  for (const Entry<Key>& entry : entries) {
    insert.run(bound(entry.key), entry.ended, entry.started, entry.sequence);
  }
}

// The first column of all rows: collected, since what a statement walks over must stay.
std::vector<std::uint64_t> sequences_in(Statement& rows) {
  std::vector<std::uint64_t> sequences;
  while (rows.step()) sequences.push_back(static_cast<std::uint64_t>(rows.number(0)));
  return sequences;
}

}  // namespace

void HistoryIndex::load() {
  indexed_ =
      static_cast<std::uint64_t>(db_.number("SELECT value FROM state WHERE key = 'indexed'"));
}

std::vector<HistoryIndex::Part> HistoryIndex::parts() {
  std::vector<Part> parts;
  Statement rows = db_.prepare(
      "SELECT id, first, last, min_started, min_ended, max_ended FROM part ORDER BY id");
  while (rows.step()) {
    parts.push_back({rows.number(0), static_cast<std::uint64_t>(rows.number(1)),
                     static_cast<std::uint64_t>(rows.number(2)), rows.number(3), rows.number(4),
                     rows.number(5)});
  }
  return parts;
}

void HistoryIndex::add_run() {
  Part part = part_to_fill();
  std::vector<Entry<std::uint32_t>> ipv4;
  std::vector<Entry<PrefixKey>> ipv6, delegated;
  std::vector<Entry<std::int64_t>> names;
  const auto add_prefix = [](std::vector<Entry<PrefixKey>>& to, Entry<PrefixKey> entry,
                             std::string_view column) {
    const std::optional<Ipv6Prefix> prefix = prefix_in(column);
    if (!prefix) return;
    entry.key = PrefixKey(*prefix);
    to.push_back(entry);
  };
  Statement rows = db_.prepare(
      "SELECT sequence, started, ended, name, ipv4, ipv6, delegated FROM interval "
      "WHERE sequence > ? AND sequence <= ? ORDER BY sequence");
  const std::uint64_t last = indexed_ + limits_.run_rows;
  rows.with(indexed_, last);
  while (rows.step()) {
    const auto sequence = static_cast<std::uint64_t>(rows.number(0));
    const std::int64_t started = rows.number(1);
    const std::int64_t ended = rows.number(2);
    part.min_started = std::min(part.min_started, started);
    part.min_ended = std::min(part.min_ended, ended);
    part.max_ended = std::max(part.max_ended, ended);
    names.push_back({rows.number(3), ended, started, sequence});
    if (!rows.is_null(4)) {
      ipv4.push_back({static_cast<std::uint32_t>(rows.number(4)), ended, started, sequence});
    }
    add_prefix(ipv6, {{}, ended, started, sequence}, rows.text(5));
    add_prefix(delegated, {{}, ended, started, sequence}, rows.text(6));
  }
  put_sorted(db_, table("ipv4", part.id), ipv4);
  put_sorted(db_, table("ipv6", part.id), ipv6);
  put_sorted(db_, table("delegated", part.id), delegated);
  put_sorted(db_, table("name", part.id), names);
  db_.prepare("INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?, ?)")
      .run(part.id, part.first, last, part.min_started, part.min_ended, part.max_ended);
  db_.prepare("INSERT OR REPLACE INTO state VALUES ('indexed', ?)").run(last);
  indexed_ = last;
}

// The youngest part while it has room, else a new one.
HistoryIndex::Part HistoryIndex::part_to_fill() {
  const std::vector<Part> all = parts();
  if (!all.empty() && all.back().last - all.back().first + 1 < limits_.part_rows) {
    return all.back();
  }
  Part part;
  // Numbers are not used again, so that a reader never meets another part under an old name.
  part.id = db_.number("SELECT value FROM state WHERE key = 'parts'") + 1;
  db_.prepare("INSERT OR REPLACE INTO state VALUES ('parts', ?)").run(part.id);
  part.first = indexed_ + 1;
  part.last = indexed_;
  part.min_started = millis(WallTime::max());
  part.min_ended = millis(WallTime::max());
  part.max_ended = millis(WallTime::min());
  make_tables(part.id);
  return part;
}

void HistoryIndex::make_tables(std::int64_t id) {
  for (std::string_view column : kColumns) {
    const std::string key(column);
    db_.exec("CREATE TABLE " + table(column, id) + " (" + key +
             " NOT NULL, ended INTEGER NOT NULL, started INTEGER NOT NULL, "
             "sequence INTEGER NOT NULL, PRIMARY KEY (" +
             key + ", ended, sequence)) WITHOUT ROWID");
  }
  db_.prepare("INSERT INTO part VALUES (?, ?, ?, 0, 0, 0)").run(id, indexed_ + 1, indexed_);
  make_views();
}

// by_ipv4 and so on over all parts, for people with sqlite3.
void HistoryIndex::make_views() {
  std::vector<Part> all = parts();
  if (std::ssize(all) > kMostInView) all.erase(all.begin(), all.end() - kMostInView);
  for (std::string_view column : kColumns) {
    const std::string view = "by_" + std::string(column);
    std::string sql;
    for (const Part& part : all) {
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

void HistoryIndex::drop_part(const Part& part) {
  for (std::string_view column : kColumns) db_.exec("DROP TABLE " + table(column, part.id));
  db_.prepare("DELETE FROM part WHERE id = ?").run(part.id);
  make_views();
}

std::uint64_t HistoryIndex::most_rows(std::uint64_t last_sequence) {
  std::uint64_t rows = last_sequence - indexed_;
  for (const Part& part : parts()) rows += part.last - part.first + 1;
  return rows;
}

void HistoryIndex::mark_names(std::vector<bool>& used) {
  const auto mark = [&used](Statement rows) {
    while (rows.step()) {
      const auto name = static_cast<std::size_t>(rows.number(0));
      if (name < used.size()) used[name] = true;
    }
  };
  for (const Part& part : parts()) mark(db_.prepare("SELECT name FROM " + table("name", part.id)));
  mark(db_.prepare("SELECT name FROM interval WHERE sequence > " + std::to_string(indexed_)));
}

std::uint64_t HistoryIndex::forget(WallTime before) {
  const std::int64_t limit = millis(before);
  std::uint64_t gone = 0;
  const auto changes = [this] {
    return static_cast<std::uint64_t>(db_.number("SELECT changes()"));
  };
  for (const Part& part : parts()) {
    if (part.max_ended < limit) {
      db_.prepare("DELETE FROM interval WHERE sequence BETWEEN ? AND ?").run(part.first, part.last);
      gone += changes();
      drop_part(part);
    } else if (part.min_ended < limit) {
      Statement rows =
          db_.prepare("SELECT sequence FROM interval WHERE sequence BETWEEN ? AND ? AND ended < ?");
      rows.with(part.first, part.last, limit);
      const std::vector<std::uint64_t> sequences = sequences_in(rows);
      delete_rows(part, sequences);
      gone += sequences.size();
      db_.prepare("UPDATE part SET min_ended = ? WHERE id = ?").run(limit, part.id);
    }
  }
  db_.prepare("DELETE FROM interval WHERE sequence > ? AND ended < ?").run(indexed_, limit);
  return gone + changes();
}

void HistoryIndex::erase(const std::vector<std::int64_t>& names) {
  for (const Part& part : parts()) {
    Statement rows =
        db_.prepare("SELECT sequence FROM " + table("name", part.id) + " WHERE name = ?");
    for (const std::int64_t name : names) {
      rows.with(name);
      delete_rows(part, sequences_in(rows));
    }
  }
  Statement young = db_.prepare("DELETE FROM interval WHERE sequence > ? AND name = ?");
  for (const std::int64_t name : names) young.run(indexed_, name);
}

// The intervals and their entries.
void HistoryIndex::delete_rows(const Part& part, const std::vector<std::uint64_t>& sequences) {
  if (sequences.empty()) return;
  Statement row =
      db_.prepare("SELECT ended, ipv4, ipv6, delegated, name FROM interval WHERE sequence = ?");
  Statement drop_row = db_.prepare("DELETE FROM interval WHERE sequence = ?");
  std::array<Statement, kColumns.size()> drop_entry;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    drop_entry[i] = db_.prepare("DELETE FROM " + table(kColumns[i], part.id) + " WHERE " +
                                std::string(kColumns[i]) + " = ? AND ended = ? AND sequence = ?");
  }
  for (const std::uint64_t sequence : sequences) {
    if (!row.with(sequence).step()) continue;
    const std::int64_t ended = row.number(0);
    if (!row.is_null(1)) drop_entry[0].run(row.number(1), ended, sequence);
    if (!row.is_null(2)) drop_entry[1].run(Blob{row.text(2)}, ended, sequence);
    if (!row.is_null(3)) drop_entry[2].run(Blob{row.text(3)}, ended, sequence);
    drop_entry[3].run(row.number(4), ended, sequence);
    row.reset();
    drop_row.run(sequence);
  }
}

}  // namespace berth
