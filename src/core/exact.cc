// exact.cc - addresses that somebody else chose: an administration module, or a server that says
// which ones its sessions have.
#include "core/allocator.h"
#include "core/kinds.h"

namespace berth {
namespace {

std::unexpected<Error> taken(std::string_view address, std::string_view why) {
  return fail(Code::address_taken, std::string(address) + " " + std::string(why),
              "let whoever chose it choose another address");
}

}  // namespace

// The lease of a session that a server lists: with these addresses, or with others.
std::optional<Result<Proposal>> Allocator::listed_before(const Connection& connection,
                                                         const Asking& asking) const {
  const Ref lease = connection.lease;
  if (lease == kNone || doomed(lease) || leases_.at(lease).owner != asking.owner) {
    return std::nullopt;
  }
  const Addresses now = addresses_of(lease);
  bool all = true;
  for (Kind kind : kAllKinds) {
    const Addresses wanted = only(kind, asking.exact->addresses);
    if (wanted.empty()) continue;
    all = all && has(now, kind);
    if (!has(now, kind) || only(kind, now) == wanted) continue;
    return fail(Code::foreign,
                "the lease of this session has " + now.to_string() + ", not " + wanted.to_string(),
                "release it first, if the other address is the right one");
  }
  if (!all) return std::nullopt;
  Proposal proposal;
  proposal.grant = grant_of(lease);
  return proposal;
}

Result<Allocator::Choice> Allocator::take_exact(Kind kind, Asking& asking) {
  const Place place = pools_.place(kind, asking.exact->addresses);
  return place ? take_inside(kind, place, asking) : take_outside(kind, asking);
}

Result<Allocator::Choice> Allocator::take_inside(Kind kind, const Place& place, Asking& asking) {
  const Choice choice{
      place, asking.exact->by == Exact::By::module ? Reason::module : Reason::server_listed,
      std::nullopt};
  if (waits_for(place, asking)) return choice;
  if (const Ref holder = holder_of(place); holder != kNone) {
    if (auto moved = moves(place, holder, asking)) return *std::move(moved);
    return taken(address_text(kind, place),
                 "is held by " + std::string(owners_.name(leases_.at(holder).owner)));
  }
  if (place.form == Place::Form::slot &&
      pools_.slots.at(place.slot).state() == SlotState::pending) {
    return taken(address_text(kind, place), "is being given to somebody else right now");
  }
  if (asking.exact->by == Exact::By::module) {
    if (Done free = others_have_no_right(kind, place, asking); !free) {
      return std::unexpected(free.error());
    }
  }
  return choice;
}

// From a lease that ends in this very change: the owner's own, or whoever the server says is gone.
std::optional<Allocator::Choice> Allocator::moves(const Place& place, Ref holder,
                                                  const Asking& asking) const {
  const bool by_server = asking.exact->by == Exact::By::server;
  for (std::size_t i = 0; i < asking.leaving.size(); ++i) {
    if (asking.leaving[i].lease != holder) continue;
    if (!by_server && leases_.at(holder).owner != asking.owner) continue;
    return Choice{place, by_server ? Reason::server_listed : Reason::module, i};
  }
  return std::nullopt;
}

Done Allocator::others_have_no_right(Kind kind, const Place& place, const Asking& asking) const {
  const std::string address = address_text(kind, place);
  const Ref reserved_for = reservations_.owner_of(place);
  if (reserved_for != kNone && reserved_for != asking.owner) {
    return taken(address, "is reserved for " + std::string(owners_.name(reserved_for)));
  }
  if (place.form == Place::Form::identifier) {
    if (cooling_identifiers_.keeps_from(place.group, place.identifier, asking.owner_hash,
                                        tick_of(asking.now.steady))) {
      return taken(address, "was another's a moment ago, and cools");
    }
    return {};
  }
  const Slot& slot = pools_.slots.at(place.slot);
  const bool own =
      asking.owner != kNone && (slot.owner == asking.owner || reserved_for == asking.owner);
  if (own) return {};
  if (slot.state() == SlotState::cooling &&
      !pools_.slots.is_cool(place.slot, tick_of(asking.now.steady))) {
    return taken(address, "was another's a moment ago, and cools");
  }
  if (servers_.awaited() != 0) {
    return taken(address, "may be somebody's whose lease the restored store has lost");
  }
  return {};
}

Result<Allocator::Choice> Allocator::take_outside(Kind kind, Asking& asking) {
  const Addresses one = only(kind, asking.exact->addresses);
  const std::string address = one.to_string();
  const bool by_module = asking.exact->by == Exact::By::module;
  if (pools_.excludes(kind, one)) {
    if (by_module) return taken(address, "is excluded from its pool");
  } else if (!asking.exact->outside_pools) {
    return fail(Code::no_pool, address + " lies in no pool",
                "add it to a pool, or allow addresses outside of them");
  }
  if (const auto pool = pools_.cut_differently(kind, one)) {
    return taken(address, "overlaps what pool " + pools_.plan(*pool).name + " gives out");
  }
  const Choice choice{{}, by_module ? Reason::module : Reason::server_listed, std::nullopt};
  if (const Key key = outside_key(kind, one); asking.steps == nullptr && busy(key)) {
    asking.blocked_on = key;
    return choice;
  }
  Ref holder = kNone;
  const AnyRange where = kind == Kind::ipv4
                             ? AnyRange::of(*one.ipv4)
                             : AnyRange::of(kind == Kind::ipv6 ? *one.ipv6 : *one.delegated);
  each_holder(where, [&](const LeaseRecord& record) {
    holder = leases_.find(record.id);
    return false;
  });
  if (holder == kNone) return choice;
  if (auto moved = moves({}, holder, asking); moved && has(addresses_of(holder), kind)) {
    return *std::move(moved);
  }
  return taken(address, "is held by " + std::string(owners_.name(leases_.at(holder).owner)));
}

Addresses Allocator::outside_pools(const Addresses& addresses) {
  Addresses outside;
  for (Kind kind : kAllKinds) {
    if (has(addresses, kind) && !pools_.place(kind, addresses)) {
      copy_kind(kind, addresses, outside);
    }
  }
  return outside;
}

// Only one change at a time may take an address outside every pool: for IPv4 and identifiers of
// those that could overlap, for delegated prefixes of all.
Key Allocator::outside_key(Kind kind, const Addresses& addresses) const {
  SipHash hash(key_);
  hash.number(3 + index_of(kind));
  if (kind == Kind::ipv4) hash.number(addresses.ipv4->bits());
  if (kind == Kind::ipv6) hash.number(addresses.ipv6->address().high());
  return hash.take();
}

// Who answered for which kind, and whether they wait for a Release.
void Allocator::write_provided(const LeaseRecord& lease, std::span<const Provider> providers,
                               Proposal& proposal) {
  for (const Provider& each : providers) {
    if (!has(lease.addresses, each.kind)) continue;
    ChangeWriter(proposal.bytes)
        .add(Provided{.id = lease.id,
                      .generation = lease.generation,
                      .kind = each.kind,
                      .release = each.release,
                      .module = each.module,
                      .owner = lease.owner,
                      .user = lease.user,
                      .server = lease.server,
                      .port = lease.port,
                      .address = only(each.kind, lease.addresses)});
  }
}

void Allocator::name(Kind kind, const Choice& choice, const Asking& asking,
                     Addresses& addresses) const {
  if (choice.place) {
    pools_.name(kind, choice.place, addresses);
  } else {
    copy_kind(kind, asking.exact->addresses, addresses);
  }
}

Result<Proposal> Allocator::list(const Request& session, const OwnerName& name,
                                 const Addresses& addresses, const Moment& now) {
  const LeaseRef which{.server = session.server,
                       .session = session.session,
                       .port = session.port,
                       .user = session.user};
  const Result<LeaseRecord> known = find(which, name.owner);
  Addresses same;
  for (Kind kind : kAllKinds) {
    if (known && has(addresses, kind)) copy_kind(kind, known->addresses, same);
  }
  if (known && same == addresses) {
    const LeaseId id = known->id;
    Result<Proposal> proposal = alive(which, name.owner, Sign::renew, now);
    if (proposal && !proposal->blocked_on) proposal->grant = grant_of(leases_.find(id));
    return proposal;
  }
  return assign(session, name, Exact{.addresses = addresses, .by = Exact::By::server}, now);
}

Proposal Allocator::listed(std::string_view server, const Moment& now) {
  Proposal proposal;
  if (blocked(proposal, leases_.port_hash(server, {}))) return proposal;
  const auto number = servers_.find(server);
  if (!number || !servers_.at(*number).awaited) return proposal;
  const Server& known = servers_.at(*number);
  hold(leases_.port_hash(server, {}), proposal);
  ChangeWriter(proposal.bytes).add(Boot{known.name, known.epoch, known.before, now.wall});
  return proposal;
}

}  // namespace berth
