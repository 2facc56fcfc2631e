// history_merge.cc - which parts become one, and copying them in order, slice by slice.
#include "store/history_merge.h"

#include <algorithm>
#include <string>

namespace berth {

std::vector<HistoryMerge::UnderWay> HistoryMerge::under_way() {
  std::vector<UnderWay> all;
  Statement row = db_.prepare("SELECT part, first, last, column_number FROM merging");
  while (row.step()) {
    all.push_back({row.number(0), static_cast<std::uint64_t>(row.number(1)),
                   static_cast<std::uint64_t>(row.number(2)),
                   static_cast<std::size_t>(row.number(3))});
  }
  return all;
}

// Neighbours of equal size, the smallest first: while there are many of those, every look is slow.
std::vector<HistoryPart> HistoryMerge::next() {
  const std::vector<HistoryPart> all = parts_.all();
  for (std::uint64_t rows = limits_.run_rows; rows * limits_.fan_in <= limits_.most_rows;
       rows *= limits_.fan_in) {
    std::vector<HistoryPart> equal;
    for (const HistoryPart& part : all) {
      const bool follows = equal.empty() || equal.back().last + 1 == part.first;
      if (part.rows() != rows || !follows) equal.clear();
      if (part.rows() == rows) equal.push_back(part);
      if (equal.size() == limits_.fan_in) return equal;
    }
  }
  return {};
}

bool HistoryMerge::is_due() { return !next().empty(); }

void HistoryMerge::go_on() {
  const std::vector<HistoryPart> parts = next();
  if (parts.empty()) return;
  UnderWay merge = begun(parts);
  for (std::uint64_t left = limits_.slice; merge.column < HistoryParts::kColumns.size();
       ++merge.column) {
    left -= copy(merge, parts, left);
    if (left == 0 || db_.failed()) break;
  }
  if (merge.column == HistoryParts::kColumns.size()) return finish(merge, parts);
  db_.prepare("UPDATE merging SET column_number = ? WHERE part = ?")
      .run(static_cast<std::uint64_t>(merge.column), merge.part);
}

// The merge of these, begun now if it was not before.
HistoryMerge::UnderWay HistoryMerge::begun(const std::vector<HistoryPart>& parts) {
  for (const UnderWay& merge : under_way()) {
    if (merge.first == parts.front().first && merge.last == parts.back().last) return merge;
  }
  const UnderWay merge{parts_.make(), parts.front().first, parts.back().last, 0};
  db_.prepare("INSERT INTO merging VALUES (?, ?, ?, 0)").run(merge.part, merge.first, merge.last);
  return merge;
}

std::optional<HistoryMerge::Entry> HistoryMerge::newest_in(const std::string& table,
                                                           const std::string& column) {
  Statement row = db_.prepare("SELECT " + column + ", ended, sequence FROM " + table +
                              " ORDER BY " + column + " DESC, ended DESC, sequence DESC LIMIT 1");
  if (!row.step()) return std::nullopt;
  Entry entry{0, {}, row.number(1), row.number(2)};
  if (column == "ipv4" || column == "name") {
    entry.number = row.number(0);
  } else {
    entry.prefix = row.text(0);
  }
  return entry;
}

// Copies at most so many entries, from where the last copy ended. How many there were.
std::uint64_t HistoryMerge::copy(const UnderWay& merge, const std::vector<HistoryPart>& parts,
                                 std::uint64_t most) {
  const std::string column(HistoryParts::kColumns[merge.column]);
  const std::string into = HistoryParts::table(column, merge.part);
  const std::string order = column + ", ended, sequence";
  const std::optional<Entry> newest = newest_in(into, column);
  std::string sql;
  for (const HistoryPart& part : parts) {
    sql += sql.empty() ? "INSERT INTO " + into : " UNION ALL";
    sql += " SELECT " + column + ", ended, started, sequence FROM " +
           HistoryParts::table(column, part.id);
    if (newest) sql += " WHERE (" + order + ") > (?2, ?3, ?4)";
  }
  Statement copied = db_.prepare(sql + " ORDER BY " + order + " LIMIT ?1");
  if (!newest) {
    copied.run(most);
  } else if (newest->prefix.empty()) {
    copied.run(most, newest->number, newest->ended, newest->sequence);
  } else {
    copied.run(most, Blob{newest->prefix}, newest->ended, newest->sequence);
  }
  return static_cast<std::uint64_t>(db_.number("SELECT changes()"));
}

// The large part takes the place of the small ones.
void HistoryMerge::finish(const UnderWay& merge, const std::vector<HistoryPart>& parts) {
  HistoryPart whole = parts.front();
  whole.id = merge.part;
  whole.last = merge.last;
  for (const HistoryPart& part : parts) {
    whole.min_started = std::min(whole.min_started, part.min_started);
    whole.max_ended = std::max(whole.max_ended, part.max_ended);
  }
  parts_.drop(parts);
  parts_.add(whole);
  forget(merge);
  parts_.make_views();
}

// Copying goes on behind the newest entry that was copied: where that one goes, all between it and
// the one before it are gone from the parts as well.
void HistoryMerge::delete_rows(const HistoryPart& part,
                               const std::vector<std::uint64_t>& sequences) {
  std::vector<std::int64_t> tables = {part.id};
  for (const UnderWay& merge : under_way()) {
    if (part.first >= merge.first && part.last <= merge.last) tables.push_back(merge.part);
  }
  parts_.delete_rows(tables, sequences);
}

void HistoryMerge::give_up_with(const HistoryPart& part) {
  for (const UnderWay& merge : under_way()) {
    if (part.first < merge.first || part.last > merge.last) continue;
    parts_.drop_tables(merge.part);
    forget(merge);
  }
}

void HistoryMerge::forget(const UnderWay& merge) {
  db_.prepare("DELETE FROM merging WHERE part = ?").run(merge.part);
}

}  // namespace berth
