// reader.cc - one consistent look at a time: the tables, and the journal's tail over them.
#include "store/reader.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/kinds.h"
#include "core/policy.h"
#include "store/files.h"
#include "store/history_lookup.h"
#include "store/pool_count.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/store.h"
#include "store/tail_view.h"

namespace berth {
namespace {

// The intervals that a live lease has open now.
void add_open(const LeaseRecord& lease, const Moments& when, std::vector<Interval>& to) {
  for (Interval& each : open_intervals(lease)) {
    if (when.meets(each.started, WallTime::max())) to.push_back(std::move(each));
  }
}

// A moment of both files. The journal's begins first: what is trimmed from it later is in the
// tables already when theirs begins.
class Look {
 public:
  Look(Database& journal, Database& tables) : journal_(journal), tables_(tables) {
    journal_.exec("BEGIN");
    (void)journal_.number("SELECT count(*) FROM state");
    tables_.exec("BEGIN");
  }
  ~Look() {
    tables_.roll_back();
    journal_.roll_back();
  }
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  [[nodiscard]] Done read() { return tail.read(journal_, tables_); }

  TailView tail;

 private:
  Database& journal_;
  Database& tables_;
};

// Counts each address once: as live, or as cooling, or as reserved.
class InUse {
 public:
  explicit InUse(const Plan& plan) : count_(plan) {}

  void reserve(const Addresses& addresses) {
    each_key(addresses, [&](Kind kind, const Key& key) { reserved_[key] = only(kind, addresses); });
  }
  void live(const LeaseRecord& lease) {
    const auto use = lease.state == State::active ? PoolCount::Use::active : PoolCount::Use::held;
    for (const Kind kind : kAllKinds) count_.add(kind, lease.addresses, use);
    if (!reserved_.empty()) {
      each_key(lease.addresses, [&](Kind, const Key& key) { reserved_.erase(key); });
    }
  }
  // What back() must pass over: live in the tail, whatever the tables say.
  void note_live(const Addresses& addresses) {
    each_key(addresses, [&](Kind, const Key& key) { counted_.insert(key); });
  }
  void back(const Addresses& addresses, WallTime ended, WallTime now) {
    each_key(addresses, [&](Kind kind, const Key& key) {
      if (!count_.cools(kind, addresses, ended, now) || !counted_.insert(key).second) return;
      count_.add(kind, addresses, PoolCount::Use::cooling);
      reserved_.erase(key);
    });
  }
  [[nodiscard]] std::vector<PoolUse> uses() {
    for (const auto& [key, addresses] : reserved_) {
      count_.add(key.first, addresses, PoolCount::Use::reserved);
    }
    reserved_.clear();
    return count_.uses();
  }

 private:
  using Key = std::pair<Kind, PrefixKey>;
  template <class Each>
  static void each_key(const Addresses& addresses, Each&& each) {
    if (addresses.ipv4) {
      const Ipv6 number(Uint128{addresses.ipv4->bits()});
      each(Kind::ipv4, Key(Kind::ipv4, PrefixKey(number, 128)));
    }
    if (addresses.ipv6) each(Kind::ipv6, Key(Kind::ipv6, PrefixKey(*addresses.ipv6)));
    if (addresses.delegated) {
      each(Kind::delegated, Key(Kind::delegated, PrefixKey(*addresses.delegated)));
    }
  }

  PoolCount count_;
  std::map<Key, Addresses> reserved_;  // not met in use so far
  std::set<Key> counted_;              // cooling, or live in the tail
};

class SqliteReader final : public Reader {
 public:
  SqliteReader(std::unique_ptr<Database> journal, std::unique_ptr<Database> tables)
      : journal_(std::move(journal)), tables_(std::move(tables)), lookup_(*tables_) {}

