// sqlite_store.cc - the journal in front, the tables behind, and the one call that matters.
#include "store/sqlite_store.h"

#include <algorithm>
#include <mutex>

#include "store/backup.h"
#include "store/follower.h"
#include "store/history_lookup.h"
#include "store/journal.h"
#include "store/lock.h"
#include "store/snapshot.h"
#include "store/tables.h"

namespace berth {
namespace {

Tables::Options tables_options(const SqliteOptions& options) {
  BERTH_ASSERT(options.chance != nullptr);
  Chance& chance = *options.chance;
  return {.path = options.path,
          .vfs = options.vfs,
          .new_key = {chance.next(), chance.next()},
          .new_identity = chance.next(),
          .history = options.history,
          .logs = options.logs};
}

class SqliteStore final : public Store {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const SqliteOptions& options);
  ~SqliteStore() override { follower_.stop(); }

  Result<Revision> load(Loader& loader) override;
  void commit(std::span<Commit> commits) override;
  Result<Revision> settle() override;
  Done follow(const std::function<Done(std::string_view)>&) override { return {}; }
  Result<std::vector<Interval>> who_had(const AnyRange& where, WallTime at,
                                        Milliseconds window) const override;
  Result<std::vector<Interval>> history(std::string_view owner, const Span& span) const override;
  Done for_each_name(
      const std::function<Done(std::string_view, std::string_view)>& each) const override;
  Done scrub() override { return follower_.scrub(follower_.last()); }
  Result<std::uint64_t> ended_before(WallTime before) const override;
  Result<std::optional<WallTime>> oldest_end() const override;
  Done backup(const std::string& path) const override { return backup_store(options_.path, path); }
  std::uint64_t lag() const override { return follower_.last() - follower_.applied(); }

 private:
  SqliteStore(const SqliteOptions& options, std::unique_ptr<StoreLock> lock,
              std::unique_ptr<Tables> tables, std::unique_ptr<Journal> journal,
              std::unique_ptr<Database> reading);

  [[nodiscard]] Done read_tail(std::vector<Tail>& tails);
  [[nodiscard]] static bool has_rename(std::string_view row);
  [[nodiscard]] Done apply_now(const std::vector<Tail>& tails);
  void append(std::span<Commit> commits);
  // What follower and tables know together, the latest first.
  template <class InRecent, class InIndex>
  [[nodiscard]] Result<std::vector<Interval>> look(std::size_t most, InRecent&& in_recent,
                                                   InIndex&& in_index) const;

  SqliteOptions options_;
  std::unique_ptr<StoreLock> lock_;
  std::unique_ptr<Tables> tables_;    // the follower's, once loaded
  std::unique_ptr<Journal> journal_;  // appending_
  mutable std::mutex appending_;
  std::optional<Tail> unsettled_;  // of an outcome that is unknown; commit() and settle() only

  std::unique_ptr<Database> reading_;        // reading_mutex_
  mutable HistoryLookup lookup_;             // reading_mutex_
  mutable Statement begin_look_, end_look_;  // reading_mutex_
  mutable std::mutex reading_mutex_;

