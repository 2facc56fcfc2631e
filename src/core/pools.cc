// pools.cc - building the groups of a plan, and finding addresses in them.
#include "core/pools.h"

#include <algorithm>

#include "core/kinds.h"

namespace berth {
namespace {

Uint128 stride_of(int length) { return Uint128{1} << (128 - length); }

Listing list_ipv4(const PoolPlan& plan) {
  std::vector<Listing::Part> parts;
  std::vector<Listing::Part> excluded;
  for (const auto& each : plan.ipv4) {
    parts.push_back({each.value.first().bits(), each.value.last().bits()});
  }
  for (const auto& each : plan.exclude_ipv4) {
    excluded.push_back({each.value.first().bits(), each.value.last().bits()});
  }
  return Listing::make(std::move(parts), std::move(excluded), 1);
}

Listing list_prefixes(const PrefixPool& plan) {
  std::vector<Listing::Part> parts;
  std::vector<Listing::Part> excluded;
  for (const auto& each : plan.from) {
    parts.push_back({each.value.address().bits(), each.value.last().bits()});
  }
  for (const auto& each : plan.exclude) {
    excluded.push_back({each.value.address().bits(), each.value.last().bits()});
  }
  return Listing::make(std::move(parts), std::move(excluded), stride_of(plan.length));
}

// 1, 2, 3 … under the /64; zero is the router's (RFC 4291), and RFC 5453's blocks lie far above.
Listing list_identifiers(const IdentifierPool& plan) {
  const Uint128 base = plan.prefix.address().bits();
  std::vector<Listing::Part> excluded;
  for (const auto& each : plan.exclude) {
    excluded.push_back({base | each.value.bits(), base | each.value.bits()});
  }
  return Listing::make({{base + 1, base + kMaxSequential}}, std::move(excluded), 1);
}

// The address of one kind as a number, and its length as a prefix.
struct Numbered {
  Uint128 bits = 0;
  Uint128 last = 0;
  int length = 0;
};
std::optional<Numbered> numbered(Kind kind, const Addresses& addresses) {
  if (kind == Kind::ipv4) {
    if (!addresses.ipv4) return std::nullopt;
    return Numbered{addresses.ipv4->bits(), addresses.ipv4->bits(), 32};
  }
  const auto& prefix = kind == Kind::ipv6 ? addresses.ipv6 : addresses.delegated;
  if (!prefix) return std::nullopt;
  return Numbered{prefix->address().bits(), prefix->last().bits(), prefix->length()};
}

// Whether this pool of identifiers has the address and never gives it.
bool excludes_host(const PoolPlan& plan, const Ipv6Prefix& host) {
  if (!plan.identifiers || host.length() != 128) return false;
  if (!plan.identifiers->prefix.contains(host.address())) return false;
  const auto identifier = static_cast<std::uint64_t>(host.address().bits());
  return identifier == 0 || InterfaceId(identifier).is_reserved() ||
         std::ranges::any_of(plan.identifiers->exclude,
                             [&](const auto& each) { return each.value.bits() == identifier; });
}

}  // namespace

bool IdentifierGroup::excludes(std::uint64_t identifier) const {
  return InterfaceId(identifier).is_reserved() ||
         std::binary_search(excluded.begin(), excluded.end(), identifier);
}

Pools::Pools(const Plan& plan, const SipKey& key) : key_(key), plans_(plan.pools) {
  for (std::size_t pool = 0; pool < plans_.size(); ++pool) {
    const PoolPlan& each = plans_[pool];
    groups_.emplace_back();
    if (!each.ipv4.empty()) add(pool, Kind::ipv4, 32, list_ipv4(each));
    if (each.prefixes) add(pool, Kind::ipv6, each.prefixes->length, list_prefixes(*each.prefixes));
    if (each.delegated) {
      add(pool, Kind::delegated, each.delegated->length, list_prefixes(*each.delegated));
    }
    if (!each.identifiers) continue;
    if (each.identifiers->choice == IdentifierPool::Choice::sequential) {
      add(pool, Kind::ipv6, 128, list_identifiers(*each.identifiers));
      continue;
    }
    IdentifierGroup group{.pool = static_cast<std::uint16_t>(pool),
                          .cool_down = each.cool_down,
                          .high = each.identifiers->prefix.address().high(),
                          .name = each.name,
                          .excluded = {}};
    for (const auto& out : each.identifiers->exclude) group.excluded.push_back(out.value.bits());
    std::sort(group.excluded.begin(), group.excluded.end());
    stretches_[index_of(Kind::ipv6)].push_back({each.identifiers->prefix.address().bits(),
                                                each.identifiers->prefix.last().bits(),
                                                identifiers.size(), true});
    groups_[pool].identifiers = static_cast<std::uint16_t>(identifiers.size());
    identifiers.push_back(std::move(group));
  }
  for (auto& stretches : stretches_) {
    std::sort(stretches.begin(), stretches.end(),
              [](const Stretch& a, const Stretch& b) { return a.first < b.first; });
  }
}

void Pools::add(std::size_t pool, Kind kind, int length, Listing listing) {
  const std::vector<Listing::Part> runs = listing.runs();
  Slots::Group group;
  group.pool = static_cast<std::uint16_t>(pool);
  group.kind = kind;
  group.length = static_cast<std::uint8_t>(length);
  group.cool_down = plans_[pool].cool_down;
  group.listing = std::move(listing);
  const std::size_t number = slots.add_group(std::move(group));
  groups_[pool].slots[index_of(kind)] = number;
  for (const Listing::Part& run : runs) {
    stretches_[index_of(kind)].push_back({run.first, run.last, number, false});
  }
}

std::optional<std::size_t> Pools::slot_group(std::size_t pool, Kind kind) const {
  return groups_[pool].slots[index_of(kind)];
}

std::optional<std::uint16_t> Pools::identifier_group(std::size_t pool) const {
  return groups_[pool].identifiers;
}

const Pools::Stretch* Pools::stretch(Kind kind, Uint128 address) const {
  const auto& stretches = stretches_[index_of(kind)];
  auto found = std::upper_bound(stretches.begin(), stretches.end(), address,
                                [](Uint128 a, const Stretch& s) { return a < s.first; });
  if (found == stretches.begin()) return nullptr;
  --found;
  return address <= found->last ? &*found : nullptr;
}

Place Pools::place(Kind kind, const Addresses& addresses) {
  Place place = look(kind, addresses);
  if (place) return place;
  // look() sees only slots that exist; a listed one may not have been made yet.
  const auto number = numbered(kind, addresses);
  if (!number) return place;
  const Stretch* found = stretch(kind, number->bits);
  if (found == nullptr || found->identifiers) return place;
  const Slots::Group& group = slots.groups()[found->group];
  const auto member = group.listing.number_of(number->bits);
  if (!member || group.length != number->length) return place;
  return {.form = Place::Form::slot, .slot = slots.number(found->group, *member)};
}

Place Pools::look(Kind kind, const Addresses& addresses) const {
  const auto number = numbered(kind, addresses);
  if (!number) return {};
  const Stretch* found = stretch(kind, number->bits);
  if (found == nullptr) return {};
  if (found->identifiers) {
    const auto identifier = static_cast<std::uint64_t>(number->bits);
    if (number->length != 128 || identifiers[found->group].excludes(identifier)) return {};
    return Place::of_identifier(static_cast<std::uint16_t>(found->group), identifier);
  }
  const Slots::Group& group = slots.groups()[found->group];
  const auto member = group.listing.number_of(number->bits);
  if (!member || group.length != number->length) return {};
  const SlotNumber slot = slots.known(found->group, *member);
  if (slot == 0) return {};
  return {.form = Place::Form::slot, .slot = slot};
}

std::pair<Uint128, Uint128> bounds(const AnyRange& where) {
  if (where.is_ipv4()) return {where.ipv4().first().bits(), where.ipv4().last().bits()};
  return {where.ipv6().first().bits(), where.ipv6().last().bits()};
}

template <class Each>
bool Pools::each_part(Kind kind, const AnyRange& where, Each&& each) const {
  if ((kind == Kind::ipv4) != where.is_ipv4()) return true;
  const auto [first, last] = bounds(where);
  const auto& stretches = stretches_[index_of(kind)];
  auto part = std::partition_point(stretches.begin(), stretches.end(),
                                   [begin = first](const Stretch& s) { return s.last < begin; });
  for (; part != stretches.end() && part->first <= last; ++part) {
    const Uint128 from = std::max(part->first, first);
    const Uint128 to = std::min(part->last, last);
    if (part->identifiers) {
      if (!each(*part, static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to))) {
        return false;
      }
      continue;
    }
    const Listing& listing = slots.groups()[part->group].listing;
    if (!each(*part, *listing.number_of(from), *listing.number_of(to))) return false;
  }
  return true;
}

