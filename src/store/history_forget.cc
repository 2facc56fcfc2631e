// history_forget.cc - run by run, from the oldest that has something to forget.
#include "store/history_forget.h"

#include <algorithm>
#include <vector>

#include "store/rows.h"

namespace berth {

void HistoryForget::add_run(std::uint64_t first, std::uint64_t last, std::int64_t min_ended) {
  db_.prepare("INSERT INTO run VALUES (?, ?, ?)").run(first, last, min_ended);
}

std::optional<HistoryForget::Gone> HistoryForget::begin(std::uint64_t revision, const Forget& step,
                                                        std::uint64_t indexed) {
  UnderWay forget{revision, millis(step.before), indexed, millis(step.at), 0};
  db_.prepare("DELETE FROM interval_row WHERE sequence > ? AND ended < ?")
      .run(indexed, forget.before);
  forget.gone = static_cast<std::uint64_t>(db_.number("SELECT changes()"));
  if (!next(forget)) return Gone{revision, step, forget.gone};
  db_.prepare("INSERT INTO forgetting VALUES (?, ?, ?, ?, ?)")
      .run(revision, forget.before, indexed, forget.at, forget.gone);
  return std::nullopt;
}

bool HistoryForget::is_due() { return db_.number("SELECT count(*) FROM forgetting") != 0; }

std::optional<HistoryForget::Gone> HistoryForget::go_on() {
  const UnderWay forget = oldest();
  if (const std::optional<Run> run = next(forget)) {
    const std::uint64_t gone = delete_from(*run, forget);
    db_.prepare("UPDATE forgetting SET gone = gone + ? WHERE revision = ?")
        .run(gone, forget.revision);
    return std::nullopt;
  }
  db_.prepare("DELETE FROM forgetting WHERE revision = ?").run(forget.revision);
  return Gone{forget.revision, {wall_time(forget.before), wall_time(forget.at)}, forget.gone};
}

HistoryForget::UnderWay HistoryForget::oldest() {
  Statement row =
      db_.prepare("SELECT revision, before, last, at, gone FROM forgetting ORDER BY revision");
  if (!row.step()) return {};
  return {static_cast<std::uint64_t>(row.number(0)), row.number(1),
          static_cast<std::uint64_t>(row.number(2)), row.number(3),
          static_cast<std::uint64_t>(row.number(4))};
}

std::optional<HistoryForget::Run> HistoryForget::next(const UnderWay& forget) {
  Statement row = db_.prepare(
      "SELECT first, last FROM run WHERE first <= ? AND min_ended < ? ORDER BY first LIMIT 1");
  if (!row.with(forget.last, forget.before).step()) return std::nullopt;
  return Run{static_cast<std::uint64_t>(row.number(0)), static_cast<std::uint64_t>(row.number(1))};
}

std::optional<HistoryPart> HistoryForget::part_of(const Run& run) {
  const std::vector<HistoryPart> all = parts_.all();
  const auto found = std::ranges::find_if(all, [&](const HistoryPart& part) {
    return part.first <= run.first && run.last <= part.last;
  });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

// How many they were.
std::uint64_t HistoryForget::delete_from(const Run& run, const UnderWay& forget) {
  std::optional<HistoryPart> part = part_of(run);
  if (part && part->last <= forget.last && part->max_ended < forget.before) {
    merge_.give_up_with(*part);
    parts_.drop({*part});
    parts_.make_views();
    part.reset();
  }
  if (!part) {
    db_.prepare("DELETE FROM interval_row WHERE sequence BETWEEN ? AND ? AND ended < ?")
        .run(run.first, run.last, forget.before);
    const std::int64_t gone = db_.number("SELECT changes()");
    look_again(run);
    return static_cast<std::uint64_t>(gone);
  }
  std::vector<std::uint64_t> sequences;
  Statement rows = db_.prepare(
      "SELECT sequence FROM interval_row WHERE sequence BETWEEN ? AND ? AND ended < ? LIMIT ?");
  rows.with(run.first, run.last, forget.before, most_rows_);
  while (rows.step()) sequences.push_back(static_cast<std::uint64_t>(rows.number(0)));
  merge_.delete_rows(*part, sequences);
  if (sequences.size() < most_rows_) look_again(run);
  return sequences.size();
}

// Nothing in it is too old any more: when does that change?
void HistoryForget::look_again(const Run& run) {
  Statement row = db_.prepare("SELECT min(ended) FROM interval_row WHERE sequence BETWEEN ? AND ?");
  row.with(run.first, run.last);
  if (row.step() && !row.is_null(0)) {
    db_.prepare("UPDATE run SET min_ended = ? WHERE first = ?").run(row.number(0), run.first);
  } else {
    db_.prepare("DELETE FROM run WHERE first = ?").run(run.first);
  }
}

}  // namespace berth
