// look.cc - what the tables say at one moment, where the journal's tail does not know better.
#include "store/look.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/kinds.h"
#include "store/rows.h"

namespace berth {

Result<std::unique_ptr<Look>> Look::take(Database& journal, Database& tables) {
  std::unique_ptr<Look> look(new Look(journal, tables));
  if (Done done = look->tail_.read(journal, tables); !done) return std::unexpected(done.error());
  return look;
}

// The journal's moment begins first: what is trimmed from it later is in the tables already when
// theirs begins.
Look::Look(Database& journal, Database& tables) : journal_(journal), tables_(tables) {
  journal_.exec("BEGIN");
  (void)journal_.number("SELECT count(*) FROM state");
  tables_.exec("BEGIN");
}

Look::~Look() {
  tables_.roll_back();
  journal_.roll_back();
}

Done Look::each_lease(std::string_view owner, const EachLease& each) const {
  const EachLease each_of_owner = [&](const LeaseRecord& lease) -> Done {
    return owner.empty() || lease.owner == owner ? each(lease) : Done{};
  };
  std::uint64_t next = 0;  // the tail's leases before it have had their turn
  const EachLease in_turn = [&](const LeaseRecord& lease) -> Done {
    const std::uint64_t generation = lease.generation.value;
    Done done = tail_.each_lease(next, generation, each_of_owner);
    next = generation;
    return done ? each_of_owner(lease) : done;
  };
  if (owner.empty()) {
    Statement rows = tables_.prepare(std::string(kSelectLease) + "ORDER BY l.generation");
    if (Done done = each_row(rows, in_turn); !done) return done;
  } else {
    Statement row = tables_.prepare(std::string(kSelectLease) + "WHERE l.generation = ?");
    for (const std::uint64_t generation : generations_of(owner)) {
      if (Done done = each_row(row.with(generation), in_turn); !done) return done;
    }
  }
  return tail_.each_lease(next, TailView::kAll, each_of_owner);
}

// What the tables say that the owner has, under whatever name.
std::set<std::uint64_t> Look::generations_of(std::string_view owner) const {
  std::set<std::uint64_t> generations;
  Statement rows = tables_.prepare(
      "SELECT o.generation FROM name m JOIN lease_of_name o ON o.name = m.id WHERE m.owner = ?");
  for (const std::string& name : tail_.owners_before(owner)) {
    rows.with(name);
    while (rows.step()) generations.insert(static_cast<std::uint64_t>(rows.number(0)));
  }
  return generations;
}

Done Look::each_row(Statement& rows, const EachLease& each) const {
  while (rows.step()) {
    LeaseRecord lease = lease_in(rows);
    if (!tail_.leaves_alone(lease.generation.value)) continue;
    const std::string owner = tail_.owner_now(lease.owner, lease.user);
    lease.owner = owner;
    if (Done done = each(lease); !done) return done;
  }
  return tables_.check();
}

Done Look::each_holder(const AnyRange& where, HistoryLookup& lookup, const EachLease& each) const {
  const std::string select(kSelectLease);
  const auto holders = [&](const std::string& column) {
    return tables_.prepare(select + "WHERE l.generation IN (SELECT lease FROM slot_" + column +
                           " WHERE " + column + " BETWEEN ? AND ? AND lease IS NOT NULL)");
  };
  if (where.is_ipv4()) {
    Statement rows = holders("ipv4");
    rows.with(where.ipv4().first().bits(), where.ipv4().last().bits());
    if (Done done = each_row(rows, each); !done) return done;
    return tail_.each_lease(each);
  }
  Statement in_ipv6 = holders("ipv6");
  Statement in_delegated = holders("delegated");
  const Ipv6Range range = where.ipv6();
  const auto find = [&](Statement& rows, const PrefixKey& first, const PrefixKey& last) {
    return each_row(rows.with(first.blob(), last.blob()), each);
  };
  for (const Kind kind : {Kind::ipv6, Kind::delegated}) {
    Statement& rows = kind == Kind::ipv6 ? in_ipv6 : in_delegated;
    Done done = find(rows, PrefixKey(range.first(), 0), PrefixKey(range.last(), 128));
    for (const int length : lookup.lengths_of(kind)) {
      const Ipv6Prefix around = Ipv6Prefix::around(range.first(), length);
      if (!done || around.address() == range.first()) continue;  // found already
      done = find(rows, PrefixKey(around), PrefixKey(around));
    }
    if (!done) return done;
  }
  return tail_.each_lease(each);
}

Result<std::vector<Reservation>> Look::reservations() const {
  std::vector<Reservation> all;
  Statement rows = tables_.prepare(
      "SELECT n.owner, n.user, r.ipv4, r.ipv6, r.delegated FROM reservation r "
      "JOIN name n ON n.id = r.name");
  while (rows.step()) {
    const std::string owner(rows.text(0));
    if (tail_.reservations().contains(owner)) continue;
    const std::string user(user_of(owner, rows.text(1)));
    all.push_back({tail_.owner_now(owner, user), user, addresses_in(rows, 2)});
  }
  if (Done done = tables_.check(); !done) return std::unexpected(done.error());
  for (const auto& [owner, reservation] : tail_.reservations()) {
    if (!reservation.addresses.empty()) all.push_back(reservation);
  }
  std::ranges::sort(all, {}, &Reservation::owner);
  return all;
}

Done Look::each_back(const EachBack& each) const {
  for (const TailView::Back& back : tail_.backs()) each(back.addresses, back.ended);
  Statement ipv4 = tables_.prepare(
      "SELECT ended, ipv4, NULL, NULL FROM slot_ipv4 "
      "WHERE lease IS NULL");
  Statement ipv6 = tables_.prepare(
      "SELECT ended, NULL, ipv6, NULL FROM slot_ipv6 "
      "WHERE lease IS NULL");
  Statement delegated = tables_.prepare(
      "SELECT ended, NULL, NULL, delegated "
      "FROM slot_delegated WHERE lease IS NULL");
  Statement cooling = tables_.prepare(
      "SELECT max(ended), NULL, ipv6, NULL FROM cooling c WHERE NOT EXISTS "
      "(SELECT 1 FROM slot_ipv6 s WHERE s.ipv6 = c.ipv6) GROUP BY ipv6");
  for (Statement* rows : {&ipv4, &ipv6, &delegated, &cooling}) {
    while (rows->step()) each(addresses_in(*rows, 1), wall_time(rows->number(0)));
  }
  return tables_.check();
}

}  // namespace berth
