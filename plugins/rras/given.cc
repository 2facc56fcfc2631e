// given.cc - holdings by address, the oldest first.
#include "rras/given.h"

#include <algorithm>
#include <chrono>
#include <ranges>

namespace berth::rras {
namespace {

using namespace std::chrono_literals;

// RAS releases what a connection had within moments of its end, or never.
constexpr Milliseconds kReleaseComes = 1min;

}  // namespace

std::string Address::to_string() const {
  if (kind == Kind::ipv4) return Ipv4(static_cast<std::uint32_t>(bits)).to_string();
  return InterfaceId(bits).to_string();
}

std::optional<Address> address_of(const Addresses& addresses, Kind kind) {
  if (kind == Kind::ipv4 && addresses.ipv4) return Address{kind, addresses.ipv4->bits()};
  if (kind != Kind::ipv6 || !addresses.ipv6 || addresses.ipv6->length() != 128) return std::nullopt;
  return Address{kind, addresses.ipv6->address().identifier().bits()};
}

void Given::add(const Address& address, Holding holding) {
  const std::lock_guard lock(mutex_);
  std::deque<Holding>& holdings = by_address_[address];
  holdings.push_back(std::move(holding));
  if (holdings.size() > kMostOfOne) holdings.pop_front();
}

std::optional<Holding> Given::take(const Address& address, const Holder& holder, WallTime now) {
  const std::lock_guard lock(mutex_);
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return std::nullopt;
  std::deque<Holding>& holdings = found->second;
  std::erase_if(holdings, [&](const Holding& each) {
    return each.ended && *each.ended + kReleaseComes < now;
  });
  const auto oldest = std::ranges::find(holdings, holder, &Holding::holder);
  std::optional<Holding> taken;
  if (oldest != holdings.end()) {
    taken = std::move(*oldest);
    holdings.erase(oldest);
  }
  if (holdings.empty()) by_address_.erase(found);
  return taken;
}

std::optional<Holding> Given::end(const Address& address, const std::optional<WallTime>& accepted,
                                  WallTime ended) {
  const std::lock_guard lock(mutex_);
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return std::nullopt;
  std::deque<Holding>& holdings = found->second;
  if (!accepted && holdings.size() != 1) return std::nullopt;
  const WallTime by = accepted.value_or(ended);
  for (Holding& each : std::views::reverse(holdings)) {
    if (each.since > by) continue;
    if (each.ended) return std::nullopt;
    each.ended = ended;
    return each;
  }
  return std::nullopt;
}

void Given::move(const Address& address, Generation from, LeaseId id, Generation to) {
  const std::lock_guard lock(mutex_);
  const auto found = by_address_.find(address);
  if (found == by_address_.end()) return;
  for (Holding& each : found->second) {
    if (each.id != id || each.generation != from) continue;
    each.generation = to;
  }
}

void Given::begin_with(const std::vector<Lease>& leases) {
  const std::lock_guard lock(mutex_);
  by_address_.clear();
  for (const Lease& lease : leases) {
    for (const Kind kind : {Kind::ipv4, Kind::ipv6}) {
      const auto address = address_of(lease.addresses, kind);
      if (!address) continue;
      by_address_[*address].push_back({.holder = {lease.user, lease.port},
                                       .id = lease.id,
                                       .generation = lease.generation,
                                       .since = lease.started,
                                       .ended = {}});
    }
  }
}

}  // namespace berth::rras
