// static_pool.cc - the next address that nobody holds.
#include "rashost/static_pool.h"

namespace berth::ras {
namespace {

std::uint64_t number_of(Family family, const CalloutAddress& address) {
  return family == Family::ipv4 ? address.ipv4().bits() : address.identifier().bits();
}

}  // namespace

std::optional<CalloutAddress> StaticPool::propose(Family family, const Client& /*client*/) {
  const std::lock_guard lock(mutex_);
  std::set<std::uint64_t>& held = held_.at(static_cast<std::size_t>(family));
  if (family == Family::ipv6) {
    while (!held.insert(next_identifier_).second) ++next_identifier_;
    return CalloutAddress(InterfaceId(next_identifier_++));
  }
  if (!range_) return std::nullopt;
  for (std::uint64_t tried = 0; tried < range_->size(); ++tried) {
    const Ipv4 address(range_->first().bits() +
                       static_cast<std::uint32_t>(next_ipv4_++ % range_->size()));
    if (address != server_ && held.insert(address.bits()).second) return CalloutAddress(address);
  }
  return std::nullopt;
}

Taken StaticPool::take(Family family, const CalloutAddress& address, const Client& /*client*/,
                       const std::string& /*module*/) {
  if (family == Family::ipv4 && address.ipv4() == server_) return Taken::server;
  const std::lock_guard lock(mutex_);
  return held_.at(static_cast<std::size_t>(family)).insert(number_of(family, address)).second
             ? Taken::taken
             : Taken::in_use;
}

void StaticPool::give_back(Family family, const CalloutAddress& address, const Client& /*client*/) {
  const std::lock_guard lock(mutex_);
  held_.at(static_cast<std::size_t>(family)).erase(number_of(family, address));
}

std::size_t StaticPool::held() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& family : held_) count += family.size();
  return count;
}

}  // namespace berth::ras