  mutable Follower follower_;
};

Result<std::unique_ptr<Store>> SqliteStore::open(const SqliteOptions& options) {
  auto lock = StoreLock::take(options.path + ".lock");
  if (!lock) return std::unexpected(lock.error());
  if (Done done = check_no_remains(options.path); !done) return std::unexpected(done.error());
  auto tables = Tables::open(tables_options(options));
  if (!tables) return std::unexpected(tables.error());
  auto journal = Journal::open({.path = options.path + ".journal",
                                .vfs = options.vfs,
                                .identity = (*tables)->identity(),
                                .may_be_new = (*tables)->stands_alone(),
                                .limits = options.logs});
  if (!journal) return std::unexpected(journal.error());
  if (Done done = (*tables)->lean_on_journal(); !done) return std::unexpected(done.error());
  auto reading = Database::open(options.path, Database::Mode::read, options.vfs);
  if (!reading) return std::unexpected(reading.error());
  (*reading)->exec("PRAGMA cache_size=-32768");  // the upper levels of every index
  return std::unique_ptr<Store>(new SqliteStore(options, *std::move(lock), *std::move(tables),
                                                *std::move(journal), *std::move(reading)));
}

SqliteStore::SqliteStore(const SqliteOptions& options, std::unique_ptr<StoreLock> lock,
                         std::unique_ptr<Tables> tables, std::unique_ptr<Journal> journal,
                         std::unique_ptr<Database> reading)
    : options_(options),
      lock_(std::move(lock)),
      tables_(std::move(tables)),
      journal_(std::move(journal)),
      reading_(std::move(reading)),
      lookup_(*reading_),
      begin_look_(reading_->prepare("BEGIN")),
      end_look_(reading_->prepare("COMMIT")),
      follower_(*tables_, *journal_, appending_,
                {.most_lag_bytes = options.most_lag_bytes, .batch_time = options.batch_time}) {}

Result<Revision> SqliteStore::load(Loader& loader) {
  std::vector<Tail> tails;
  if (Done done = read_tail(tails); !done) return std::unexpected(done.error());
  if (std::ranges::any_of(tails, [](const Tail& tail) { return has_rename(tail.bytes); })) {
    if (Done done = apply_now(tails); !done) return std::unexpected(done.error());
    tails.clear();
  }
  if (Done done = load_snapshot(*reading_, tables_->database(), loader); !done) {
    return std::unexpected(done.error());
  }
  for (const Tail& tail : tails) {
    Done done = JournalRow::unpack(tail.bytes,
                                   [&](std::string_view change) { return loader.change(change); });
    if (!done) return std::unexpected(done.error());
  }
  follower_.start(std::move(tails));
  return follower_.last();
}

Done SqliteStore::read_tail(std::vector<Tail>& tails) {
  return journal_->read(tables_->applied(),
                        [&](Revision first, std::uint64_t changes, std::string_view bytes) -> Done {
                          tails.push_back({first, changes, std::string(bytes)});
                          return {};
                        });
}

bool SqliteStore::has_rename(std::string_view row) {
  bool found = false;
  (void)JournalRow::unpack(row, [&](std::string_view change) -> Done {
    for (StepReader reader(change); !reader.done();) {
      const Result<Step> step = reader.next();
      if (!step) return std::unexpected(step.error());
      found = found || std::holds_alternative<Rename>(*step) ||
              std::holds_alternative<RulesChanged>(*step);
    }
    return {};
  });
  return found;
}

Done SqliteStore::apply_now(const std::vector<Tail>& tails) {
  tables_->begin();
  for (const Tail& tail : tails) {
    Done done = JournalRow::unpack(
        tail.bytes, [this](std::string_view change) { return tables_->apply(change); });
    if (!done) {
      tables_->roll_back();
      return done;
    }
  }
  return tables_->commit();
}

void SqliteStore::commit(std::span<Commit> commits) {
  BERTH_ASSERT(commits.size() <= kMaxCommits);
  if (commits.empty()) return;
  std::optional<Error> refusal;
  if (unsettled_) {
    refusal = Error{Code::store_unavailable, "the outcome of the last write is not known yet",
                    "settle it, then try again"};
  } else if (Done room = follower_.wait_for_room(); !room) {
    refusal = room.error();
  }
  if (!refusal) return append(commits);
  for (Commit& commit : commits) {
    commit.outcome = Outcome::refused;
    commit.error = *refusal;
  }
}

void SqliteStore::append(std::span<Commit> commits) {
  Tail tail{follower_.last() + 1, commits.size(), JournalRow::pack(commits)};
  Done done;
  {
    const std::lock_guard lock(appending_);
    done = journal_->append(tail.first, tail.changes, tail.bytes, follower_.applied());
  }
  const bool refused = !done && done.error().code == Code::store_full;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    Commit& commit = commits[i];
    commit.outcome = done ? Outcome::durable : refused ? Outcome::refused : Outcome::unknown;
    commit.revision = refused ? 0 : tail.first + i;
    if (!done) commit.error = done.error();
  }
  if (done) {
    follower_.add(std::move(tail));
  } else if (!refused) {
    unsettled_ = std::move(tail);
  }
}

