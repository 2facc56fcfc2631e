// tail_view.cc - the steps of the tail, one after another, over what the tables say.
#include "store/tail_view.h"

#include <algorithm>

#include "store/journal.h"
#include "store/rows.h"

namespace berth {
namespace {

std::string as_bytes(const LeaseRecord& lease) {
  std::string bytes;
  ChangeWriter(bytes).add(Begin{lease});
  return bytes;
}

// Our own bytes, so they can be read.
LeaseRecord from_bytes(std::string_view bytes) {
  const Result<Step> step = StepReader(bytes).next();
  BERTH_ASSERT(step && std::holds_alternative<Begin>(*step));
  return std::get<Begin>(*step).lease;
}

}  // namespace

LeaseRecord lease_in(const Statement& row) {
  LeaseRecord lease;
  numbers_in(row, 10, lease);
  lease.owner = row.text(5);
  lease.user = user_of(lease.owner, row.text(6));
  lease.server = row.text(7);
  lease.port = row.text(8);
  lease.session = row.text(9);
  return lease;
}

Done TailView::read(Database& journal, Database& tables) {
  tables_ = &tables;
  const auto state = [&tables](const char* key) {
    return static_cast<std::uint64_t>(
        tables.number("SELECT value FROM state WHERE key = '" + std::string(key) + "'"));
  };
  recent_.start_behind(state("sequence"));
  clock_steps_.add_from(tables);
  Statement rows = journal.prepare(
      "SELECT bytes FROM journal WHERE revision + changes - 1 > ? ORDER BY revision");
  rows.with(state("applied"));
  while (rows.step()) {
    Done done =
        JournalRow::unpack(rows.text(0), [this](std::string_view change) { return apply(change); });
    if (!done) return done;
  }
  if (Done done = journal.check(); !done) return done;
  return tables.check();
}

Done TailView::apply(std::string_view change) {
  Renames renames;
  for (StepReader reader(change); !reader.done();) {
    const Result<Step> step = reader.next();
    if (!step) return std::unexpected(step.error());
    if (const auto* rename = std::get_if<Rename>(&*step)) collect(*rename, renames);
    std::visit([this](const auto& each) { on(each); }, *step);
  }
  if (!renames.empty()) rename(renames);
  return {};
}

Done TailView::each_lease(std::uint64_t from, std::uint64_t until, const EachLease& each) const {
  for (auto lease = leases_.lower_bound(from); lease != leases_.end(); ++lease) {
    const auto& [generation, bytes] = *lease;
    if (generation >= until) break;
    if (bytes.empty()) continue;
    if (Done done = each(from_bytes(bytes)); !done) return done;
  }
  return {};
}

std::string TailView::owner_now(std::string_view owner, std::string_view user) const {
  std::string now(owner);
  for (std::size_t times = 0; times < renamed_.size(); ++times) {  // even round a circle
    const auto found = renamed_.find({now, std::string(user)});
    if (found == renamed_.end()) break;
    now = found->second;
  }
  return now;
}

std::set<std::string> TailView::owners_before(std::string_view owner) const {
  std::set<std::string> owners = {std::string(owner)};
  for (const auto& [name, renamed] : renamed_) {
    if (renamed == owner) owners.insert(name.first);
  }
  return owners;
}

bool TailView::keeps(const Interval& interval) const {
  return *interval.ended >= forgotten_ && !erased_.contains(interval.owner);
}

void TailView::on(const Begin& step) {
  newest_ = step.lease.renewed;
  leases_[step.lease.generation.value] = as_bytes(step.lease);
}

void TailView::on(const End& step) {
  newest_ = step.ended;
  recent_.add(step);
  if (step.cools) backs_.push_back({step.lease.addresses, step.ended});
  const std::optional<std::string> before = lease(step.lease.generation.value);
  std::string& now = leases_[step.lease.generation.value];
  now.clear();
  if (step.whole || !before) return;
  LeaseRecord left = from_bytes(*before);
  take(left.addresses, step.lease.addresses);
  if (!left.addresses.empty()) now = as_bytes(left);
}

void TailView::on(const Alive& step) {
  newest_ = step.at;
  const std::optional<std::string> before = lease(step.generation.value);
  if (!before) return;
  LeaseRecord now = from_bytes(*before);
  now.state = State::active;
  now.renewed = step.at;
  leases_[step.generation.value] = as_bytes(now);
}

void TailView::on(const Reserve& step) {
  Reservation now = reservation(step.owner);
  now.owner = step.owner;
  now.user = step.user;
  join(now.addresses, step.addresses);
  reservations_[now.owner] = now;
}

void TailView::on(const Unreserve& step) {
  Reservation now = reservation(step.owner);
  take(now.addresses, step.addresses);
  reservations_[std::string(step.owner)] = now;
}

void TailView::on(const Erase& step) {
  newest_ = step.at;
  erased_.emplace(step.owner);
  recent_.erase(step.owner);
  reservations_[std::string(step.owner)] = {};
}

void TailView::on(const Forget& step) {
  newest_ = step.at;
  forgotten_ = std::max(forgotten_, step.before);
  recent_.forget(step.before);
}

void TailView::rename(const Renames& renames) {
  recent_.rename(renames);
  for (auto& [generation, bytes] : leases_) {
    if (bytes.empty()) continue;
    LeaseRecord lease = from_bytes(bytes);
    const auto found = renames.find({lease.owner, lease.user});
    if (found == renames.end()) continue;
    lease.owner = found->second;
    bytes = as_bytes(lease);
  }
  std::vector<Reservation> moved;
  for (const auto& [name, renamed] : renames) {
    const auto& [owner, user] = name;
    renamed_[{std::string(owner), std::string(user)}] = renamed;
    Reservation now = reservation(owner);
    if (now.addresses.empty() || now.user != user) continue;
    reservations_[std::string(owner)] = {};
    now.owner = renamed;
    moved.push_back(std::move(now));
  }
  for (Reservation& each : moved) reservations_[each.owner] = each;
}

std::optional<std::string> TailView::lease(std::uint64_t generation) {
  if (const auto found = leases_.find(generation); found != leases_.end()) {
    return found->second.empty() ? std::nullopt : std::optional(found->second);
  }
  Statement row = tables_->prepare(std::string(kSelectLease) + "WHERE l.generation = ?");
  if (!row.with(generation).step()) return std::nullopt;
  LeaseRecord lease = lease_in(row);
  const std::string owner = owner_now(lease.owner, lease.user);
  lease.owner = owner;
  return as_bytes(lease);
}

Reservation TailView::reservation(std::string_view owner) {
  if (const auto found = reservations_.find(std::string(owner)); found != reservations_.end()) {
    return found->second;
  }
  Reservation now{.owner = std::string(owner)};
  Statement row = tables_->prepare(
      "SELECT n.user, r.ipv4, r.ipv6, r.delegated FROM name n "
      "JOIN reservation r ON r.name = n.id WHERE n.owner = ?");
  if (!row.with(owner).step()) return now;
  now.user = user_of(owner, row.text(0));
  now.addresses = addresses_in(row, 1);
  return now;
}

}  // namespace berth