  Done leases(std::string_view owner, std::string_view server,
              const std::function<Done(const Lease&)>& each) const override;
  Result<std::vector<Interval>> who_had(const AnyRange& where, WallTime at,
                                        Milliseconds window) const override;
  Result<std::vector<Interval>> history(std::string_view owner, const Span& span) const override;
  Done each_interval(const Span& span,
                     const std::function<Done(const Interval&)>& each) const override;
  Result<std::vector<Reservation>> reservations() const override;
  Result<std::vector<PoolUse>> pools(const Plan& plan, WallTime now) const override;
  Result<WallTime> newest() const override;

 private:
  using EachLease = std::function<Done(const LeaseRecord& lease)>;
  // Leases of the tables that the tail leaves alone, then those of the tail; of one owner where
  // that is not empty.
  [[nodiscard]] Done each_lease(const TailView& tail, std::string_view owner,
                                const EachLease& each) const;
  [[nodiscard]] Done each_row(const TailView& tail, Statement& rows, const EachLease& each) const;
  [[nodiscard]] Done each_holder(const TailView& tail, const AnyRange& where,
                                 const EachLease& each) const;
  [[nodiscard]] std::vector<Reservation> reservations(const TailView& tail) const;
  void each_back(const std::function<void(const Addresses&, WallTime ended)>& each) const;
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
  Look look(*journal_, *tables_);
  if (Done done = look.read(); !done) return done;
  return each_lease(look.tail, owner, [&](const LeaseRecord& lease) -> Done {
    if (!server.empty() && lease.server != server) return {};
    return each(lease_of(lease));
  });
}

Done SqliteReader::each_lease(const TailView& tail, std::string_view owner,
                              const EachLease& each) const {
  const EachLease each_of_owner = [&](const LeaseRecord& lease) -> Done {
    return owner.empty() || lease.owner == owner ? each(lease) : Done{};
  };
  if (owner.empty()) {
    Statement rows = tables_->prepare(std::string(kSelectLease) + "ORDER BY l.generation");
    if (Done done = each_row(tail, rows, each_of_owner); !done) return done;
  } else {
    Statement rows = tables_->prepare(std::string(kSelectLease) +
                                      "WHERE l.generation IN (SELECT o.generation FROM name m JOIN "
                                      "lease_of_name o ON o.name = m.id WHERE m.owner = ?) "
                                      "ORDER BY l.generation");
    for (const std::string& name : tail.owners_before(owner)) {
      if (Done done = each_row(tail, rows.with(name), each_of_owner); !done) return done;
    }
  }
  return tail.each_lease(each_of_owner);
}

Done SqliteReader::each_row(const TailView& tail, Statement& rows, const EachLease& each) const {
  while (rows.step()) {
    LeaseRecord lease = lease_in(rows);
    if (!tail.leaves_alone(lease.generation.value)) continue;
    const std::string owner = tail.owner_now(lease.owner, lease.user);
    lease.owner = owner;
    if (Done done = each(lease); !done) return done;
  }
  return tables_->check();
}

Result<std::vector<Interval>> SqliteReader::who_had(const AnyRange& where, WallTime at,
                                                    Milliseconds window) const {
  const std::size_t most = Store::kMostIntervals;
  Look look(*journal_, *tables_);
  if (Done done = look.read(); !done) return std::unexpected(done.error());
  const Moments when = look.tail.clock_steps().widened(Moments::around(at, window));
  std::vector<Interval> live;
  Done done = each_holder(look.tail, where, [&](const LeaseRecord& lease) -> Done {
    add_open(lease, when, live);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  std::erase_if(live, [&](const Interval& open) { return !holds(open.addresses, where); });
  return together(std::move(live),
                  ended(
                      look.tail, when, look.tail.recent().who_had(where, when, most),
                      [&](const Interval& each) { return holds(each.addresses, where); },
                      [&](std::uint64_t last) { return lookup_.who_had(where, when, last, most); }),
                  most);
}

// Live leases with an address in `where`, by the indexes of the tables.
Done SqliteReader::each_holder(const TailView& tail, const AnyRange& where,
                               const EachLease& each) const {
  const std::string select(kSelectLease);
  const auto holders = [&](const std::string& column) {
    return tables_->prepare(select + "WHERE l.generation IN (SELECT lease FROM slot_" + column +
                            " WHERE " + column + " BETWEEN ? AND ? AND lease IS NOT NULL)");
  };
  if (where.is_ipv4()) {
    Statement rows = holders("ipv4");
    rows.with(where.ipv4().first().bits(), where.ipv4().last().bits());
    if (Done done = each_row(tail, rows, each); !done) return done;
    return tail.each_lease(each);
  }
  Statement in_ipv6 = holders("ipv6");
  Statement in_delegated = holders("delegated");
  const Ipv6Range range = where.ipv6();
  const auto find = [&](Statement& rows, const PrefixKey& first, const PrefixKey& last) {
    return each_row(tail, rows.with(first.blob(), last.blob()), each);
  };
  for (const Kind kind : {Kind::ipv6, Kind::delegated}) {
    Statement& rows = kind == Kind::ipv6 ? in_ipv6 : in_delegated;
    Done done = find(rows, PrefixKey(range.first(), 0), PrefixKey(range.last(), 128));
    for (const int length : lookup_.lengths_of(kind)) {
      const Ipv6Prefix around = Ipv6Prefix::around(range.first(), length);
      if (!done || around.address() == range.first()) continue;  // found already
      done = find(rows, PrefixKey(around), PrefixKey(around));
    }
    if (!done) return done;
  }
  return tail.each_lease(each);
}

Result<std::vector<Interval>> SqliteReader::history(std::string_view owner,
                                                    const Span& span) const {
  const Moments when = Moments::in(span);
  Look look(*journal_, *tables_);
  if (Done done = look.read(); !done) return std::unexpected(done.error());
  std::vector<Interval> live;
  Done done = each_lease(look.tail, owner, [&](const LeaseRecord& lease) -> Done {
    add_open(lease, when, live);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  const auto in_index = [&](std::uint64_t last) {
    std::vector<Interval> found;
    for (const std::string& name : look.tail.owners_before(owner)) {
      std::ranges::move(lookup_.history(name, when, last, span.limit), std::back_inserter(found));
    }
    return found;
  };
  return together(std::move(live),
                  ended(
                      look.tail, when, look.tail.recent().history(owner, when, span.limit),
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

Done SqliteReader::each_interval(const Span& span,
                                 const std::function<Done(const Interval&)>& each) const {
  const Moments when = Moments::in(span);
  Look look(*journal_, *tables_);
  if (Done done = look.read(); !done) return done;
  Statement rows = tables_->prepare(std::string(kSelectInterval) +
                                    "WHERE i.ended > ? AND i.started < ? ORDER BY i.sequence");
  rows.with(millis(when.from), millis(when.until));
  while (rows.step()) {
    Interval interval = to_interval(rows);
    if (!look.tail.keeps(interval)) continue;
    interval.owner = look.tail.owner_now(interval.owner, interval.user);
    if (Done done = each(interval); !done) return done;
  }
  if (Done done = tables_->check(); !done) return done;
  if (Done done = look.tail.recent().each(when, each); !done) return done;
  return each_lease(look.tail, {}, [&](const LeaseRecord& lease) -> Done {
    std::vector<Interval> open;
    add_open(lease, when, open);
    for (const Interval& interval : open) {
      if (Done done = each(interval); !done) return done;
    }
    return {};
  });
}

Result<std::vector<Reservation>> SqliteReader::reservations() const {
  Look look(*journal_, *tables_);
  if (Done done = look.read(); !done) return std::unexpected(done.error());
  std::vector<Reservation> all = reservations(look.tail);
  if (Done done = tables_->check(); !done) return std::unexpected(done.error());
  return all;
}

std::vector<Reservation> SqliteReader::reservations(const TailView& tail) const {
  std::vector<Reservation> all;
  Statement rows = tables_->prepare(
      "SELECT n.owner, n.user, r.ipv4, r.ipv6, r.delegated FROM reservation r "
      "JOIN name n ON n.id = r.name");
  while (rows.step()) {
    const std::string owner(rows.text(0));
    if (tail.reservations().contains(owner)) continue;
    const std::string user(user_of(owner, rows.text(1)));
    all.push_back({tail.owner_now(owner, user), user, addresses_in(rows, 2)});
  }
  for (const auto& [owner, reservation] : tail.reservations()) {
    if (!reservation.addresses.empty()) all.push_back(reservation);
  }
  std::ranges::sort(all, {}, &Reservation::owner);
  return all;
}

Result<std::vector<PoolUse>> SqliteReader::pools(const Plan& plan, WallTime now) const {
  if (const Result<Policy> checked = Policy::compile(plan); !checked) {
    return std::unexpected(checked.error());
  }
  Look look(*journal_, *tables_);
  if (Done done = look.read(); !done) return std::unexpected(done.error());
  InUse in_use(plan);
  for (const Reservation& each : reservations(look.tail)) in_use.reserve(each.addresses);
  Done done = each_lease(look.tail, {}, [&](const LeaseRecord& lease) -> Done {
    in_use.live(lease);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  done = look.tail.each_lease([&](const LeaseRecord& lease) -> Done {
    in_use.note_live(lease.addresses);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  for (const TailView::Back& back : look.tail.backs()) in_use.back(back.addresses, back.ended, now);
  each_back(
      [&](const Addresses& addresses, WallTime ended) { in_use.back(addresses, ended, now); });
  if (Done read = tables_->check(); !read) return std::unexpected(read.error());
  return in_use.uses();
}

// Addresses of the tables that nobody holds and that were given back at a known time.
void SqliteReader::each_back(const std::function<void(const Addresses&, WallTime)>& each) const {
  Statement ipv4 = tables_->prepare(
      "SELECT ended, ipv4, NULL, NULL FROM slot_ipv4 "
      "WHERE lease IS NULL");
  Statement ipv6 = tables_->prepare(
      "SELECT ended, NULL, ipv6, NULL FROM slot_ipv6 "
      "WHERE lease IS NULL");
  Statement delegated = tables_->prepare(
      "SELECT ended, NULL, NULL, delegated "
      "FROM slot_delegated WHERE lease IS NULL");
  Statement cooling = tables_->prepare(
      "SELECT max(ended), NULL, ipv6, NULL FROM cooling c WHERE NOT EXISTS "
      "(SELECT 1 FROM slot_ipv6 s WHERE s.ipv6 = c.ipv6) GROUP BY ipv6");
  for (Statement* rows : {&ipv4, &ipv6, &delegated, &cooling}) {
    while (rows->step()) each(addresses_in(*rows, 1), wall_time(rows->number(0)));
  }
}

Result<WallTime> SqliteReader::newest() const {
  Look look(*journal_, *tables_);
  if (Done done = look.read(); !done) return std::unexpected(done.error());
  if (look.tail.newest()) return *look.tail.newest();
  const std::int64_t newest = tables_->number("SELECT value FROM state WHERE key = 'newest'");
  if (Done done = tables_->check(); !done) return std::unexpected(done.error());
  return wall_time(newest);
}

// A copy that backup_store() made has no journal, and needs none until somebody writes to it.
Result<std::unique_ptr<Database>> open_journal(const std::string& path, Database& tables) {
  auto journal = Database::open(path, Database::Mode::read);
  if (journal) {
    if (Done done = check_version(**journal, journal_schema()); !done) {
      return std::unexpected(done.error());
    }
    return journal;
  }
  if (tables.number("SELECT value FROM state WHERE key = 'fresh'") == 0) return journal;
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
