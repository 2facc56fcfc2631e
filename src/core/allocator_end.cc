// allocator_end.cc - signs of life, releases and other ends, boots, reservations, erasure.
#include <algorithm>

#include "core/allocator.h"
#include "core/kinds.h"

namespace berth {
namespace {

// Accounting counts whole seconds, and the access server's clock is not ours. A session that
// seems to have begun this much before its lease is still the lease's own.
constexpr Milliseconds kSessionSlack = 2s;

// How many leases a look for doomed ones passes over for each one that it takes: those passed
// are on their way out already.
constexpr std::size_t kPassOver = 8;

// What to do about a message that is not about the lease as it is now.
constexpr const char* kLate = "nothing, if it was sent late; the lease goes on";

}  // namespace

// --- Which lease is meant ---

// What is on its way may become, or end, the very lease that is meant.
std::optional<Key> Allocator::in_flight(const LeaseRef& which, std::string_view owner) const {
  if (busy_.empty()) return std::nullopt;
  const auto blocks = [this](Key key) { return busy(key) ? std::optional(key) : std::nullopt; };
  if (which.id) {
    if (const auto key = blocks(which.id->value)) return key;
  }
  if (!owner.empty()) {
    if (const auto key = blocks(owners_.hash(owner))) return key;
  }
  if (which.server.empty()) return std::nullopt;
  if (!which.session.empty()) {
    if (const auto key = blocks(leases_.session_id(which.server, which.session, 0).value)) {
      return key;
    }
  }
  // Held only where ports are exclusive.
  if (which.port.empty()) return std::nullopt;
  return blocks(leases_.port_hash(which.server, which.port));
}

Result<Ref> Allocator::resolve(const LeaseRef& which, std::string_view owner) const {
  const auto none = [](const std::string& named) {
    return fail(Code::not_found, "there is no live lease " + named,
                "nothing: it has ended already, or never began");
  };
  Ref lease = kNone;
  if (which.id) {
    lease = leases_.find(*which.id);
    if (lease == kNone) return none("with id " + std::to_string(which.id->value));
  } else if (!which.server.empty() && !which.session.empty()) {
    lease = leases_.find(leases_.session_id(which.server, which.session, 0));
    // The session may have had no id yet when the address was asked for.
    if (lease == kNone && !which.user.empty()) lease = by_port(which, owner);
    if (lease == kNone) return none("of session " + which.session + " on " + which.server);
  } else if (!which.server.empty() && !which.user.empty()) {
    lease = by_port(which, owner);
    if (lease == kNone) {
      return none("of " + std::string(owner) + " on " + which.server +
                  (which.port.empty() ? "" : " port " + which.port));
    }
  } else if (which.ipv4 || which.ipv6) {
    lease = by_address(which);
    if (lease == kNone) {
      return none("with address " +
                  (which.ipv4 ? which.ipv4->to_string() : which.ipv6->to_string()));
    }
  } else {
    return fail(Code::invalid, "the message names no lease",
                "give an id, server and session, server, port and user, or an address");
  }
  foresee_end(lease);
  if (auto same = agrees(lease, which, owner); !same) return std::unexpected(same.error());
  return lease;
}

Ref Allocator::by_port(const LeaseRef& which, std::string_view owner) const {
  Ref lease = leases_.find(leases_.port_id(which.server, which.port, owner, 0));
  if (lease == kNone) lease = renamed_on_port(which.server, which.port, owner);
  if (lease != kNone) return lease;
  const auto server = servers_.find(which.server);
  if (!server || !servers_.at(*server).traits.exclusive_ports) return kNone;
  return leases_.find_on_port(*server, which.port, leases_.port_hash(which.server, which.port));
}

Ref Allocator::by_address(const LeaseRef& which) const {
  Ref found = kNone;
  const AnyRange where =
      which.ipv4 ? AnyRange::of(*which.ipv4) : AnyRange::of(Ipv6Prefix::host(*which.ipv6));
  each_holder(where, [&](const LeaseRecord& record) {
    found = leases_.find(record.id);
    return false;
  });
  return found;
}

// Whatever else a message says must be true of the lease, or it is about another.
Done Allocator::agrees(Ref lease, const LeaseRef& which, std::string_view owner) const {
  const LeaseNode& node = leases_.at(lease);
  const auto foreign = [](std::string_view what, std::string_view is, std::string_view said) {
    return fail(Code::foreign,
                "the lease's " + std::string(what) + " is " + std::string(is) + ", not " +
                    std::string(said),
                kLate);
  };
  const std::string_view server = servers_.at(node.server).name;
  const std::string_view session = leases_.session(lease);
  if (doomed(lease)) {
    return fail(Code::stale, "the lease is from before the last boot of " + std::string(server),
                "ask for an address anew");
  }
  if (which.generation && which.generation->value != node.generation) {
    return fail(Code::stale,
                "the message is about generation " + std::to_string(which.generation->value) +
                    "; the lease is at " + std::to_string(node.generation),
                kLate);
  }
  if (!owner.empty() && owners_.name(node.owner) != owner) {
    return foreign("owner", owners_.name(node.owner), owner);
  }
  if (!which.server.empty() && server != which.server) {
    return foreign("server", server, which.server);
  }
  if (!which.session.empty() && !session.empty() && session != which.session) {
    return fail(Code::stale,
                "the message is about session " + which.session + "; the lease is of " +
                    std::string(session),
                kLate);
  }
  if (which.ipv4 || which.ipv6) {
    const Addresses holds = addresses_of(lease);
    if (which.ipv4 && holds.ipv4 != which.ipv4) {
      return foreign("IPv4 address", holds.ipv4 ? holds.ipv4->to_string() : "none",
                     which.ipv4->to_string());
    }
    const auto inside = [&](const std::optional<Ipv6Prefix>& prefix) {
      return prefix && prefix->contains(*which.ipv6);
    };
    if (which.ipv6 && !inside(holds.ipv6) && !inside(holds.delegated)) {
      return foreign("IPv6", holds.to_string(), which.ipv6->to_string());
    }
  }
  // Without an id, a generation or a session that both know, only time tells sessions apart.
  const bool nameless =
      !which.id && !which.generation && (which.session.empty() || session.empty());
  if (nameless && which.session_started) {
    const WallTime started = first_start(record_of(lease));
    if (*which.session_started + kSessionSlack < started) {
      return fail(Code::stale,
                  "the session began at " + format_time(*which.session_started) +
                      ", before the lease (" + format_time(started) + ")",
                  kLate);
    }
  }
  return {};
}

// --- Signs of life ---

Result<Proposal> Allocator::alive(const LeaseRef& which, std::string_view owner, Sign sign,
                                  const Moment& now) {
  advance(now);
  Proposal proposal;
  proposal.blocked_on = in_flight(which, owner);
  if (proposal.blocked_on) return proposal;
  Result<Ref> found = resolve(which, owner);
  if (!found) return std::unexpected(found.error());
  const LeaseNode& node = leases_.at(*found);
  const Key key = owner_key(node.owner);
  if (busy(key)) {
    proposal.blocked_on = key;
    return proposal;
  }
  if (sign == Sign::confirm && node.active != 0) return proposal;
  hold(key, proposal);
  hold(node.id, proposal);
  // In whole seconds from the start, which is what a record keeps.
  const WallTime started{Milliseconds(node.started)};
  const auto since =
      std::chrono::floor<std::chrono::seconds>(std::max(now.wall - started, Milliseconds(0)));
  ChangeWriter(proposal.bytes).add(Alive{{node.id}, {node.generation}, started + since});
  return proposal;
}

// --- Ends ---

Result<Proposal> Allocator::release(const LeaseRef& which, std::string_view owner, Cause cause,
                                    const Moment& now) {
  advance(now);
  Proposal proposal;
  proposal.blocked_on = in_flight(which, owner);
  if (proposal.blocked_on) return proposal;
  Result<Ref> found = resolve(which, owner);
  if (!found) return std::unexpected(found.error());
  const LeaseNode& node = leases_.at(*found);
  const Key key = owner_key(node.owner);
  if (busy(key)) {
    proposal.blocked_on = key;
    return proposal;
  }
  const Addresses all = addresses_of(*found);
  Addresses ending = all;
  if (which.kind) {
    if (!has(all, *which.kind)) {
      return fail(Code::not_found,
                  "the lease has no " + std::string(kind_name(*which.kind)) + " address",
                  "nothing: it was given back already, or never given");
    }
    ending = only(*which.kind, all);
  }
  hold(key, proposal);
  hold(node.id, proposal);
  write_end(*found, ending, cause, ending == all, true, now.wall, proposal);
  return proposal;
}

void Allocator::write_end(Ref lease, const Addresses& ending, Cause cause, bool whole, bool cools,
                          WallTime at, Proposal& proposal) {
  End end;
  end.lease = record_of(lease);
  end.lease.addresses = ending;
  end.cause = cause;
  end.whole = whole;
  end.cools = cools;
  end.serial = ++serial_;
  // An interval never ends before it began, whatever the wall clock did.
  end.ended = at;
  for (Kind kind : kAllKinds) {
    if (has(ending, kind)) end.ended = std::max(end.ended, end.lease.started[index_of(kind)]);
  }
  ChangeWriter(proposal.bytes).add(end);
}

std::optional<Proposal> Allocator::end_now(Ref lease, Cause cause, const Moment& now) {
  const Key key = owner_key(leases_.at(lease).owner);
  if (busy(key)) return std::nullopt;
  Proposal proposal;
  hold(key, proposal);
  hold(leases_.at(lease).id, proposal);
  write_end(lease, addresses_of(lease), cause, true, true, now.wall, proposal);
  return proposal;
}

std::vector<Proposal> Allocator::due(const Moment& now, std::size_t most) {
  advance(now);
  std::vector<Proposal> ends;
  const Tick tick = tick_of(now.steady);
  for (const Server& server : servers_.all()) {
    std::size_t looks = most * kPassOver;
    for (Ref lease = server.oldest; lease != kNone && ends.size() < most && looks > 0;
         lease = leases_.at(lease).server_next, --looks) {
      if (!doomed(lease)) break;
      if (auto end = end_now(lease, Cause::server_boot, now)) ends.push_back(*std::move(end));
    }
  }
  // An owner's second lease is blocked by the end of the first, and an end may not be written:
  // both are looked at again by the next call.
  std::vector<std::pair<Tick, Timers::Timer>> again;
  while (ends.size() < most) {
    const auto timer = timers_.take(tick);
    if (!timer) break;
    const Ref lease = leases_.find(timer->id);
    if (lease == kNone || leases_.at(lease).generation != timer->generation.value) continue;
    LeaseNode& node = leases_.at(lease);
    node.timed = 0;
    if (node.deadline == 0) continue;
    if (node.deadline <= tick) {
      const Cause cause = node.active != 0 ? Cause::lease_expired : Cause::hold_expired;
      if (auto end = end_now(lease, cause, now)) ends.push_back(*std::move(end));
    }
    node.timed = 1;
    again.emplace_back(node.deadline, *timer);
  }
  for (const auto& [deadline, timer] : again) timers_.add(deadline, timer);
  return ends;
}

std::uint64_t Allocator::doomed_on(std::string_view server) const {
  std::uint64_t count = 0;
  const auto number = servers_.find(server);
  Ref lease = number ? servers_.at(*number).oldest : kNone;
  for (; lease != kNone && doomed(lease); lease = leases_.at(lease).server_next) ++count;
  return count;
}

Result<Proposal> Allocator::boot(std::string_view server, std::string_view epoch,
                                 const Moment& now) {
  Proposal proposal;
  const Key key = leases_.port_hash(server, {});
  if (busy(key)) {
    proposal.blocked_on = key;
    return proposal;
  }
  const auto number = servers_.find(server);
  if (number && servers_.at(*number).epoch == epoch) return proposal;
  if (!number && servers_.full()) {
    return fail(Code::busy, "65,535 servers are known already",
                "check whether server names are made up anew by each boot");
  }
  hold(key, proposal);
  ChangeWriter(proposal.bytes).add(Boot{server, epoch, {++serial_}, now.wall});
  return proposal;
}

// --- Reservations and erasure ---

Result<Proposal> Allocator::reserve(const OwnerName& name, std::string_view user,
                                    const Addresses& addresses) {
  Proposal proposal;
  const Key owner_hash = owners_.hash(name.owner);
  if (busy(owner_hash)) {
    proposal.blocked_on = owner_hash;
    return proposal;
  }
  const Ref owner = owners_.find(owner_hash, name.owner);
  boost::container::small_vector<Key, kKinds> keys;
  boost::container::small_vector<SlotNumber, kKinds> idle;
  for (Kind kind : kAllKinds) {
    const Addresses one = only(kind, addresses);
    if (one.empty()) continue;
    const Place place = pools_.place(kind, one);
    if (!place) {
      return fail(Code::address_taken, one.to_string() + " lies in no pool, or is excluded from it",
                  "reserve an address that a pool lists");
    }
    const Ref other = reservations_.owner_of(place);
    if (other != kNone && other != owner) {
      return fail(Code::address_taken,
                  one.to_string() + " is reserved for " + std::string(owners_.name(other)),
                  "unreserve it there first");
    }
    // One change at a time for an address, too: two operators may want the same one.
    const Key key = place_key(place);
    if (busy(key)) {
      proposal.blocked_on = key;
      return proposal;
    }
    keys.push_back(key);
    if (place.form != Place::Form::slot) continue;
    const SlotState state = pools_.slots.at(place.slot).state();
    if (state != SlotState::live && state != SlotState::pending) idle.push_back(place.slot);
  }
  if (keys.empty()) {
    return fail(Code::invalid, "no address to reserve was given", "give one or more addresses");
  }
  hold(owner_hash, proposal);
  for (Key key : keys) hold(key, proposal);
  for (SlotNumber slot : idle) proposal.pended_.push_back(pools_.slots.pend(slot));
  ChangeWriter(proposal.bytes).add(Reserve{name.owner, user, addresses});
  return proposal;
}

Result<Proposal> Allocator::unreserve(std::string_view owner, const Addresses& addresses) {
  Proposal proposal;
  const Key owner_hash = owners_.hash(owner);
  if (busy(owner_hash)) {
    proposal.blocked_on = owner_hash;
    return proposal;
  }
  const Ref ref = owners_.find(owner_hash, owner);
  const Reservations::Entry* entry = ref == kNone ? nullptr : reservations_.of(ref);
  if (entry == nullptr) {
    return fail(Code::not_found, "nothing is reserved for " + std::string(owner),
                "look at the list of reservations");
  }
  Addresses gone = addresses.empty() ? entry->addresses : addresses;
  for (Kind kind : kAllKinds) {
    if (only(kind, gone).empty() || only(kind, gone) == only(kind, entry->addresses)) continue;
    return fail(Code::not_found,
                only(kind, gone).to_string() + " is not reserved for " + std::string(owner) +
                    ", who has " + entry->addresses.to_string(),
                "name an address that is, or none for all");
  }
  hold(owner_hash, proposal);
  ChangeWriter(proposal.bytes).add(Unreserve{owner, gone});
  return proposal;
}

Result<Proposal> Allocator::erase(std::string_view owner, const Moment& now) {
  Proposal proposal;
  const Key owner_hash = owners_.hash(owner);
  if (busy(owner_hash)) {
    proposal.blocked_on = owner_hash;
    return proposal;
  }
  const Ref ref = owners_.find(owner_hash, owner);
  if (ref != kNone && owners_.at(ref).first_lease != kNone) {
    return fail(Code::conflict, std::string(owner) + " is connected now",
                "release the lease first, then erase");
  }
  hold(owner_hash, proposal);
  ChangeWriter(proposal.bytes).add(Erase{owner, now.wall});
  return proposal;
}

}  // namespace berth
