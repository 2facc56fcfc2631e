// opened.cc - what a desk has while its book is open.
#include "rras/opened.h"

#include <algorithm>

namespace berth::rras {
namespace {

std::vector<Ipv6Prefix> prefixes_of(const Plan& plan) {
  std::vector<Ipv6Prefix> prefixes;
  for (const PoolPlan& pool : plan.pools) {
    if (pool.identifiers) prefixes.push_back(pool.identifiers->prefix);
  }
  return prefixes;
}

}  // namespace

Desk::Opened::Opened(const Settings& settings, Policy policy_as_written, std::string server_name)
    : server(std::move(server_name)),
      prefixes(prefixes_of(settings.plan)),
      namer(settings.plan.owners),
      as_written(std::move(policy_as_written)),
      spool(Spool::path_of(settings.store)) {}

void Desk::Opened::propose(const Address& candidate, Request& request) const {
  if (candidate.bits == 0) return;
  if (candidate.kind == Kind::ipv4) {
    request.proposed_ipv4 = Ipv4(static_cast<std::uint32_t>(candidate.bits));
  } else if (!prefixes.empty()) {
    request.proposed_ipv6 = Ipv6(prefixes.front().address().high(), InterfaceId(candidate.bits));
  }
}

bool Desk::Opened::takes_over(const Request& request) const {
  const Result<OwnerName> name = namer.name(request.user);
  if (!name) return false;
  const Decision* const decision = as_written.decide(request, *name);
  return decision != nullptr && decision->second_login == SecondLogin::take_over;
}

void Desk::Opened::note_release(const LeaseRef& which, const Done& done) {
  if (done) return;
  const Code code = done.error().code;
  if (code == Code::not_found || code == Code::stale || code == Code::foreign) return;
  const std::lock_guard lock(owed_mutex);
  if (owed.size() < kMostOwed) owed.push_back(which);
}

std::vector<LeaseRef> Desk::Opened::take_owed() {
  const std::lock_guard lock(owed_mutex);
  return std::exchange(owed, {});
}

std::vector<LeaseRef> Desk::Opened::take_ended() {
  std::vector<LeaseRef> all;
  for (const Ended& each : spool.take()) {
    std::vector<Address> addresses;
    if (each.ipv4) addresses.push_back({Kind::ipv4, each.ipv4->bits()});
    if (each.identifier) addresses.push_back({Kind::ipv6, each.identifier->bits()});
    for (const Address& address : addresses) {
      const auto holding = given.end(address, each.accepted, each.ended);
      if (!holding) continue;
      all.push_back(reference(holding->id, holding->generation, address.kind));
      all.back().ended = each.ended;
    }
  }
  return all;
}

LeaseRef reference(LeaseId id, Generation generation, Kind kind) {
  LeaseRef which;
  which.id = id;
  which.generation = generation;
  which.kind = kind;
  return which;
}

bool is_own(const OwnAddresses& own, const Address& address) {
  return address.kind == Kind::ipv4
             ? std::ranges::count(own.ipv4, Ipv4(static_cast<std::uint32_t>(address.bits))) != 0
             : std::ranges::count(own.identifiers, InterfaceId(address.bits)) != 0;
}

std::unexpected<Error> not_usable(const Address& address) {
  return fail(Code::address_taken, address.to_string() + " is this server's own address",
              "take it out of the pool, and away from whoever it is reserved for");
}

std::unexpected<Error> no_identifier() {
  return fail(Code::no_pool, "the pool gives whole prefixes, and RRAS can give identifiers alone",
              "give the pool ipv6_identifiers in place of ipv6_prefixes");
}

}  // namespace berth::rras
