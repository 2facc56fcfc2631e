// allocator_apply.cc - what each step does once it is durable; also what a replay does.
#include <algorithm>

#include "core/allocator.h"
#include "core/kinds.h"

namespace berth {

void Allocator::settle(const Proposal& proposal, Settled how, const Moment& now) {
  if (how == Settled::durable) {
    const Done applied = apply(proposal.bytes, now);
    BERTH_ASSERT(applied);  // we wrote these bytes ourselves
  }
  // What is still pending was not taken: the change failed, or it was a reservation's.
  for (const Slots::Was& was : proposal.pended_) {
    if (pools_.slots.at(was.number).state() != SlotState::pending) continue;
    pools_.slots.unpend(was, tick_of(now.steady));
  }
  if (proposal.pended_identifier_) --pools_.identifiers[*proposal.pended_identifier_].pending;
  if (!proposal.new_server_.empty()) servers_.expect_no_more(proposal.new_server_);
  for (Key key : proposal.keys_) busy_.erase(key);
}

Done Allocator::apply(std::string_view bytes, const Moment& now) {
  for (StepReader reader(bytes); !reader.done();) {
    const Result<Step> step = reader.next();
    if (!step) return std::unexpected(step.error());
    std::visit([&](const auto& each) { apply_step(each, now); }, *step);
  }
  return {};
}

// --- Leases ---

void Allocator::set_times(LeaseNode& node, WallTime started, WallTime renewed) {
  node.started = static_cast<std::uint64_t>(started.time_since_epoch().count()) &
                 ((std::uint64_t{1} << 48) - 1);
  node.renewed =
      static_cast<std::uint32_t>(std::max<std::int64_t>(0, (renewed - started).count() / 1000));
}

void Allocator::apply_step(const Begin& step, const Moment& now) {
  const LeaseRecord& record = step.lease;
  serial_ = std::max(serial_, record.generation.value);
  const std::uint64_t owner_hash = owners_.hash(record.owner);
  foresee_begin(record, owner_hash);
  const Ref known = leases_.find(record.id);
  if (known == kNone) {
    begin_lease(record, owner_hash, now);
    return;
  }
  // The same connection has grown by a kind.
  BERTH_ASSERT(leases_.at(known).generation == record.generation.value);
  const Addresses had = addresses_of(known);
  const LeaseRecord before = record_of(known);
  for (Kind kind : kAllKinds) {
    if (!has(had, kind) && has(record.addresses, kind)) {
      take_place(kind, known, record.addresses);
    }
  }
  std::array<WallTime, kKinds> starts = before.started;
  for (Kind kind : kAllKinds) {
    if (!has(had, kind)) starts[index_of(kind)] = record.started[index_of(kind)];
  }
  leases_.starts[known] = starts;
  leases_.at(known).grown = 1;
  // The clock may have been set back since the other kinds began.
  set_times(leases_.at(known), std::min(first_start(before), first_start(record)), before.renewed);
}

// Memory answers many questions at once as soon as one: what a step is going to read is asked
// for before the first of it is needed.
void Allocator::foresee_begin(const LeaseRecord& record, std::uint64_t owner_hash) {
  owners_.prefetch(owner_hash);
  leases_.prefetch(record.id);
  for (Kind kind : kAllKinds) foresee(pools_.place(kind, record.addresses));
}

void Allocator::foresee_end(Ref lease) const {
  const LeaseNode& node = leases_.at(lease);
  owners_.prefetch(node.owner);
  leases_.prefetch_neighbours(lease);
  for (Kind kind : kAllKinds) foresee(place_of(kind, lease));
}

void Allocator::foresee(const Place& place) const {
  if (place.form == Place::Form::slot) pools_.slots.prefetch(place.slot);
  if (place.form == Place::Form::identifier) {
    by_identifier_.prefetch(place_key(place));
  }
}

Ref Allocator::begin_lease(const LeaseRecord& record, std::uint64_t owner_hash, const Moment& now) {
  const Ref owner = owners_.obtain(owner_hash, record.owner);
  const ServerNumber server = servers_.obtain(record.server, policy_);
  const std::string_view user = record.user == record.owner ? std::string_view{} : record.user;
  const Ref lease = leases_.make(record.port, record.session, user);
  LeaseNode& node = leases_.at(lease);
  node.id = record.id.value;
  node.generation = record.generation.value;
  node.owner = owner;
  node.server = server;
  node.active = record.state == State::active ? 1 : 0;
  node.port_key = record.key == KeyKind::port ? 1 : 0;
  node.second = record.second ? 1 : 0;
  node.terms = leases_.intern({record.hold_time, record.lease_time});

  const WallTime started = first_start(record);
  set_times(node, started, record.renewed);
  bool grown = false;
  for (Kind kind : kAllKinds) {
    if (!has(record.addresses, kind)) continue;
    take_place(kind, lease, record.addresses);
    grown = grown || record.started[index_of(kind)] != started;
  }
  if (grown) {
    node.grown = 1;
    leases_.starts[lease] = record.started;
  }

  leases_.add_id(lease);
  leases_.join_server(lease, servers_.at(server));
  leases_.join_owner(lease, owners_.at(owner));
  if (servers_.at(server).traits.exclusive_ports && !record.port.empty() &&
      leases_.find_on_port(server, record.port, leases_.port_hash(record.server, record.port)) ==
          kNone) {
    leases_.add_port(lease, servers_);
  }
  arm(lease, node.active != 0 ? record.lease_time : record.hold_time, now);
  return lease;
}

void Allocator::take_place(Kind kind, Ref lease, const Addresses& addresses) {
  const Place place = pools_.place(kind, addresses);
  LeaseNode& node = leases_.at(lease);
  if (place.form == Place::Form::slot) {
    const Ref last = pools_.slots.at(place.slot).owner;
    if (last != kNone) unremember(place.slot);
    pools_.slots.occupy(place.slot, node.owner, lease, node.active != 0);
    if (last != kNone && last != node.owner) owners_.drop_if_idle(last);
    if (kind == Kind::ipv4) node.ipv4 = place.slot;
    if (kind == Kind::ipv6) node.ipv6 = place.slot;
    if (kind == Kind::delegated) node.delegated = place.slot;
    return;
  }
  if (place.form == Place::Form::identifier) {
    node.ipv6 = place.identifier;
    node.ipv6_group = static_cast<std::uint16_t>(place.group + 1);
    by_identifier_.insert(place_key(place), lease);
    cooling_identifiers_.remove(place.group, place.identifier);
    IdentifierGroup& group = pools_.identifiers[place.group];
    ++(node.active != 0 ? group.active : group.held);
    return;
  }
  copy_kind(kind, addresses, leases_.strays[lease]);
  node.strays = 1;
  stray_holders_[stray_key(kind, addresses)] = lease;
}

Allocator::StrayKey Allocator::stray_key(Kind kind, const Addresses& addresses) {
  switch (kind) {
    case Kind::ipv4: return {kind, Ipv6Prefix::host(Ipv6(addresses.ipv4->bits()))};
    case Kind::ipv6: return {kind, *addresses.ipv6};
    case Kind::delegated: break;
  }
  return {kind, *addresses.delegated};
}

void Allocator::apply_step(const End& step, const Moment& now) {
  serial_ = std::max(serial_, step.serial);
  const Ref lease = leases_.find(step.lease.id);
  BERTH_ASSERT(lease != kNone);
  BERTH_ASSERT(leases_.at(lease).generation == step.lease.generation.value);
  foresee_end(lease);
  if (leases_.at(lease).provided != 0) {
    for (Kind kind : kAllKinds) {
      if (has(step.lease.addresses, kind)) debts_.fall_due({step.lease.generation, kind});
    }
  }
  if (step.cause == Cause::hold_expired) servers_.hold_ran_out(leases_.at(lease).server);
  for (Kind kind : kAllKinds) {
    if (has(step.lease.addresses, kind)) leave_place(kind, lease, step, now);
  }
  if (step.whole) remove_lease(lease);
}

void Allocator::leave_place(Kind kind, Ref lease, const End& step, const Moment& now) {
  LeaseNode& node = leases_.at(lease);
  const bool active = node.active != 0;
  const Place place = place_of(kind, lease);
  if (place.form == Place::Form::slot) {
    if (kind == Kind::ipv4) node.ipv4 = 0;
    if (kind == Kind::ipv6) node.ipv6 = 0;
    if (kind == Kind::delegated) node.delegated = 0;
    if (!step.cools) {
      pools_.slots.detach(place.slot, active);
      return;
    }
    const auto& group = pools_.slots.groups()[pools_.slots.group_of(place.slot)];
    const Tick due = cool_until(group.cool_down, now);
    const bool remembered = node.second == 0;
    pools_.slots.vacate(place.slot, active, remembered ? node.owner : kNone, due, step.serial);
    if (remembered) remember(node.owner, place.slot);
    return;
  }
  if (place.form == Place::Form::identifier) {
    by_identifier_.erase(place_key(place), lease);
    IdentifierGroup& group = pools_.identifiers[place.group];
    --(active ? group.active : group.held);
    node.ipv6 = 0;
    node.ipv6_group = 0;
    const Ref reserved_for = reservations_.owner_of(place);
    const bool stays = (reserved_for == kNone || reserved_for == node.owner) &&
                       is_computed_for(owners_.name(node.owner), place);
    if (!step.cools) return;
    group.marks.add(cool_until(group.cool_down, now), step.serial);
    if (!stays) cool_identifier(place, owner_key(node.owner), now);
    return;
  }
  Addresses& strays = leases_.strays[lease];
  stray_holders_.erase(stray_key(kind, strays));
  drop_kind(kind, strays);
}

bool Allocator::is_computed_for(std::string_view owner, const Place& place) const {
  return pools_.stable(place.group, owner, 0) == place.identifier;
}

void Allocator::cool_identifier(const Place& place, std::uint64_t owner_hash, const Moment& now) {
  const Tick due = cool_until(pools_.identifiers[place.group].cool_down, now);
  if (due == 0) return;
  cooling_identifiers_.add(place.group, place.identifier, owner_hash, due);
}

void Allocator::remove_lease(Ref lease) {
  const LeaseNode& node = leases_.at(lease);
  BERTH_ASSERT(addresses_of(lease).empty());
  if (node.on_port != 0) leases_.remove_port(lease, servers_);
  leases_.leave_server(lease, servers_.at(node.server));
  leases_.leave_owner(lease, owners_.at(node.owner));
  if (!renamed_.empty()) forget_renamed(lease);
  leases_.remove_id(lease);
  if (node.strays != 0) leases_.strays.erase(lease);
  if (node.grown != 0) leases_.starts.erase(lease);
  const Ref owner = node.owner;
  leases_.destroy(lease);
  owners_.drop_if_idle(owner);
}

void Allocator::apply_step(const Alive& step, const Moment& now) {
  const Ref lease = leases_.find(step.id);
  BERTH_ASSERT(lease != kNone);
  LeaseNode& node = leases_.at(lease);
  BERTH_ASSERT(node.generation == step.generation.value);
  const auto since = step.at.time_since_epoch().count() - static_cast<std::int64_t>(node.started);
  node.renewed = static_cast<std::uint32_t>(std::max<std::int64_t>(0, since / 1000));
  if (node.active == 0) {
    node.active = 1;
    servers_.confirmed(node.server);
    for (Kind kind : kAllKinds) {
      const Place place = place_of(kind, lease);
      if (place.form == Place::Form::slot) pools_.slots.activate(place.slot);
      if (place.form == Place::Form::identifier) {
        --pools_.identifiers[place.group].held;
        ++pools_.identifiers[place.group].active;
      }
    }
  }
  arm(lease, leases_.terms(lease).lease, now);
}

// The lease ends by itself after this, unless a sign of life comes; zero: never.
void Allocator::arm(Ref lease, Milliseconds wait, const Moment& now) {
  LeaseNode& node = leases_.at(lease);
  const Tick before = node.deadline;
  node.deadline = wait.count() == 0 ? 0 : tick_after(now.steady, wait);
  if (node.deadline == 0) return;
  // The timer that it has will look again, unless it would look too late: a lease time may be
  // shorter than what was left of the hold time.
  if (node.timed != 0 && before != 0 && before <= node.deadline) return;
  node.timed = 1;
  timers_.add(node.deadline, {{node.id}, {node.generation}});
}

// --- Who had what last ---

void Allocator::remember(Ref owner, SlotNumber number) {
  // One address of each kind and pool is enough; an older one is everybody's again.
  const std::size_t group = pools_.slots.group_of(number);
  for (SlotNumber each = owners_.at(owner).first_slot; each != 0;
       each = pools_.slots.at(each).sibling) {
    if (pools_.slots.group_of(each) != group) continue;
    unremember(each);
    pools_.slots.forget_owner(each);
    break;
  }
  pools_.slots.set_sibling(number, owners_.at(owner).first_slot);
  owners_.at(owner).first_slot = number;
}

// Takes a slot out of its owner's list, if it is there.
void Allocator::unremember(SlotNumber number) {
  const Ref owner = pools_.slots.at(number).owner;
  OwnerNode& node = owners_.at(owner);
  const SlotNumber after = pools_.slots.at(number).sibling;
  if (node.first_slot == number) {
    node.first_slot = after;
  } else {
    SlotNumber each = node.first_slot;
    while (each != 0 && pools_.slots.at(each).sibling != number) {
      each = pools_.slots.at(each).sibling;
    }
    if (each == 0) return;
    pools_.slots.set_sibling(each, after);
  }
  pools_.slots.set_sibling(number, 0);
}

// --- Servers ---

void Allocator::apply_step(const Boot& step, const Moment& /*now*/) {
  serial_ = std::max(serial_, step.before.value);
  Server& server = servers_.at(servers_.obtain(step.server, policy_));
  server.epoch = step.epoch;
  server.before = step.before;
  servers_.set_awaited(server, false);
}

void Allocator::apply_step(const Restored& step, const Moment& /*now*/) {
  serial_ += kLostSerials;
  for (Server& server : servers_.all()) servers_.set_awaited(server, !step.trusted);
}

// --- Reservations ---

void Allocator::apply_step(const Reserve& step, const Moment& now) {
  const Ref owner = owners_.obtain(step.owner);
  owners_.at(owner).reserved = 1;
  Reservations::Entry& entry = reservations_.obtain(owner);
  entry.user = step.user;
  for (Kind kind : kAllKinds) {
    if (!has(step.addresses, kind)) continue;
    if (has(entry.addresses, kind)) set_reservation(owner, kind, entry.addresses, false);
    copy_kind(kind, step.addresses, entry.addresses);
    set_reservation(owner, kind, step.addresses, true);
    // An identifier that looks computed may have been somebody's a moment ago: nobody kept count.
    // At the latest it cools together with what was given back last.
    const Place place = pools_.look(kind, step.addresses);
    if (place.form == Place::Form::identifier && place.identifier > kMaxSequential &&
        !is_computed_for(step.owner, place) && holder_of(place.group, place.identifier) == kNone &&
        !cooling_identifiers_.contains(place.group, place.identifier)) {
      const Tick due = pools_.identifiers[place.group].marks.all_cool_at();
      if (due > tick_of(now.steady)) {
        cooling_identifiers_.add(place.group, place.identifier, 0, due);
      }
    }
  }
}

void Allocator::apply_step(const Unreserve& step, const Moment& /*now*/) {
  const Ref owner = owners_.find(step.owner);
  BERTH_ASSERT(owner != kNone && owners_.at(owner).reserved != 0);
  Reservations::Entry& entry = reservations_.obtain(owner);
  for (Kind kind : kAllKinds) {
    if (!has(step.addresses, kind)) continue;
    set_reservation(owner, kind, step.addresses, false);
    drop_kind(kind, entry.addresses);
  }
  if (!entry.addresses.empty()) return;
  reservations_.drop(owner);
  owners_.at(owner).reserved = 0;
  owners_.drop_if_idle(owner);
}

void Allocator::set_reservation(Ref owner, Kind kind, const Addresses& addresses, bool reserved) {
  const Place place = pools_.place(kind, addresses);
  if (!place) return;  // in no pool of today's settings
  reserved ? reservations_.keep(place, owner) : reservations_.free(place);
  if (place.form != Place::Form::slot) return;
  // Who had it last stays known: a reservation that is taken back leaves the address to them.
  pools_.slots.set_reserved(place.slot, reserved);
}

// --- What modules are owed ---

void Allocator::apply_step(const Provided& step, const Moment& /*now*/) { load_provided(step); }

void Allocator::load_provided(const Provided& provided) {
  debts_.add(provided);
  const Ref lease = leases_.find(provided.id);
  if (lease != kNone && leases_.at(lease).generation == provided.generation.value &&
      has(addresses_of(lease), provided.kind)) {
    leases_.at(lease).provided = 1;
  } else {
    debts_.fall_due({provided.generation, provided.kind});
  }
}

void Allocator::apply_step(const Paid& step, const Moment& /*now*/) {
  debts_.pay({step.generation, step.kind});
}

// --- The rest ---

void Allocator::apply_step(const Cooled& step, const Moment& /*now*/) { load_cooled(step); }

void Allocator::apply_step(const ClockStepped& /*step*/, const Moment& /*now*/) {}

void Allocator::apply_step(const Erase& step, const Moment& /*now*/) {
  const Ref owner = owners_.find(step.owner);
  if (owner == kNone) return;
  BERTH_ASSERT(owners_.at(owner).first_lease == kNone);
  while (owners_.at(owner).first_slot != 0) {
    const SlotNumber slot = owners_.at(owner).first_slot;
    unremember(slot);
    pools_.slots.forget_owner(slot);
  }
  if (owners_.at(owner).reserved != 0) {
    const Addresses reserved = reservations_.of(owner)->addresses;
    for (Kind kind : kAllKinds) {
      if (has(reserved, kind)) set_reservation(owner, kind, reserved, false);
    }
    reservations_.drop(owner);
    owners_.at(owner).reserved = 0;
  }
  owners_.drop_if_idle(owner);
}

void Allocator::apply_step(const Forget& /*step*/, const Moment& /*now*/) {}

// A store that meets these in its journal brings its snapshot up to date before it loads.
void Allocator::apply_step(const Rename& /*step*/, const Moment& /*now*/) { BERTH_ASSERT(false); }

void Allocator::apply_step(const RulesChanged& /*step*/, const Moment& /*now*/) {}

// Frees what has cooled: with each request as many as it can have given back, so that none waits
// for a million addresses that were all given back in one second.
void Allocator::advance(const Moment& now, int most) {
  const Tick tick = tick_of(now.steady);
  pools_.slots.advance(tick, most);
  cooling_identifiers_.advance(tick, most);
}

}  // namespace berth
