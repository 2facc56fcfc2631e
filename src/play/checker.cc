// checker.cc - a map of everything taken, and the excuses that a new holder may have.
#include "play/checker.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/quote.h"

namespace berth::play {
namespace {

// The addresses of one kind as a span of the one ordered space of both families.
std::optional<AnyRange> range_of(const Addresses& addresses, Kind kind) {
  switch (kind) {
    case Kind::ipv4:
      if (addresses.ipv4) return AnyRange::of(*addresses.ipv4);
      break;
    case Kind::ipv6:
      if (addresses.ipv6) return AnyRange::of(*addresses.ipv6);
      break;
    case Kind::delegated:
      if (addresses.delegated) return AnyRange::of(*addresses.delegated);
      break;
  }
  return std::nullopt;
}

struct Span128 {
  Uint128 first;
  Uint128 last;
};
Span128 span_of(const AnyRange& range) {
  if (!range.is_ipv4()) return {range.ipv6().first().bits(), range.ipv6().last().bits()};
  constexpr Uint128 kMapped = Uint128{0xffff} << 32;  // RFC 4291 section 2.5.5.2
  return {kMapped | range.ipv4().first().bits(), kMapped | range.ipv4().last().bits()};
}

}  // namespace

Checker::Checker(const Plan& plan) : hold_time_(plan.hold_time), cool_down_(Milliseconds::max()) {
  if (!plan.rules.empty()) {
    hold_time_ = std::ranges::min_element(plan.rules, {}, &Rule::hold_time)->hold_time;
  }
  for (const PoolPlan& pool : plan.pools) cool_down_ = std::min(cool_down_, pool.cool_down);
}

void Checker::granted(const Connection& to, const Grant& grant, const Moment& moment) {
  const auto known = leases_.find(to.key);
  if (known != leases_.end() && known->second.id == grant.id &&
      known->second.generation == grant.generation && known->second.addresses == grant.addresses) {
    known->second.confirmed |= grant.state == State::active;
    return;  // a retry
  }
  end(to.key, moment);  // an older generation of this connection
  // A new connection on an exclusive port ends the one before it.
  if (!to.exclusive_port.empty()) {
    const std::string port = to.server + '\n' + to.exclusive_port;
    if (const auto before = by_port_.find(port);
        before != by_port_.end() && before->second != to.key) {
      end(std::string(before->second), moment);
    }
    by_port_[port] = to.key;
  }
  for (Kind kind : {Kind::ipv4, Kind::ipv6, Kind::delegated}) {
    if (const auto where = range_of(grant.addresses, kind)) check(to, grant, kind, *where, moment);
  }

  Held held{.connection = to,
            .id = grant.id,
            .generation = grant.generation,
            .addresses = grant.addresses,
            .granted = moment,
            .alive = moment,
            .confirmed = grant.state == State::active,
            .lease_time = grant.lease_time};
  for (Kind kind : {Kind::ipv4, Kind::ipv6, Kind::delegated}) {
    const auto where = range_of(grant.addresses, kind);
    if (!where) continue;
    const Span128 span = span_of(*where);
    taken_[span.first] = {.last = span.last, .key = to.key, .owner = to.owner};
  }
  leases_.emplace(to.key, std::move(held));
  by_owner_[to.owner].push_back(to.key);
}

// Looks at everything that overlaps what is granted, and makes room for it.
void Checker::check(const Connection& to, const Grant& grant, Kind kind, const AnyRange& where,
                    const Moment& moment) {
  const Span128 span = span_of(where);
  auto entry = taken_.upper_bound(span.last);
  while (entry != taken_.begin()) {
    --entry;
    if (entry->second.last < span.first) break;
    const Taken taken = entry->second;
    const auto holder = leases_.find(taken.key);
    if (holder != leases_.end()) {
      const bool same_owner = taken.owner == to.owner;
      const bool moved =
          same_owner && grant.reasons.at(static_cast<std::size_t>(kind)) == Reason::taken_over;
      if (!moved &&
          !may_be_over(holder->second, same_owner ? Milliseconds{0} : cool_down_, moment)) {
        fault(doubles_, where, to, taken.owner);
      }
      end(taken.key, moment);
    } else if (taken.key.empty() && taken.owner != to.owner &&
               moment.answered - taken.ended < cool_down_) {
      fault(too_soon_, where, to, taken.owner);
    }
    entry = taken_.erase(entry);
  }
}

// Whether the lease can have ended by itself, and so long ago that `since_end` has passed.
bool Checker::may_be_over(const Held& held, Milliseconds since_end, const Moment& moment) const {
  if (held.releasing) return true;
  if (!held.confirmed && moment.answered - held.granted.sent >= hold_time_ + since_end) return true;
  return held.lease_time > Milliseconds{0} &&
         moment.answered - held.alive.sent >= held.lease_time + since_end;
}

void Checker::alive(const std::string& key, const Moment& moment) {
  const auto held = leases_.find(key);
  if (held == leases_.end()) return;
  held->second.confirmed = true;
  held->second.alive = moment;
}

void Checker::releasing(const std::string& key) {
  if (const auto held = leases_.find(key); held != leases_.end()) held->second.releasing = true;
}

void Checker::released(const std::string& key, const Moment& moment) {
  release_refused(key);  // it is no longer on its way
  end(key, moment);
}

void Checker::release_refused(const std::string& key) {
  if (const auto held = leases_.find(key); held != leases_.end()) held->second.releasing = false;
}

void Checker::booted(const std::string& server, const Moment& moment) {
  std::vector<std::string> over;
  for (const auto& [key, held] : leases_) {
    if (held.connection.server == server) over.push_back(key);
  }
  for (const std::string& key : over) end(key, moment);
}

bool Checker::is_connected(const std::string& owner, const std::string& but_on,
                           const Moment& moment) const {
  const auto keys = by_owner_.find(owner);
  if (keys == by_owner_.end()) return false;
  return std::ranges::any_of(keys->second, [&](const std::string& key) {
    return key != but_on && !may_be_over(leases_.at(key), Milliseconds{0}, moment);
  });
}

// The connection is over, at the latest now. Where it may have ended by itself, nobody knows
// when, and its cool-down is given the benefit of the doubt.
void Checker::end(const std::string& key, const Moment& moment) {
  auto lease = leases_.extract(key);
  if (lease.empty()) return;
  const Held& held = lease.mapped();
  const bool unknown = may_be_over(held, Milliseconds{0}, moment);
  for (Kind kind : {Kind::ipv4, Kind::ipv6, Kind::delegated}) {
    const auto where = range_of(held.addresses, kind);
    if (!where) continue;
    const auto entry = taken_.find(span_of(*where).first);
    if (entry == taken_.end() || entry->second.key != key) continue;
    entry->second.key.clear();
    entry->second.ended = unknown ? WallTime{} : moment.sent;
  }
  const auto keys = by_owner_.find(held.connection.owner);
  std::erase(keys->second, lease.key());
  if (keys->second.empty()) by_owner_.erase(keys);
}

void Checker::fault(std::uint64_t& count, const AnyRange& where, const Connection& to,
                    const std::string& other) {
  count += 1;
  if (!first_fault_.empty()) return;
  first_fault_ = where.to_string() + " went to " + quoted(to.owner) + " on " + quoted(to.server) +
                 " while it was " + (&count == &doubles_ ? "held by " : "still cooling from ") +
                 quoted(other);
}

}  // namespace berth::play