Uint128 Pools::count_inside(Kind kind, const AnyRange& where) const {
  Uint128 count = 0;
  each_part(kind, where, [&](const Stretch&, std::uint64_t from, std::uint64_t to) {
    count += Uint128{to - from} + 1;
    return true;
  });
  return count;
}

bool Pools::each_inside(Kind kind, const AnyRange& where,
                        const std::function<bool(const Place&)>& each) const {
  return each_part(kind, where, [&](const Stretch& part, std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t left = to - from;; --left) {
      const std::uint64_t number = to - left;
      Place place = Place::of_identifier(static_cast<std::uint16_t>(part.group), number);
      if (!part.identifiers) {
        place = {.form = Place::Form::slot, .slot = slots.known(part.group, number)};
      }
      const bool there = part.identifiers || place.slot != 0;
      if (there && !each(place)) return false;
      if (left == 0) return true;
    }
  });
}

std::size_t Pools::turn_of(std::string_view name) const {
  std::size_t turn = 0;
  while (turn < plans_.size() && plans_[turn].name != name) ++turn;
  return turn;
}

void Pools::name(Kind kind, const Place& place, Addresses& addresses) const {
  if (place.form == Place::Form::identifier) {
    addresses.ipv6 =
        Ipv6Prefix::host(Ipv6(identifiers[place.group].high, InterfaceId(place.identifier)));
    return;
  }
  BERTH_ASSERT(place.form == Place::Form::slot);
  const Slots::Group& group = slots.groups()[slots.group_of(place.slot)];
  const Uint128 bits = group.listing.at(place.slot - group.base);
  switch (kind) {
    case Kind::ipv4: addresses.ipv4 = Ipv4(static_cast<std::uint32_t>(bits)); return;
    case Kind::ipv6: addresses.ipv6 = Ipv6Prefix::around(Ipv6(bits), group.length); return;
    case Kind::delegated:
      addresses.delegated = Ipv6Prefix::around(Ipv6(bits), group.length);
      return;
  }
}

