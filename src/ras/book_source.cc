// book_source.cc - what RAS asks of its addresses, in the words of a Book.
#include "ras/book_source.h"

#include <algorithm>

#include "core/kinds.h"
#include "core/utf16.h"

namespace berth::ras {
namespace {

// Taken from the Book at once; each of them is a callout then.
constexpr std::size_t kMostOwed = 256;

Kind kind_of(Family family) { return family == Family::ipv4 ? Kind::ipv4 : Kind::ipv6; }

// What of it a callout can say: a whole /64 has no identifier.
std::optional<CalloutAddress> callout_address(Family family, const Addresses& addresses) {
  if (family == Family::ipv4) {
    if (!addresses.ipv4) return std::nullopt;
    return CalloutAddress(*addresses.ipv4);
  }
  if (!addresses.ipv6 || addresses.ipv6->length() != 128) return std::nullopt;
  return CalloutAddress(InterfaceId(static_cast<std::uint64_t>(addresses.ipv6->address().bits())));
}

// A module may choose where RAS has nothing; without one, RAS's own address is a must.
Want want(bool wanted, bool by_module) {
  if (!wanted) return Want::no;
  return by_module ? Want::optional : Want::required;
}

}  // namespace

BookSource::HeldPtr BookSource::held(const Client& client) {
  const std::lock_guard lock(mutex_);
  HeldPtr& held = held_[client.connection];
  if (!held) held = std::make_shared<Held>();
  return held;
}

// Once a connection: all families are proposed together, so that it gets all or none.
void BookSource::begin(Held& held, const Client& client) {
  const auto user = utf8_of(client.user);
  const auto port = utf8_of(client.port);
  if (!user || !port) {
    held.why = "the name of the user or of the port is no UTF-16";
    return;
  }
  Result<std::unique_ptr<Draft>> draft =
      book_.propose({.user = *user,
                     .server = options_.server,
                     .port = *port,
                     .session = {},
                     .groups = {},
                     .ipv4 = want(client.wanted.ipv4, client.by_module.ipv4),
                     .ipv6 = want(client.wanted.ipv6, client.by_module.ipv6),
                     .delegated = Want::no});
  if (!draft) {
    held.why = draft.error().what;
    return;
  }
  held.draft = *std::move(draft);
  if (held.draft->grant()) {
    held.proposed = held.draft->grant()->addresses;
  } else {
    held.why = held.draft->grant().error().what;
  }
}

std::optional<CalloutAddress> BookSource::propose(Family family, const Client& client) {
  const HeldPtr held = this->held(client);
  if (!held->draft) begin(*held, client);
  return callout_address(family, held->proposed);
}

// A module's identifier goes with the prefix that RAS has (R47).
Addresses BookSource::addresses_of(Family family, const CalloutAddress& address,
                                   const Held& held) const {
  Addresses addresses;
  if (family == Family::ipv4) {
    addresses.ipv4 = address.ipv4();
  } else {
    const std::uint64_t prefix =
        held.proposed.ipv6 ? held.proposed.ipv6->address().high() : options_.ipv6_prefix;
    addresses.ipv6 = Ipv6Prefix::host(Ipv6(prefix, address.identifier()));
  }
  return addresses;
}

Taken BookSource::take(Family family, const CalloutAddress& address, const Client& client,
                       const std::string& /*module*/) {
  if (family == Family::ipv4 &&
      std::ranges::find(options_.own, address.ipv4()) != options_.own.end()) {
    return Taken::server;
  }
  const HeldPtr held = this->held(client);
  if (!held->draft) return Taken::in_use;
  const Done done = held->draft->substitute(addresses_of(family, address, *held), options_.foreign);
  if (done) return Taken::taken;
  return done.error().code == Code::no_pool ? Taken::foreign : Taken::in_use;
}

std::expected<void, std::string> BookSource::commit(const Client& client,
                                                    std::span<const Answered> answered) {
  const HeldPtr held = this->held(client);
  if (!held->draft) return std::unexpected(held->why);
  std::vector<Provider> providers;
  for (const Answered& each : answered) {
    providers.push_back(
        {.kind = kind_of(each.family), .module = each.module, .release = each.release});
  }
  const Result<Grant> grant = held->draft->commit(providers);
  if (!grant) return std::unexpected(grant.error().what);
  held->lease = {.id = grant->id, .generation = grant->generation};
  held->draft.reset();
  return {};
}

// Before commit() nothing is to be done: a candidate goes back with what is put in its place, or
// with the draft.
void BookSource::give_back(Family family, const CalloutAddress& /*address*/, const Client& client) {
  const HeldPtr held = this->held(client);
  if (!held->lease.id) return;
  LeaseRef which = held->lease;
  which.kind = kind_of(family);
  // The Releases that are owed are the caller's to make.
  const auto owed = book_.hang_up(which);
  // Somebody else may have ended it: an operator, or a connection on the same port.
  if (owed || owed.error().code == Code::not_found || owed.error().code == Code::stale) return;
  options_.on_trouble("the lease of " + utf8_of(client.user).value_or("?") +
                      " stays: " + owed.error().what);
}

void BookSource::end(const Client& client) {
  const std::lock_guard lock(mutex_);
  held_.erase(client.connection);
}

Result<std::size_t> make_owed_releases(Book& book, Chain& chain, const OnTrouble& on_trouble) {
  std::size_t made = 0;
  for (;;) {
    const Result<std::vector<OwedRelease>> owed = book.take_owed(kMostOwed);
    if (!owed) return std::unexpected(owed.error());
    if (owed->empty()) return made;
    for (const OwedRelease& each : *owed) {
      const Family family = each.kind == Kind::ipv4 ? Family::ipv4 : Family::ipv6;
      const Module* const provider = chain.provider(family);
      const auto user = utf16_of(each.user);
      const auto port = utf16_of(each.port);
      const auto address = callout_address(family, each.address);
      if (provider == nullptr || provider->path() != each.module || !user || !port || !address) {
        on_trouble("module " + each.module + " is not there to hear that " + each.user +
                   " has released " + each.address.to_string());
        continue;
      }
      chain.release_address(family, *user, *port, *address);
      ++made;
    }
  }
}

}  // namespace berth::ras
