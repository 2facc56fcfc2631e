// history_index.cc - writing the index of history, a sorted run at a time, and deleting from it.
#include "store/history_index.h"

#include <algorithm>
#include <array>

namespace berth {
namespace {

std::string table(std::string_view column, const HistoryPart& part) {
  return HistoryParts::table(column, part.id);
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
  Statement insert = db.prepare("INSERT INTO " + into + " VALUES (?, ?, ?, ?)");
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

void HistoryIndex::add_run() {
  HistoryPart part;
  part.id = parts_.make();
  part.first = indexed_ + 1;
  part.last = indexed_ + limits_.run_rows;
  part.min_started = millis(WallTime::max());
  part.max_ended = millis(WallTime::min());
  std::int64_t min_ended = millis(WallTime::max());
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
      "SELECT sequence, started, ended, name, ipv4, ipv6, delegated FROM interval_row "
      "WHERE sequence > ? AND sequence <= ? ORDER BY sequence");
  rows.with(indexed_, part.last);
  while (rows.step()) {
    const auto sequence = static_cast<std::uint64_t>(rows.number(0));
    const std::int64_t started = rows.number(1);
    const std::int64_t ended = rows.number(2);
    part.min_started = std::min(part.min_started, started);
    min_ended = std::min(min_ended, ended);
    part.max_ended = std::max(part.max_ended, ended);
    names.push_back({rows.number(3), ended, started, sequence});
    if (!rows.is_null(4)) {
      ipv4.push_back({static_cast<std::uint32_t>(rows.number(4)), ended, started, sequence});
    }
    add_prefix(ipv6, {{}, ended, started, sequence}, rows.text(5));
    add_prefix(delegated, {{}, ended, started, sequence}, rows.text(6));
  }
  put_sorted(db_, table("ipv4", part), ipv4);
  put_sorted(db_, table("ipv6", part), ipv6);
  put_sorted(db_, table("delegated", part), delegated);
  put_sorted(db_, table("name", part), names);
  parts_.add(part);
  parts_.make_views();
  forget_.add_run(part.first, part.last, min_ended);
  db_.prepare("INSERT OR REPLACE INTO state VALUES ('indexed', ?)").run(part.last);
  indexed_ = part.last;
}

std::uint64_t HistoryIndex::most_rows(std::uint64_t last_sequence) {
  std::uint64_t rows = last_sequence - indexed_;
  for (const HistoryPart& part : parts_.all()) rows += part.rows();
  return rows;
}

void HistoryIndex::mark_names(std::vector<bool>& used) {
  const auto mark = [&used](Statement rows) {
    while (rows.step()) {
      const auto name = static_cast<std::size_t>(rows.number(0));
      if (name < used.size()) used[name] = true;
    }
  };
  for (const HistoryPart& part : parts_.all())
    mark(db_.prepare("SELECT name FROM " + table("name", part)));
  mark(db_.prepare("SELECT name FROM interval_row WHERE sequence > " + std::to_string(indexed_)));
}

void HistoryIndex::erase(const std::vector<std::int64_t>& names) {
  for (const HistoryPart& part : parts_.all()) {
    Statement rows = db_.prepare("SELECT sequence FROM " + table("name", part) + " WHERE name = ?");
    for (const std::int64_t name : names) {
      rows.with(name);
      merge_.delete_rows(part, sequences_in(rows));
    }
  }
  Statement young = db_.prepare("DELETE FROM interval_row WHERE sequence > ? AND name = ?");
  for (const std::int64_t name : names) young.run(indexed_, name);
}

}  // namespace berth