std::uint64_t Pools::stable(std::uint16_t group, std::string_view owner,
                            std::uint64_t counter) const {
  return SipHash(key_).number(counter).text(identifiers[group].name).bytes(owner).take();
}

bool Pools::excludes(Kind kind, const Addresses& addresses) const {
  const auto number = numbered(kind, addresses);
  if (!number) return false;
  const auto inside = [&](const auto& parts, auto first, auto last) {
    return std::ranges::any_of(parts, [&](const auto& part) {
      return first(part.value) <= number->last && number->bits <= last(part.value);
    });
  };
  const auto in_prefixes = [&](const std::optional<PrefixPool>& pool) {
    return pool && inside(
                       pool->exclude, [](const auto& prefix) { return prefix.address().bits(); },
                       [](const auto& prefix) { return prefix.last().bits(); });
  };
  return std::ranges::any_of(plans_, [&](const PoolPlan& plan) {
    switch (kind) {
      case Kind::ipv4:
        return inside(
            plan.exclude_ipv4, [](const auto& range) { return Uint128{range.first().bits()}; },
            [](const auto& range) { return Uint128{range.last().bits()}; });
      case Kind::ipv6: return in_prefixes(plan.prefixes) || excludes_host(plan, *addresses.ipv6);
      case Kind::delegated: return in_prefixes(plan.delegated);
    }
    return false;
  });
}

std::optional<std::size_t> Pools::cut_differently(Kind kind, const Addresses& addresses) const {
  const auto number = numbered(kind, addresses);
  if (!number || kind == Kind::ipv4) return std::nullopt;
  for (Kind given : {Kind::ipv6, Kind::delegated}) {
    for (const Stretch& each : stretches_[index_of(given)]) {
      if (number->last < each.first || each.last < number->bits) continue;
      const int length = each.identifiers ? 128 : slots.groups()[each.group].length;
      // At the same length and of the same kind it is excluded there: nobody gets it.
      if (given == kind && length == number->length) continue;
      return each.identifiers ? identifiers[each.group].pool : slots.groups()[each.group].pool;
    }
  }
  return std::nullopt;
}

}  // namespace berth
