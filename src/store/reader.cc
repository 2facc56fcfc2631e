// reader.cc - what is asked of a store, each answered from one Look at it.
#include "store/reader.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <utility>

#include "core/policy.h"
#include "store/files.h"
#include "store/history_lookup.h"
#include "store/look.h"
#include "store/pools_in_use.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/store.h"
#include "store/tables.h"
#include "store/tail_view.h"

namespace berth {
namespace {

// The intervals that a live lease has open now. One that seems to begin later than now began
// before somebody set the clock back: nobody knows when, so it may be meant.
void add_open(const LeaseRecord& lease, const Moments& when, WallTime now,
              std::vector<Interval>& to) {
  for (Interval& each : open_intervals(lease)) {
    if (when.meets(each.started, WallTime::max()) || each.started > now) {
      to.push_back(std::move(each));
    }
  }
}

class SqliteReader final : public Reader {
 public:
  SqliteReader(std::unique_ptr<Database> journal, std::unique_ptr<Database> tables)
      : journal_(std::move(journal)), tables_(std::move(tables)), lookup_(*tables_) {}

  Done leases(std::string_view owner, std::string_view server,
              const std::function<Done(const Lease&)>& each) const override;
  Result<std::vector<Interval>> who_had(const AnyRange& where, WallTime at, Milliseconds window,
                                        WallTime now) const override;
  Result<std::vector<Interval>> history(std::string_view owner, const Span& span,
                                        WallTime now) const override;
  Done each_interval(const std::function<Done(const Interval&)>& each) const override;
  Result<std::vector<Reservation>> reservations() const override;
  Result<std::vector<PoolUse>> pools(const Plan& plan, WallTime now) const override;
  Result<WallTime> newest() const override;

 private:
  [[nodiscard]] Result<std::unique_ptr<Look>> take_look() const {
    return Look::take(*journal_, *tables_);
  }
  // Ended intervals that fit, the latest first: of the tail, of the tables behind the index, and
  // those that `indexed` finds up to a sequence.
  using Fits = std::function<bool(const Interval& interval)>;
  using Indexed = std::function<std::vector<Interval>(std::uint64_t last)>;
  [[nodiscard]] std::vector<Interval> ended(const TailView& tail, const Moments& when,
                                            std::vector<Interval> in_tail, const Fits& fits,
                                            const Indexed& indexed) const;
  [[nodiscard]] Result<std::vector<Interval>> together(std::vector<Interval> live,
                                                       std::vector<Interval> ended,
                                                       std::size_t most) const;

