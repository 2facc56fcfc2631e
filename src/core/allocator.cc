// allocator.cc - making an allocator, filling it from a snapshot, and looking at it.
#include "core/allocator.h"

#include <algorithm>

#include "core/holds.h"
#include "core/kinds.h"

namespace berth {
namespace {

std::uint64_t count_of(const Slots::Group& group, SlotState state) {
  return group.counts[static_cast<std::size_t>(state)];
}

}  // namespace

Result<std::unique_ptr<Allocator>> Allocator::make(const Plan& plan, const SipKey& key,
                                                   Serial last_serial) {
  Result<Policy> policy = Policy::compile(plan);
  if (!policy) return std::unexpected(policy.error());
  return std::unique_ptr<Allocator>(new Allocator(plan, *std::move(policy), key, last_serial));
}

Allocator::Allocator(const Plan& plan, Policy policy, const SipKey& key, Serial last_serial)
    : policy_(std::move(policy)),
      key_(key),
      serial_(last_serial),
      pools_(plan, key),
      owners_(key),
      leases_(key) {}

Allocator::~Allocator() = default;

// --- Loading ---

void Allocator::load_server(std::string_view name, std::string_view epoch, Generation before,
                            bool awaited) {
  Server& server = servers_.at(servers_.obtain(name, policy_));
  server.epoch = epoch;
  server.before = before;
  serial_ = std::max(serial_, before.value);  // a boot uses one up, too
  servers_.set_awaited(server, awaited);
}

void Allocator::load_reservation(const Reserve& reservation) { apply_step(reservation, Moment{}); }

void Allocator::load_cooled(const Cooled& cooled) {
  for (std::size_t pool = 0; pool < pools_.size(); ++pool) {
    if (pools_.plan(pool).name != cooled.pool) continue;
    if (const auto group = pools_.slot_group(pool, cooled.kind)) {
      pools_.slots.marks(*group).set(cooled.serial);
    } else if (const auto computed = pools_.identifier_group(pool);
               computed && cooled.kind == Kind::ipv6) {
      pools_.identifiers[*computed].marks.set(cooled.serial);
    }
  }
}

void Allocator::load_last(Kind kind, const Addresses& address, std::string_view owner,
                          Serial serial, bool remembered, const Moment& now) {
  serial_ = std::max(serial_, serial);
  const Place place = pools_.place(kind, address);
  if (place.form == Place::Form::identifier) {
    IdentifierGroup& group = pools_.identifiers[place.group];
    if (serial <= group.marks.cooled()) return;
    group.marks.add(cool_until(group.cool_down, now), serial);
    // One that was computed goes back to its owner alone, even to one who was erased.
    const Ref reserved_for = reservations_.owner_of(place);
    const bool own = reserved_for == kNone || owners_.name(reserved_for) == owner;
    const bool computed =
        owner.empty() ? place.identifier > kMaxSequential : is_computed_for(owner, place);
    if (!own || !computed) cool_identifier(place, owners_.hash(owner), now);
    return;
  }
  if (place.form != Place::Form::slot) return;  // in no pool of today's settings
  const std::uint64_t owner_hash = owners_.hash(owner);
  owners_.prefetch(owner_hash);
  foresee(place);
  const std::size_t number = pools_.slots.group_of(place.slot);
  const Slots::Group& group = pools_.slots.groups()[number];
  const bool cool = serial <= pools_.slots.marks(number).cooled();
  const Tick due = cool ? 0 : cool_until(group.cool_down, now);
  if (!remembered || owner.empty()) {  // of a second login, or erased
    pools_.slots.recall(place.slot, kNone, due, serial);
    return;
  }
  const Ref ref = owners_.obtain(owner_hash, owner);
  pools_.slots.recall(place.slot, ref, due, serial);
  remember(ref, place.slot);
}

// What a lease is going to touch is fetched from memory while those before it are loaded.
void Allocator::load_leases(std::span<const LeaseRecord> leases,
                            const std::function<Moment(const LeaseRecord&)>& since) {
  constexpr std::size_t kAhead = 8;
  std::array<std::uint64_t, kAhead> owner_hashes{};
  for (std::size_t i = 0; i < leases.size() + kAhead; ++i) {
    std::uint64_t& owner_hash = owner_hashes[i % kAhead];
    if (i >= kAhead) {
      const LeaseRecord& lease = leases[i - kAhead];
      const Ref begun = begin_lease(lease, owner_hash, since(lease));
      if (lease.key == KeyKind::port) note_if_renamed(begun);
      serial_ = std::max(serial_, lease.generation.value);
    }
    if (i >= leases.size()) continue;
    owner_hash = owners_.hash(leases[i].owner);
    foresee_begin(leases[i], owner_hash);
  }
}

// A prefix that is given out otherwise today is no member of a pool: so it is among the strays.
Done Allocator::check_cuts() const {
  for (const auto& [key, lease] : stray_holders_) {
    const Addresses stray = only(key.first, addresses_of(lease));
    const auto pool = pools_.cut_differently(key.first, stray);
    if (!pool) continue;
    return fail(Code::settings_invalid,
                "pool " + pools_.plan(*pool).name +
                    " gives its addresses out otherwise than when " + stray.to_string() +
                    " was given to " + std::string(owners_.name(leases_.at(lease).owner)) +
                    ", who still holds it",
                "keep the old pools until such leases have ended, or exclude what is still held");
  }
  return {};
}

// --- Records as others see them ---

Place Allocator::place_of(Kind kind, Ref lease) const {
  const LeaseNode& node = leases_.at(lease);
  if (kind == Kind::ipv6 && node.ipv6_group != 0) {
    return Place::of_identifier(static_cast<std::uint16_t>(node.ipv6_group - 1), node.ipv6);
  }
  const SlotNumber slot = kind == Kind::ipv4   ? node.ipv4
                          : kind == Kind::ipv6 ? static_cast<SlotNumber>(node.ipv6)
                                               : node.delegated;
  if (slot == 0) return {};
  return {.form = Place::Form::slot, .slot = slot};
}

Addresses Allocator::addresses_of(Ref lease) const {
  Addresses addresses;
  if (leases_.at(lease).strays != 0) addresses = leases_.strays.at(lease);
  for (Kind kind : kAllKinds) {
    if (const Place place = place_of(kind, lease)) pools_.name(kind, place, addresses);
  }
  return addresses;
}

LeaseRecord Allocator::record_of(Ref lease) const {
  const LeaseNode& node = leases_.at(lease);
  const WallTime started{Milliseconds(node.started)};
  LeaseRecord record;
  record.id = {node.id};
  record.generation = {node.generation};
  record.state = node.active != 0 ? State::active : State::held;
  record.key = node.port_key != 0 ? KeyKind::port : KeyKind::session;
  record.second = node.second != 0;
  record.owner = owners_.name(node.owner);
  record.user = node.user_size != 0 ? leases_.user(lease) : record.owner;
  record.server = servers_.at(node.server).name;
  record.port = leases_.port(lease);
  record.session = leases_.session(lease);
  record.addresses = addresses_of(lease);
  if (node.grown != 0) {
    record.started = leases_.starts.at(lease);
  } else {
    for (Kind kind : kAllKinds) {
      if (has(record.addresses, kind)) record.started[index_of(kind)] = started;
    }
  }
  record.renewed = started + std::chrono::seconds(node.renewed);
  const Terms& terms = leases_.terms(lease);
  record.hold_time = terms.hold;
  record.lease_time = terms.lease;
  return record;
}

Key Allocator::place_key(const Place& place) const {
  // Slot numbers are small, and identifiers may be chosen by a person: ::1, ::2, … spread them.
  const bool listed = place.form == Place::Form::slot;
  const std::uint64_t number = listed ? place.slot : place.identifier;
  const std::uint64_t mixed = number ^ (listed ? 0 : (place.group + 1U) * 0xbf58476d1ce4e5b9);
  return (mixed ^ key_[0]) * 0x9e3779b97f4a7c15 ^ ((mixed ^ key_[1]) >> 29);
}

Ref Allocator::holder_of(const Place& place) const {
  if (place.form == Place::Form::identifier) return holder_of(place.group, place.identifier);
  const Slot& slot = pools_.slots.at(place.slot);
  return slot.state() == SlotState::live ? slot.lease : kNone;
}

Ref Allocator::holder_of(std::uint16_t group, std::uint64_t identifier) const {
  const Place place = Place::of_identifier(group, identifier);
  return by_identifier_.find(place_key(place), [&](Ref lease) {
    const LeaseNode& node = leases_.at(lease);
    return node.ipv6 == identifier && node.ipv6_group == group + 1;
  });
}

// --- Looking ---

Result<LeaseRecord> Allocator::find(const LeaseRef& which, std::string_view owner) const {
  const Result<Ref> lease = resolve(which, owner);
  if (!lease) return std::unexpected(lease.error());
  return record_of(*lease);
}

void Allocator::each_lease(std::string_view owner, std::string_view server,
                           const std::function<bool(const LeaseRecord&)>& each) const {
  if (!owner.empty()) {
    const Ref ref = owners_.find(owner);
    if (ref == kNone) return;
    for (Ref lease = owners_.at(ref).first_lease; lease != kNone;
         lease = leases_.at(lease).owner_next) {
      const LeaseRecord record = record_of(lease);
      if ((server.empty() || record.server == server) && !each(record)) return;
    }
    return;
  }
  for (const Server& known : servers_.all()) {
    if (!server.empty() && known.name != server) continue;
    for (Ref lease = known.oldest; lease != kNone; lease = leases_.at(lease).server_next) {
      if (!each(record_of(lease))) return;
    }
  }
}

void Allocator::each_holder(const AnyRange& where,
                            const std::function<bool(const LeaseRecord&)>& each) const {
  Uint128 places = 0;
  for (Kind kind : kAllKinds) places += pools_.count_inside(kind, where);
  if (places > leases_.size()) {
    each_lease({}, {}, [&](const LeaseRecord& record) {
      return !holds(record.addresses, where) || each(record);
    });
    return;
  }
  for (Kind kind : kAllKinds) {
    // A lease whose earlier kind lies inside, too, was met there.
    const auto meet = [&](Ref lease) {
      const LeaseRecord record = record_of(lease);
      return first_held(record.addresses, where) != kind || each(record);
    };
    const bool on = pools_.each_inside(kind, where, [&](const Place& place) {
      const Ref lease = holder_of(place);
      return lease == kNone || meet(lease);
    });
    if (!on) return;
    if ((kind == Kind::ipv4) != where.is_ipv4()) continue;
    const auto [first, last] = bounds(where);
    auto stray = stray_holders_.upper_bound({kind, Ipv6Prefix::host(Ipv6(first))});
    // The one before may reach into the range.
    if (stray != stray_holders_.begin() && std::prev(stray)->first.first == kind) --stray;
    for (; stray != stray_holders_.end() && stray->first.first == kind &&
           stray->first.second.address().bits() <= last;
         ++stray) {
      if (holds(addresses_of(stray->second), kind, where) && !meet(stray->second)) return;
    }
  }
}

std::vector<PoolUse> Allocator::uses() const {
  std::vector<PoolUse> uses;
  for (const Slots::Group& group : pools_.slots.groups()) {
    PoolUse use;
    use.pool = pools_.plan(group.pool).name;
    use.kind = group.kind;
    use.size = group.listing.size();
    use.active = group.active;
    use.held = count_of(group, SlotState::live) - group.active;
    use.cooling = count_of(group, SlotState::cooling);
    use.reserved = count_of(group, SlotState::idle);
    use.pending = count_of(group, SlotState::pending);
    use.free = count_of(group, SlotState::fresh) + count_of(group, SlotState::free);
    use.excluded = group.listing.excluded();
    uses.push_back(std::move(use));
  }
  for (std::size_t i = 0; i < pools_.identifiers.size(); ++i) {
    const IdentifierGroup& group = pools_.identifiers[i];
    const auto number = static_cast<std::uint16_t>(i);
    PoolUse use;
    use.pool = group.name;
    use.kind = Kind::ipv6;
    use.excluded = group.excluded.size();
    use.size = (Uint128{1} << 64) - use.excluded;
    use.active = group.active;
    use.held = group.held;
    use.pending = group.pending;
    use.cooling = cooling_identifiers_.count(number);
    for (const auto& [owner, entry] : reservations_.all()) {
      const Place place = pools_.look(Kind::ipv6, entry.addresses);
      if (place.form == Place::Form::identifier && place.group == number &&
          holder_of(number, place.identifier) == kNone) {
        ++use.reserved;
      }
    }
    use.free = use.size - use.active - use.held - use.pending - use.cooling - use.reserved;
    uses.push_back(std::move(use));
  }
  std::stable_sort(uses.begin(), uses.end(), [this](const PoolUse& a, const PoolUse& b) {
    return std::pair(pools_.turn_of(a.pool), a.kind) < std::pair(pools_.turn_of(b.pool), b.kind);
  });
  return uses;
}

void Allocator::each_listed(const std::function<void(const Taken&)>& each) const {
  for (const Slots::Group& group : pools_.slots.groups()) {
    const std::uint64_t size = group.listing.size();
    each({group.pool, group.kind,
          size - count_of(group, SlotState::fresh) - count_of(group, SlotState::free), size});
  }
}

std::vector<Heard> Allocator::take_heard() {
  std::vector<Heard> heard;
  for (ServerNumber number : servers_.take_changed()) {
    heard.push_back({servers_.at(number).name, servers_.silent(number)});
  }
  return heard;
}

std::vector<Reservation> Allocator::reservations() const {
  std::vector<Reservation> all;
  for (const auto& [owner, entry] : reservations_.all()) {
    all.push_back({std::string(owners_.name(owner)), entry.user, entry.addresses});
  }
  std::sort(all.begin(), all.end(),
            [](const Reservation& a, const Reservation& b) { return a.owner < b.owner; });
  return all;
}

std::string Allocator::cooled_marks(const Moment& now) {
  std::string bytes;
  ChangeWriter writer(bytes);
  const Tick tick = tick_of(now.steady);
  for (std::size_t i = 0; i < pools_.slots.groups().size(); ++i) {
    const Slots::Group& group = pools_.slots.groups()[i];
    if (const auto serial = pools_.slots.marks(i).newly_cooled(tick)) {
      writer.add(Cooled{pools_.plan(group.pool).name, group.kind, *serial});
    }
  }
  for (IdentifierGroup& group : pools_.identifiers) {
    if (const auto serial = group.marks.newly_cooled(tick)) {
      writer.add(Cooled{group.name, Kind::ipv6, *serial});
    }
  }
  return bytes;
}

std::string Allocator::fingerprint() const {
  std::vector<std::string> lines;
  each_lease({}, {}, [&](LeaseRecord lease) {
    // Counted in whole seconds from a start that a shrunk lease has lost: it may be one off.
    lease.renewed = {};
    std::string line = "lease ";
    ChangeWriter(line).add(Begin{lease});
    lines.push_back(std::move(line));
    return true;
  });
  for (const Reservation& each : reservations()) {
    lines.push_back("reservation " + each.owner + " " + each.user + " " +
                    each.addresses.to_string());
  }
  for (const Server& server : servers_.all()) {
    lines.push_back("server " + server.name + " " + server.epoch + " " +
                    std::to_string(server.before.value) + (server.awaited ? " awaited" : ""));
  }
  for (const auto& [key, debt] : debts_.all()) {
    lines.push_back("provided " + std::to_string(key.first.value) + " " + debt.owed.module + " " +
                    debt.owner + " " + debt.owed.user + " " + debt.owed.server + " " +
                    debt.owed.port + " " + debt.owed.address.to_string() +
                    (debt.release ? " release" : "") + (debts_.due().contains(key) ? " due" : ""));
  }
  std::sort(lines.begin(), lines.end());
  // The queues: order is state, too.
  for (std::size_t i = 0; i < pools_.slots.groups().size(); ++i) {
    std::string line = "queue " + std::to_string(i);
    pools_.slots.each_waiting(i, [&](SlotNumber number) {
      Addresses addresses;
      pools_.name(pools_.slots.groups()[i].kind, {.form = Place::Form::slot, .slot = number},
                  addresses);
      const Ref owner = pools_.slots.at(number).owner;
      line += " " + addresses.to_string() + "/" +
              (owner == kNone ? "" : std::string(owners_.name(owner)));
    });
    lines.push_back(std::move(line));
  }
  std::string text = "serial " + std::to_string(serial_) + "\n";
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace berth