Result<Revision> SqliteStore::settle() {
  if (!unsettled_) return follower_.last();
  Result<Revision> last = Revision{0};
  {
    const std::lock_guard lock(appending_);
    last = journal_->last(follower_.last());
  }
  if (!last) return last;
  if (*last >= unsettled_->last()) follower_.add(*std::move(unsettled_));
  unsettled_.reset();
  return follower_.last();
}

template <class InRecent, class InIndex>
Result<std::vector<Interval>> SqliteStore::look(std::size_t most, InRecent&& in_recent,
                                                InIndex&& in_index) const {
  std::vector<Interval> found;
  std::uint64_t indexed = 0;
  Done looked = follower_.look([&](const Follower::Lately& lately) {
    found = in_recent(lately);
    indexed = lately.indexed;
  });
  if (!looked) return std::unexpected(looked.error());
  if (found.size() >= most) return found;
  const std::lock_guard lock(reading_mutex_);
  begin_look_.run();
  std::vector<Interval> older = in_index(lookup_, indexed, most - found.size());
  end_look_.run();
  reading_->roll_back();  // where something failed
  if (Done done = reading_->check(); !done) return std::unexpected(done.error());
  std::ranges::move(older, std::back_inserter(found));
  return found;
}

Result<std::vector<Interval>> SqliteStore::who_had(const AnyRange& where, WallTime at,
                                                   Milliseconds window) const {
  Moments when = Moments::around(at, window);
  return look(
      kMostIntervals,
      [&](const Follower::Lately& lately) {
        when = lately.clock_steps.widened(when);
        return lately.recent.who_had(where, when, kMostIntervals);
      },
      [&](HistoryLookup& lookup, std::uint64_t indexed, std::size_t most) {
        return lookup.who_had(where, when, indexed, most);
      });
}

Result<std::vector<Interval>> SqliteStore::history(std::string_view owner, const Span& span) const {
  const Moments when = Moments::in(span);
  return look(
      span.limit,
      [&](const Follower::Lately& lately) {
        return lately.recent.history(owner, when, span.limit);
      },
      [&](HistoryLookup& lookup, std::uint64_t indexed, std::size_t most) {
        return lookup.history(owner, when, indexed, most);
      });
}

Done SqliteStore::for_each_name(
    const std::function<Done(std::string_view, std::string_view)>& each) const {
  if (Done done = follower_.wait_for(follower_.last()); !done) return done;
  const std::lock_guard lock(reading_mutex_);
  Statement rows = reading_->prepare("SELECT owner, user FROM name");
  while (rows.step()) {
    const std::string_view owner = rows.text(0);
    if (Done done = each(owner, user_of(owner, rows.text(1))); !done) return done;
  }
  return reading_->check();
}

Result<std::uint64_t> SqliteStore::ended_before(WallTime before) const {
  if (Done done = follower_.wait_for(follower_.last()); !done) {
    return std::unexpected(done.error());
  }
  const std::lock_guard lock(reading_mutex_);
  Statement count = reading_->prepare("SELECT count(*) FROM interval WHERE ended < ?");
  count.with(millis(before)).step();
  const auto rows = static_cast<std::uint64_t>(count.number(0));
  count.reset();
  if (Done done = reading_->check(); !done) return std::unexpected(done.error());
  return rows;
}

// What ended first need not have come first: the clock may have been ahead then.
Result<std::optional<WallTime>> SqliteStore::oldest_end() const {
  std::optional<WallTime> end;
  Done looked =
      follower_.look([&](const Follower::Lately& lately) { end = lately.recent.oldest_end(); });
  if (!looked) return std::unexpected(looked.error());
  const std::lock_guard lock(reading_mutex_);
  Statement indexed = reading_->prepare(
      "SELECT min(max(r.min_ended, coalesce((SELECT max(f.before) FROM forgetting f "
      "WHERE r.first <= f.last), r.min_ended))) FROM run r");
  if (indexed.step() && !indexed.is_null(0)) {
    end = std::min(end.value_or(WallTime::max()), wall_time(indexed.number(0)));
  }
  indexed.reset();
  if (Done done = reading_->check(); !done) return std::unexpected(done.error());
  return end;
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options) {
  return SqliteStore::open(options);
}

}  // namespace berth