  std::unique_ptr<Database> journal_;
  std::unique_ptr<Database> tables_;
  mutable HistoryLookup lookup_;
};

Done SqliteReader::leases(std::string_view owner, std::string_view server,
                          const std::function<Done(const Lease&)>& each) const {
  const auto look = take_look();
  if (!look) return std::unexpected(look.error());
  return (*look)->each_lease(owner, [&](const LeaseRecord& lease) -> Done {
    if (!server.empty() && lease.server != server) return {};
    return each(lease_of(lease));
  });
}

Result<std::vector<Interval>> SqliteReader::who_had(const AnyRange& where, WallTime at,
                                                    Milliseconds window, WallTime now) const {
  const std::size_t most = Store::kMostIntervals;
  const auto look = take_look();
  if (!look) return std::unexpected(look.error());
  const TailView& tail = (*look)->tail();
  const Moments when = tail.clock_steps().widened(Moments::around(at, window));
  std::vector<Interval> live;
  Done done = (*look)->each_holder(where, lookup_, [&](const LeaseRecord& lease) -> Done {
    add_open(lease, when, now, live);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  std::erase_if(live, [&](const Interval& open) { return !holds(open.addresses, where); });
  return together(std::move(live),
                  ended(
                      tail, when, tail.recent().who_had(where, when, most),
                      [&](const Interval& each) { return holds(each.addresses, where); },
                      [&](std::uint64_t last) { return lookup_.who_had(where, when, last, most); }),
                  most);
}

Result<std::vector<Interval>> SqliteReader::history(std::string_view owner, const Span& span,
                                                    WallTime now) const {
  const Moments when = Moments::in(span);
  const auto look = take_look();
  if (!look) return std::unexpected(look.error());
  const TailView& tail = (*look)->tail();
  std::vector<Interval> live;
  Done done = (*look)->each_lease(owner, [&](const LeaseRecord& lease) -> Done {
    add_open(lease, when, now, live);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  const auto in_index = [&](std::uint64_t last) {
    std::vector<Interval> found;
    for (const std::string& name : tail.owners_before(owner)) {
      std::ranges::move(lookup_.history(name, when, last, span.limit), std::back_inserter(found));
    }
    return found;
  };
  return together(std::move(live),
                  ended(
                      tail, when, tail.recent().history(owner, when, span.limit),
                      [&](const Interval& each) { return each.owner == owner; }, in_index),
                  span.limit);
}

std::vector<Interval> SqliteReader::ended(const TailView& tail, const Moments& when,
                                          std::vector<Interval> in_tail, const Fits& fits,
                                          const Indexed& indexed) const {
  std::vector<Interval> found = std::move(in_tail);
  const auto add = [&](Interval interval) {
    if (!tail.keeps(interval)) return;
    interval.owner = tail.owner_now(interval.owner, interval.user);
    if (fits(interval)) found.push_back(std::move(interval));
  };
  const auto last =
      static_cast<std::uint64_t>(tables_->number("SELECT value FROM state WHERE key = 'indexed'"));
  Statement young = tables_->prepare(std::string(kSelectInterval) +
                                     "WHERE i.sequence > ? AND i.ended > ? AND i.started < ?");
  young.with(last, millis(when.from), millis(when.until));
  while (young.step()) add(to_interval(young));
  for (Interval& interval : indexed(last)) add(std::move(interval));
  return found;
}

Result<std::vector<Interval>> SqliteReader::together(std::vector<Interval> live,
                                                     std::vector<Interval> ended,
                                                     std::size_t most) const {
  if (Done done = tables_->check(); !done) return std::unexpected(done.error());
  std::ranges::sort(live, std::greater{}, &Interval::generation);
  // A lease that the index of several kinds found is there more than once.
  const auto twice = std::ranges::unique(live);
  live.erase(twice.begin(), twice.end());
  std::ranges::sort(ended, std::greater{}, &Interval::sequence);
  std::ranges::move(ended, std::back_inserter(live));
  if (live.size() > most) live.resize(most);
  return live;
}

Done SqliteReader::each_interval(const std::function<Done(const Interval&)>& each) const {
  const auto look = take_look();
  if (!look) return std::unexpected(look.error());
  const TailView& tail = (*look)->tail();
  Statement rows = tables_->prepare(std::string(kSelectInterval) + "ORDER BY i.sequence");
  while (rows.step()) {
    Interval interval = to_interval(rows);
    if (!tail.keeps(interval)) continue;
    interval.owner = tail.owner_now(interval.owner, interval.user);
    if (Done done = each(interval); !done) return done;
  }
  if (Done done = tables_->check(); !done) return done;
  if (Done done = tail.recent().each(each); !done) return done;
  return (*look)->each_lease({}, [&](const LeaseRecord& lease) -> Done {
    for (const Interval& interval : open_intervals(lease)) {
      if (Done done = each(interval); !done) return done;
    }
    return {};
  });
}

Result<std::vector<Reservation>> SqliteReader::reservations() const {
  const auto look = take_look();
  if (!look) return std::unexpected(look.error());
  return (*look)->reservations();
}

Result<std::vector<PoolUse>> SqliteReader::pools(const Plan& plan, WallTime now) const {
  if (const Result<Policy> checked = Policy::compile(plan); !checked) {
    return std::unexpected(checked.error());
  }
  const auto look = take_look();
  if (!look) return std::unexpected(look.error());
  return pools_in_use(**look, plan, now);
}

Result<WallTime> SqliteReader::newest() const {
  const auto look = take_look();
  if (!look) return std::unexpected(look.error());
  if (const auto in_tail = (*look)->tail().newest()) return *in_tail;
  const std::int64_t newest = tables_->number("SELECT value FROM state WHERE key = 'newest'");
  if (Done done = tables_->check(); !done) return std::unexpected(done.error());
  return wall_time(newest);
}

// Tables that stand alone need no journal: an empty one does.
Result<std::unique_ptr<Database>> open_journal(const std::string& path, Database& tables) {
  auto journal = Database::open(path, Database::Mode::read);
  if (journal) {
    if (Done done = check_version(**journal, journal_schema()); !done) {
      return std::unexpected(done.error());
    }
    return journal;
  }
  if (!Tables::stands_alone(tables)) return journal;
  journal = Database::open(":memory:", Database::Mode::create);
  if (!journal) return journal;
  if (Done done = migrate(**journal, journal_schema()); !done) {
    return std::unexpected(done.error());
  }
  return journal;
}

}  // namespace

Result<std::unique_ptr<Reader>> open_reader(const std::string& path) {
  auto tables = Database::open(path, Database::Mode::read);
  if (!tables) {
    if (file_exists(path)) return std::unexpected(tables.error());
    return fail(Code::not_found, "there is no store " + path, "check the path in the settings");
  }
  if (Done done = check_version(**tables, tables_schema()); !done) {
    return std::unexpected(done.error());
  }
  auto journal = open_journal(path + ".journal", **tables);
  if (!journal) return std::unexpected(journal.error());
  return std::make_unique<SqliteReader>(*std::move(journal), *std::move(tables));
}

}  // namespace berth
