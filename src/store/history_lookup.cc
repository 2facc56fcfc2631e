// history_lookup.cc - from an address or an owner to sequences, from those to intervals.
#include "store/history_lookup.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "store/rows.h"

namespace berth {

namespace {

// As in the view `interval`: entries of what is being forgotten are still there.
constexpr std::string_view kKept =
    "NOT EXISTS (SELECT 1 FROM forgetting f WHERE sequence <= f.last AND ended < f.before)";

}  // namespace

Moments Moments::around(WallTime at, Milliseconds window) {
  return {at - window, at + window + Milliseconds(1)};
}

Moments Moments::in(const Span& span) {
  return {span.from.value_or(WallTime::min()), span.until.value_or(WallTime::max())};
}

struct HistoryLookup::Part {
  Part(Database& db, std::int64_t id)
      : ipv4(select(db, "ipv4", id)),
        ipv6(select(db, "ipv6", id)),
        delegated(select(db, "delegated", id)),
        name(select(db, "name", id)),
        ipv4_range(select_range(db, "ipv4", id)),
        ipv6_range(select_range(db, "ipv6", id)),
        delegated_range(select_range(db, "delegated", id)) {}

  static Statement select(Database& db, const std::string& column, std::int64_t id) {
    return db.prepare("SELECT sequence, started FROM by_" + column + "_" + std::to_string(id) +
                      " WHERE " + column + " = ? AND ended > ? AND " + std::string(kKept));
  }
  static Statement select_range(Database& db, const std::string& column, std::int64_t id) {
    return db.prepare("SELECT sequence, started FROM by_" + column + "_" + std::to_string(id) +
                      " WHERE " + column + " BETWEEN ? AND ? AND ended > ? AND " +
                      std::string(kKept));
  }

  Statement ipv4, ipv6, delegated, name;
  Statement ipv4_range, ipv6_range, delegated_range;
};

// Keeps the latest `most` of what is added.
class HistoryLookup::Found {
 public:
  Found(std::uint64_t last, std::size_t most) : last_(last), most_(most) {}

  // All rows of `rows` (sequence, started) that fit.
  void add(Statement& rows, const Moments& when) {
    while (rows.step()) {
      const auto sequence = static_cast<std::uint64_t>(rows.number(0));
      if (sequence > last_ || wall_time(rows.number(1)) >= when.until) continue;
      sequences_.push_back(sequence);
      if (sequences_.size() >= 2 * most_ + 64) shorten();
    }
  }
  [[nodiscard]] std::vector<std::uint64_t> latest_first() const {
    std::vector<std::uint64_t> all = sequences_;
    std::ranges::sort(all, std::greater{});
    const auto twice = std::ranges::unique(all);
    all.erase(twice.begin(), twice.end());
    if (all.size() > most_) all.resize(most_);
    return all;
  }

 private:
  void shorten() { sequences_ = latest_first(); }
  std::uint64_t last_;
  std::size_t most_;
  std::vector<std::uint64_t> sequences_;
};

HistoryLookup::HistoryLookup(Database& db)
    : db_(db),
      select_parts_(db.prepare("SELECT id, max_ended > ? AND min_started < ? AND first <= ? "
                               "FROM part ORDER BY id")),
      select_lengths_(db.prepare("SELECT length FROM prefix_length WHERE kind = ?")),
      select_names_(db.prepare("SELECT id FROM name WHERE owner = ?")),
      select_row_(db.prepare(std::string(kSelectInterval) + "WHERE i.sequence = ?")) {}

HistoryLookup::~HistoryLookup() = default;

std::vector<HistoryLookup::Part*> HistoryLookup::parts_in(const Moments& when, std::uint64_t last) {
  std::vector<Part*> fitting;
  std::vector<std::int64_t> all;
  select_parts_.with(millis(when.from), millis(when.until), last);
  while (select_parts_.step()) {
    const std::int64_t id = select_parts_.number(0);
    all.push_back(id);
    if (select_parts_.number(1) == 0) continue;
    std::unique_ptr<Part>& part = parts_[id];
    if (!part) part = std::make_unique<Part>(db_, id);
    fitting.push_back(part.get());
  }
  // History that was forgotten took its parts with it.
  std::erase_if(parts_,
                [&](const auto& part) { return !std::ranges::binary_search(all, part.first); });
  return fitting;
}

std::vector<int> HistoryLookup::lengths_of(Kind kind) {
  std::vector<int> lengths;
  select_lengths_.with(static_cast<int>(kind));
  while (select_lengths_.step()) lengths.push_back(static_cast<int>(select_lengths_.number(0)));
  return lengths;
}

std::vector<Interval> HistoryLookup::who_had(const AnyRange& where, const Moments& when,
                                             std::uint64_t last, std::size_t most) {
  Found found(last, most);
  for (Part* part : parts_in(when, last)) {
    if (!where.is_ipv4()) {
      find_prefixes(Kind::ipv6, where.ipv6(), when, *part, found);
      find_prefixes(Kind::delegated, where.ipv6(), when, *part, found);
      continue;
    }
    const Ipv4Range range = where.ipv4();
    Statement& rows =
        range.size() == 1
            ? part->ipv4.with(range.first().bits(), millis(when.from))
            : part->ipv4_range.with(range.first().bits(), range.last().bits(), millis(when.from));
    found.add(rows, when);
  }
  return rows_of(found);
}

// Prefixes that begin inside the range, and those around its first address.
void HistoryLookup::find_prefixes(Kind kind, const Ipv6Range& range, const Moments& when,
                                  Part& part, Found& found) {
  Statement& one = kind == Kind::ipv6 ? part.ipv6 : part.delegated;
  Statement& many = kind == Kind::ipv6 ? part.ipv6_range : part.delegated_range;
  for (const int length : lengths_of(kind)) {
    const PrefixKey key(Ipv6Prefix::around(range.first(), length));
    found.add(one.with(key.blob(), millis(when.from)), when);
  }
  if (range.first() == range.last()) return;
  const PrefixKey first(range.first(), 0);
  const PrefixKey last(range.last(), 128);
  found.add(many.with(first.blob(), last.blob(), millis(when.from)), when);
}

std::vector<Interval> HistoryLookup::history(std::string_view owner, const Moments& when,
                                             std::uint64_t last, std::size_t most) {
  std::vector<std::int64_t> names;
  select_names_.with(owner);
  while (select_names_.step()) names.push_back(select_names_.number(0));
  Found found(last, most);
  if (names.empty()) return {};
  for (Part* part : parts_in(when, last)) {
    for (const std::int64_t name : names) {
      found.add(part->name.with(name, millis(when.from)), when);
    }
  }
  return rows_of(found);
}

std::vector<Interval> HistoryLookup::rows_of(const Found& found) {
  std::vector<Interval> intervals;
  for (const std::uint64_t sequence : found.latest_first()) {
    if (select_row_.with(sequence).step()) intervals.push_back(to_interval(select_row_));
    select_row_.reset();
  }
  return intervals;
}

}  // namespace berth
