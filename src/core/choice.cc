// choice.cc - the order in which an address is chosen, step by step.
#include <algorithm>

#include "core/allocator.h"
#include "core/kinds.h"

namespace berth {
namespace {

// How many identifiers are tried for an owner in order, so that a few sessions get the same few
// again. Then those of this connection alone: more than one only since an identifier may be
// excluded or reserved, and for collisions of a keyed 64-bit hash, which nobody has ever seen.
constexpr std::uint64_t kTriesInOrder = 16;
constexpr std::uint64_t kOwnTries = 4;

Addresses proposed_addresses(const Request& request) {
  Addresses proposed;
  proposed.ipv4 = request.proposed_ipv4;
  if (request.proposed_ipv6) proposed.ipv6 = Ipv6Prefix::host(*request.proposed_ipv6);
  return proposed;
}

}  // namespace

// The whole order: reservation, the address that moves with the owner, the last one, the one
// proposed, then each pool of the rule in turn. Steps 1 to 3 of docs/architecture.md (the same
// connection, the exclusive port, the second login) are decided before this: allocator_assign.cc.
std::optional<Allocator::Choice> Allocator::choose(Kind kind, Asking& asking) {
  const std::size_t told = asking.steps == nullptr ? 0 : asking.steps->size();
  if (auto reserved = choose_reserved(kind, asking)) return reserved;
  if (asking.blocked_on) return std::nullopt;
  if (auto moved = choose_moved(kind, asking)) return moved;
  if (asking.blocked_on) return std::nullopt;
  if (auto last = choose_last(kind, asking)) return last;
  if (auto proposed = choose_proposed(kind, asking)) return proposed;
  for (std::uint16_t pool : asking.decision->pools) {
    if (auto chosen = choose_from(pool, kind, asking)) return chosen;
  }
  // What was tried for a kind that no pool of the rule has explains nothing.
  if (asking.steps != nullptr && !offered(kind, asking)) asking.steps->resize(told);
  return std::nullopt;
}

// A reservation that another still holds, or that cools from another, is not in force yet: it
// waits, and the owner is served like everybody else.
std::optional<Allocator::Choice> Allocator::choose_reserved(Kind kind, Asking& asking) {
  const Reservations::Entry* entry = asking.owner == kNone || owners_.at(asking.owner).reserved == 0
                                         ? nullptr
                                         : reservations_.of(asking.owner);
  const Place place = entry == nullptr ? Place{} : pools_.place(kind, entry->addresses);
  if (!place) {
    tell(asking, kind, [] { return "reservation: none"; });
    return std::nullopt;
  }
  if (pools_.plan(pool_of(place)).intake == PoolPlan::Intake::draining) {
    tell(asking, kind, [] { return "reservation: its pool is draining"; });
    return std::nullopt;
  }
  if (waits_for(place, asking)) return std::nullopt;
  Ref holder = kNone;
  bool usable = false;
  if (place.form == Place::Form::identifier) {
    holder = holder_of(place.group, place.identifier);
    usable = holder == kNone && identifier_free(place.group, place.identifier, asking);
  } else {
    const Slot& slot = pools_.slots.at(place.slot);
    if (slot.state() == SlotState::live) holder = slot.lease;
    usable = slot.state() == SlotState::idle ||
             (slot.state() == SlotState::cooling && slot.owner == asking.owner) ||
             pools_.slots.is_cool(place.slot, tick_of(asking.now.steady));
  }
  for (std::size_t i = 0; i < asking.leaving.size(); ++i) {
    if (holder == asking.leaving[i].lease && leases_.at(holder).owner == asking.owner) {
      tell(asking, kind, [&] { return "reservation: " + address_text(kind, place); });
      return Choice{place, Reason::reservation, i};
    }
  }
  if (!usable) {
    tell(asking, kind,
         [&] { return "reservation: " + address_text(kind, place) + " is not free yet"; });
    return std::nullopt;
  }
  tell(asking, kind, [&] { return "reservation: " + address_text(kind, place); });
  return Choice{place, Reason::reservation, std::nullopt};
}

// An address of a lease of the same owner that ends in this very change.
std::optional<Allocator::Choice> Allocator::choose_moved(Kind kind, Asking& asking) {
  for (std::size_t i = 0; i < asking.leaving.size(); ++i) {
    const Ref lease = asking.leaving[i].lease;
    if (leases_.at(lease).owner != asking.owner) continue;
    const Place place = place_of(kind, lease);
    if (!place || !allowed(pool_of(place), asking)) continue;
    if (waits_for(place, asking)) return std::nullopt;
    const Ref reserved_for = reservations_.owner_of(place);
    if (reserved_for != kNone && reserved_for != asking.owner) continue;
    tell(asking, kind,
         [&] { return "earlier connection: " + address_text(kind, place) + " moves over"; });
    return Choice{place, Reason::taken_over, i};
  }
  return std::nullopt;
}

// Whether it is about to be reserved or given, so that nobody can say yet whose it will be. Who
// only asks for an explanation does not wait.
bool Allocator::waits_for(const Place& place, Asking& asking) const {
  const Key key = place_key(place);
  if (asking.steps != nullptr || !busy(key)) return false;
  asking.blocked_on = key;
  return true;
}

std::optional<Allocator::Choice> Allocator::choose_last(Kind kind, Asking& asking) {
  std::optional<Choice> best;
  std::size_t best_turn = asking.decision->pools.size();
  SlotNumber number = asking.owner == kNone ? 0 : owners_.at(asking.owner).first_slot;
  for (; number != 0; number = pools_.slots.at(number).sibling) {
    const Slots::Group& group = pools_.slots.groups()[pools_.slots.group_of(number)];
    if (group.kind != kind) continue;
    const Slot& slot = pools_.slots.at(number);
    if (slot.state() != SlotState::free && slot.state() != SlotState::cooling) continue;
    if (slot.reserved != 0 || !allowed(group.pool, asking)) continue;
    const auto& pools = asking.decision->pools;
    const auto turn =
        static_cast<std::size_t>(std::find(pools.begin(), pools.end(), group.pool) - pools.begin());
    if (turn >= best_turn) continue;
    best_turn = turn;
    best = Choice{{.form = Place::Form::slot, .slot = number}, Reason::last_address, std::nullopt};
  }
  tell(asking, kind, [&] {
    return "last address: " + (best ? address_text(kind, best->place) : "none to be had");
  });
  return best;
}

// What the server proposed is taken only while nobody else would miss it.
std::optional<Allocator::Choice> Allocator::choose_proposed(Kind kind, Asking& asking) {
  const Place place = pools_.place(kind, proposed_addresses(asking.request));
  if (place.form != Place::Form::slot) return std::nullopt;
  const std::size_t pool = pool_of(place);
  const Slot& slot = pools_.slots.at(place.slot);
  const bool free = slot.state() == SlotState::fresh || slot.state() == SlotState::free ||
                    pools_.slots.is_cool(place.slot, tick_of(asking.now.steady));
  const bool missed = slot.owner != kNone && slot.owner != asking.owner;
  if (!free || missed || slot.reserved != 0 || !allowed(pool, asking) ||
      pools_.plan(pool).intake != PoolPlan::Intake::open || servers_.awaited() != 0) {
    tell(asking, kind,
         [&] { return "proposed: " + address_text(kind, place) + " is not free for it"; });
    return std::nullopt;
  }
  tell(asking, kind, [&] { return "proposed: " + address_text(kind, place); });
  return Choice{place, Reason::proposed, std::nullopt};
}

std::optional<Allocator::Choice> Allocator::choose_from(std::size_t pool, Kind kind,
                                                        Asking& asking) {
  const PoolPlan& plan = pools_.plan(pool);
  const auto identifiers =
      kind == Kind::ipv6 ? pools_.identifier_group(pool) : std::optional<std::uint16_t>{};
  const auto group = pools_.slot_group(pool, kind);
  if (!identifiers && !group) return std::nullopt;
  // A listed address that its owner may have back was found before: choose_last().
  const bool back = identifiers && plan.intake == PoolPlan::Intake::hold_down;
  if (plan.intake != PoolPlan::Intake::open && !(back && at_home(pool, asking))) {
    tell(asking, kind, [&] { return "pool " + plan.name + ": takes nobody in"; });
    return std::nullopt;
  }
  if (identifiers) return choose_identifier(*identifiers, asking);
  if (servers_.awaited() != 0) {
    tell(asking, kind, [&] { return "pool " + plan.name + ": waits for servers since a restore"; });
    return std::nullopt;
  }
  const SlotNumber number = pools_.slots.first_free(*group, tick_of(asking.now.steady));
  if (number == 0) {
    tell(asking, kind, [&] { return "pool " + plan.name + ": is full"; });
    return std::nullopt;
  }
  const Place place{.form = Place::Form::slot, .slot = number};
  tell(asking, kind, [&] {
    return "pool " + plan.name + ": " + address_text(kind, place) + " is unused longest";
  });
  return Choice{place, Reason::least_recent, std::nullopt};
}

// Whether the owner has something in this pool that an identifier can come with: on the lease that
// grows, from before, or reserved.
bool Allocator::at_home(std::size_t pool, const Asking& asking) const {
  if (asking.owner == kNone) return false;
  const OwnerNode& owner = owners_.at(asking.owner);
  for (SlotNumber slot = owner.first_slot; slot != 0; slot = pools_.slots.at(slot).sibling) {
    if (pools_.slots.groups()[pools_.slots.group_of(slot)].pool == pool) return true;
  }
  const auto* entry = owner.reserved == 0 ? nullptr : reservations_.of(asking.owner);
  for (Kind kind : kAllKinds) {
    const Place held = asking.grows == kNone ? Place{} : place_of(kind, asking.grows);
    if (held && pool_of(held) == pool) return true;
    const Place reserved = entry == nullptr ? Place{} : pools_.look(kind, entry->addresses);
    if (reserved && pool_of(reserved) == pool && holder_of(reserved) == kNone) return true;
  }
  return false;
}

std::optional<Allocator::Choice> Allocator::choose_identifier(std::uint16_t group, Asking& asking) {
  // The generation that the lease will have, or one that no lease will: used once either way.
  const Serial once = asking.grows == kNone ? serial_ + 1 : leases_.at(asking.grows).generation;
  for (std::uint64_t tries = 0; tries < kTriesInOrder + kOwnTries; ++tries) {
    const std::uint64_t counter = tries < kTriesInOrder ? tries : once * kOwnTries + tries;
    const bool known = counter == 0 && asking.stable && asking.stable->group == group;
    const std::uint64_t identifier =
        known ? asking.stable->identifier : pools_.stable(group, asking.name.owner, counter);
    if (!identifier_free(group, identifier, asking)) continue;
    const Place place = Place::of_identifier(group, identifier);
    tell(asking, Kind::ipv6, [&] {
      return "pool " + pools_.identifiers[group].name + ": " + address_text(Kind::ipv6, place) +
             " is computed for this owner";
    });
    return Choice{place, Reason::stable, std::nullopt};
  }
  return std::nullopt;
}

bool Allocator::identifier_free(std::uint16_t group, std::uint64_t identifier,
                                const Asking& asking) const {
  if (pools_.identifiers[group].excludes(identifier)) return false;
  const Place place = Place::of_identifier(group, identifier);
  const Ref reserved_for = reservations_.owner_of(place);
  if (reserved_for != kNone && reserved_for != asking.owner) return false;
  if (cooling_identifiers_.keeps_from(group, identifier, asking.owner_hash,
                                      tick_of(asking.now.steady))) {
    return false;
  }
  return holder_of(group, identifier) == kNone && !busy(place_key(place));
}

// Whether any pool of the rule has addresses of this kind.
bool Allocator::offered(Kind kind, const Asking& asking) const {
  const auto& pools = asking.decision->pools;
  return std::any_of(pools.begin(), pools.end(),
                     [&](std::uint16_t pool) { return pools_.gives(pool, kind); });
}

// Why nothing was found, with the numbers as they are now.
Error Allocator::refusal(Kind kind, const Asking& asking) {
  advance(asking.now, kMostFreed);
  std::string names;
  std::string numbers;
  bool open = false;
  for (std::uint16_t pool : asking.decision->pools) {
    if (!pools_.gives(pool, kind)) continue;
    names += (names.empty() ? "" : ", ") + pools_.plan(pool).name;
    if (pools_.plan(pool).intake != PoolPlan::Intake::open) {
      numbers += (numbers.empty() ? "" : "; ") + pools_.plan(pool).name + " takes nobody in";
      continue;
    }
    open = true;
    const auto group = pools_.slot_group(pool, kind);
    if (!group) continue;  // identifiers are not counted
    const auto& counts = pools_.slots.groups()[*group].counts;
    const auto count = [&counts](SlotState state) {
      return std::to_string(counts[static_cast<std::size_t>(state)]);
    };
    numbers += (numbers.empty() ? "" : "; ") + count(SlotState::live) + " of " +
               std::to_string(pools_.slots.groups()[*group].listing.size()) + " in use, " +
               count(SlotState::cooling) + " cooling, " + count(SlotState::idle) + " reserved";
  }
  const std::string rule = asking.decision->rule;
  if (names.empty()) {
    return {Code::no_pool,
            rule + " gives " + asking.name.owner + " no pool with " + std::string(kind_name(kind)) +
                " addresses",
            "add such a pool to the rule, or do not ask for this kind"};
  }
  if (servers_.awaited() != 0) {
    return {Code::pool_exhausted,
            "after the restore, pool " + names + " gives no address to a new owner until " +
                std::to_string(servers_.awaited()) +
                " servers have booted or listed their sessions",
            "report each server's boot or sessions, or restore with --trust"};
  }
  return {Code::pool_exhausted,
          "pool " + names + " has no free " + std::string(kind_name(kind)) + " address for " +
              asking.name.owner + (numbers.empty() ? "" : " (" + numbers + ")"),
          open ? "add addresses to the pool, shorten its cool_down, or end leases that are not in "
                 "use"
               : "set intake = \"open\", or add another pool"};
}

// Whether an address of this pool may go on being used by this request.
bool Allocator::allowed(std::size_t pool, const Asking& asking) const {
  const auto& pools = asking.decision->pools;
  return pools_.plan(pool).intake != PoolPlan::Intake::draining &&
         std::find(pools.begin(), pools.end(), pool) != pools.end();
}

std::size_t Allocator::pool_of(const Place& place) const {
  if (place.form == Place::Form::identifier) return pools_.identifiers[place.group].pool;
  return pools_.slots.groups()[pools_.slots.group_of(place.slot)].pool;
}

std::string Allocator::address_text(Kind kind, const Place& place) const {
  Addresses addresses;
  pools_.name(kind, place, addresses);
  return addresses.to_string();
}

}  // namespace berth
