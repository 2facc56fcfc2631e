// batch.cc - folding and writing: names, leases, slots, intervals, in this order.
#include "store/batch.h"

#include <algorithm>
#include <numeric>

#include "core/kinds.h"

namespace berth {
namespace {

constexpr std::size_t kMostServersKept = 4096;

std::optional<std::int64_t> start_of(const LeaseRecord& lease, Kind kind, bool has) {
  return has ? std::optional(millis(lease.started[static_cast<std::size_t>(kind)])) : std::nullopt;
}

}  // namespace

NameRows::NameRows(Database& db)
    : db_(db),
      find_name_(db.prepare("SELECT id FROM name WHERE owner = ? AND user = ?")),
      add_name_(db.prepare("INSERT INTO name (owner, user) VALUES (?, ?) RETURNING id")),
      find_server_(db.prepare("SELECT id FROM server WHERE name = ?")),
      add_server_(db.prepare(
          "INSERT INTO server (name, epoch, before, awaited) VALUES (?, '', 0, 0) RETURNING id")),
      add_length_(db.prepare("INSERT OR IGNORE INTO prefix_length VALUES (?, ?)")) {}

void NameRows::see_length(Kind kind, const std::optional<Ipv6Prefix>& prefix) {
  if (!prefix) return;
  bool& known = lengths_[index_of(kind)][static_cast<std::size_t>(prefix->length())];
  if (!known) add_length_.run(static_cast<int>(kind), prefix->length());
  known = true;
}

void NameRows::forget() {
  servers_.clear();
  lengths_ = {};
}

std::int64_t NameRows::name(std::string_view owner, std::string_view user) {
  const std::string_view column = user_column(owner, user);
  std::int64_t id = 0;
  if (find_name_.with(owner, column).step()) {
    id = find_name_.number(0);
  } else if (add_name_.with(owner, column).step()) {
    id = add_name_.number(0);
    add_name_.step();
  }
  find_name_.reset();
  add_name_.reset();
  return id;
}

std::int64_t NameRows::server(std::string_view name) {
  const std::string key(name);
  if (auto found = servers_.find(key); found != servers_.end()) return found->second;
  std::int64_t id = 0;
  if (find_server_.with(name).step()) {
    id = find_server_.number(0);
  } else if (add_server_.with(name).step()) {
    id = add_server_.number(0);
    add_server_.step();
  }
  find_server_.reset();
  add_server_.reset();
  if (servers_.size() >= kMostServersKept) servers_.clear();
  if (!db_.failed()) servers_.emplace(key, id);
  return id;
}

Batch::Batch(Database& db, NameRows& names, EndedLeases& ended_leases)
    : names_(names),
      ended_leases_(ended_leases),
      put_lease_(db.prepare("INSERT OR REPLACE INTO lease_row VALUES "
                            "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      shrink_lease_(
          db.prepare("UPDATE lease_row SET ipv4 = iif(?2, NULL, ipv4), ipv6 = iif(?3, NULL, ipv6), "
                     "delegated = iif(?4, NULL, delegated) WHERE generation = ?1")),
      renew_lease_(
          db.prepare("UPDATE lease_row SET active = 1, renewed = ?2 WHERE generation = ?1")),
      add_of_name_(db.prepare("INSERT OR IGNORE INTO lease_of_name VALUES (?, ?)")),
      drop_of_name_(db.prepare("DELETE FROM lease_of_name WHERE name = ? AND generation = ?")),
      put_ipv4_(db.prepare("INSERT OR REPLACE INTO slot_ipv4 VALUES (?, ?, ?, ?, ?, ?)")),
      put_ipv6_(db.prepare("INSERT OR REPLACE INTO slot_ipv6 VALUES (?, ?, ?, ?, ?, ?)")),
      put_delegated_(db.prepare("INSERT OR REPLACE INTO slot_delegated VALUES (?, ?, ?, ?, ?, ?)")),
      drop_ipv6_(db.prepare("DELETE FROM slot_ipv6 WHERE ipv6 = ?")),
      put_cooling_(db.prepare("INSERT OR REPLACE INTO cooling VALUES (?, ?, ?, ?, ?)")),
      put_interval_(
          db.prepare("INSERT INTO interval_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {}

void Batch::add(const Begin& step) {
  const std::uint32_t record = keep(step.lease);
  moves_.push_back({step.lease.generation.value, ++order_, record, Move::begin, false});
  touch_slots({order_, record});
}

void Batch::add(const End& step, std::uint64_t sequence) {
  const std::uint32_t record = keep(step.lease);
  moves_.push_back({step.lease.generation.value, ++order_, record, Move::end, step.whole});
  ended_.push_back({record, step.ended, step.cause, sequence});
  if (step.cools) touch_slots({order_, record, step.serial, step.ended});
}

void Batch::add(const Alive& step) {
  alives_.push_back(step.at);
  moves_.push_back({step.generation.value, ++order_, static_cast<std::uint32_t>(alives_.size() - 1),
                    Move::alive, false});
}

void Batch::flush() {
  if (order_ != 0) {
    resolve_names();
    write_leases();
    write_leases_of_names();
    write_slots(Kind::ipv4, ipv4_, put_ipv4_);
    write_slots(Kind::ipv6, ipv6_, put_ipv6_);
    write_slots(Kind::delegated, delegated_, put_delegated_);
    write_intervals();
  }
  clear();
}

void Batch::clear() {
  order_ = 0;
  records_.clear();
  alives_.clear();
  moves_.clear();
  ipv4_.clear();
  ipv6_.clear();
  delegated_.clear();
  of_names_.clear();
  ended_.clear();
}

std::uint32_t Batch::keep(const LeaseRecord& record) {
  names_.see_length(Kind::ipv6, record.addresses.ipv6);
  names_.see_length(Kind::delegated, record.addresses.delegated);
  records_.push_back(record);
  return static_cast<std::uint32_t>(records_.size() - 1);
}

void Batch::touch_slots(const Slot& slot) {
  const Addresses& addresses = records_[slot.record].addresses;
  if (addresses.ipv4) ipv4_.push_back({slot, addresses.ipv4->bits()});
  if (addresses.delegated) delegated_.push_back({slot, PrefixKey(*addresses.delegated)});
  if (addresses.ipv6) ipv6_.push_back({slot, PrefixKey(*addresses.ipv6)});
}

// In the order of the texts, so that the index of names is walked once.
void Batch::resolve_names() {
  std::vector<std::uint32_t> by_name(records_.size());
  std::iota(by_name.begin(), by_name.end(), 0U);
  std::ranges::sort(by_name, [this](std::uint32_t a, std::uint32_t b) {
    const int order = records_[a].owner.compare(records_[b].owner);
    return order != 0 ? order < 0 : records_[a].user < records_[b].user;
  });
  record_names_.assign(records_.size(), 0);
  record_servers_.assign(records_.size(), 0);
  const LeaseRecord* last = nullptr;
  std::int64_t id = 0;
  for (std::uint32_t i : by_name) {
    const LeaseRecord& record = records_[i];
    if (last == nullptr || last->owner != record.owner || last->user != record.user) {
      id = names_.name(record.owner, record.user);
    }
    last = &record;
    record_names_[i] = id;
  }
  for (std::size_t i = 0; i < records_.size(); ++i) {
    record_servers_[i] = i != 0 && records_[i].server == records_[i - 1].server
                             ? record_servers_[i - 1]
                             : names_.server(records_[i].server);
  }
}

void Batch::write_leases() {
  std::ranges::sort(moves_, {},
                    [](const LeaseMove& m) { return std::pair(m.generation, m.order); });
  for (auto move = moves_.begin(); move != moves_.end();) {
    const std::uint64_t generation = move->generation;
    Folded folded;
    for (; move != moves_.end() && move->generation == generation; ++move) {
      switch (move->move) {
        case Move::begin:
          folded = {};
          folded.put = &records_[move->record];
          folded.record = move->record;
          folded.left = folded.put->addresses;
          break;
        case Move::end:
          if (move->whole) {
            folded.gone = true;
            folded.record = move->record;
          }
          join(folded.taken, records_[move->record].addresses);
          take(folded.left, records_[move->record].addresses);
          break;
        case Move::alive:
          folded.active = true;
          folded.renewed = alives_[move->record];
          break;
      }
    }
    write_lease(generation, folded);
  }
}

void Batch::write_lease(std::uint64_t generation, const Folded& folded) {
  if (folded.gone) {
    ended_leases_.add(generation);
    of_names_.push_back({record_names_[folded.record], generation, false});
    return;
  }
  if (folded.put == nullptr) {
    const Addresses& taken = folded.taken;
    if (!taken.empty()) {
      shrink_lease_.run(generation, taken.ipv4.has_value(), taken.ipv6.has_value(),
                        taken.delegated.has_value());
    }
    if (folded.renewed) renew_lease_.run(generation, millis(*folded.renewed));
    return;
  }
  const LeaseRecord& lease = *folded.put;
  const Addresses& left = folded.left;
  const PrefixColumn ipv6(left.ipv6);
  const PrefixColumn delegated(left.delegated);
  put_lease_.run(generation, lease.id.value, folded.active || lease.state == State::active,
                 lease.key == KeyKind::port, lease.second, record_names_[folded.record],
                 record_servers_[folded.record], lease.port, lease.session,
                 left.ipv4 ? std::optional(left.ipv4->bits()) : std::nullopt, ipv6.value(),
                 delegated.value(), start_of(lease, Kind::ipv4, left.ipv4.has_value()),
                 start_of(lease, Kind::ipv6, left.ipv6.has_value()),
                 start_of(lease, Kind::delegated, left.delegated.has_value()),
                 millis(folded.renewed.value_or(lease.renewed)), lease.hold_time.count(),
                 lease.lease_time.count());
  of_names_.push_back({record_names_[folded.record], generation, true});
}

void Batch::write_leases_of_names() {
  std::ranges::sort(of_names_);
  for (const OfName& each : of_names_) {
    Statement& write = each.lives ? add_of_name_ : drop_of_name_;
    write.run(each.name, each.generation);
  }
}

template <class Key>
void Batch::write_slots(Kind kind, std::vector<KeyedSlot<Key>>& slots, Statement& put) {
  std::ranges::sort(slots, {}, [](const auto& slot) { return std::pair(slot.key, slot.order); });
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const bool overtaken = i + 1 < slots.size() && slots[i + 1].key == slots[i].key;
    const KeyedSlot<Key>& slot = slots[i];
    const LeaseRecord& record = records_[slot.record];
    const auto lease = slot.ended ? std::nullopt : std::optional(record.generation.value);
    const auto ended = slot.ended ? std::optional(millis(*slot.ended)) : std::nullopt;
    if constexpr (std::is_same_v<Key, PrefixKey>) {
      // Nobody lists it, so there is no slot to remember it in once it is free. Each use has a row,
      // since a mark of what has cooled names one (Tables::drop_cooled).
      if (slot.ended && kind == Kind::ipv6 && is_stable(*record.addresses.ipv6)) {
        put_cooling_.run(slot.serial, slot.key.blob(), record_names_[slot.record], record.second,
                         ended);
        if (!overtaken) drop_ipv6_.run(slot.key.blob());
        continue;
      }
      if (overtaken) continue;
      put.run(slot.key.blob(), lease, record_names_[slot.record], slot.serial, record.second,
              ended);
    } else {
      if (overtaken) continue;
      put.run(slot.key, lease, record_names_[slot.record], slot.serial, record.second, ended);
    }
  }
}

void Batch::write_intervals() {
  for (const Ended& ended : ended_) {
    const LeaseRecord& lease = records_[ended.record];
    std::uint64_t sequence = ended.sequence;
    for (const EndedRow& row : EndedRows(lease)) {
      const PrefixColumn ipv6(row.addresses.ipv6);
      const PrefixColumn delegated(row.addresses.delegated);
      put_interval_.run(
          ++sequence, lease.id.value, lease.generation.value, record_names_[ended.record],
          record_servers_[ended.record], lease.port, lease.session,
          row.addresses.ipv4 ? std::optional(row.addresses.ipv4->bits()) : std::nullopt,
          ipv6.value(), delegated.value(), millis(row.started), millis(ended.ended),
          static_cast<int>(ended.cause));
    }
  }
}

}  // namespace berth
