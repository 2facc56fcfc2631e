// model_test.cc - the plain model: what each answered call changes, and comparing with a Book.
#include <utility>

#include "book/model_for_tests.h"

namespace berth::testing {
namespace {

constexpr std::size_t kAll = 1'000'000;

template <class T>
std::string said(const Result<T>& answer) {
  return answer ? "success"
                : std::string(code_name(answer.error().code)) + ", " + answer.error().what;
}

}  // namespace

// --- The plan ---

void Model::adopt(const Plan& plan) {
  plan_ = plan;
  std::set<Place> listed;
  for (const PoolPlan& pool : plan_.pools) {
    for (const auto& range : pool.ipv4) {
      for (std::uint64_t bits = range.value.first().bits(); bits <= range.value.last().bits();
           ++bits) {
        listed.insert({Kind::ipv4, Ipv6Prefix::host(Ipv6(bits))});
      }
    }
    const auto cut = [&listed](Kind kind, const PrefixPool& prefixes) {
      for (const auto& from : prefixes.from) {
        const Uint128 step = Uint128{1} << (128 - prefixes.length);
        for (Uint128 bits = from.value.address().bits(); bits <= from.value.last().bits();
             bits += step) {
          listed.insert({kind, Ipv6Prefix::around(Ipv6(bits), prefixes.length)});
        }
      }
    };
    if (pool.prefixes) cut(Kind::ipv6, *pool.prefixes);
    if (pool.delegated) cut(Kind::delegated, *pool.delegated);
  }
  for (const Place& place : listed) known_.try_emplace(place);
  for (auto& [place, known] : known_) known.pool = pool_of(place);
}

bool Model::excluded(const Place& place) const {
  const Uint128 bits = place.second.address().bits();
  for (const PoolPlan& pool : plan_.pools) {
    if (place.first == Kind::ipv4) {
      for (const auto& each : pool.exclude_ipv4) {
        if (each.value.contains(Ipv4(static_cast<std::uint32_t>(bits)))) return true;
      }
      continue;
    }
    const auto& prefixes = place.first == Kind::ipv6 ? pool.prefixes : pool.delegated;
    for (std::size_t i = 0; prefixes && i < prefixes->exclude.size(); ++i) {
      if (prefixes->exclude[i].value.overlaps(place.second)) return true;
    }
    if (place.first != Kind::ipv6 || !pool.identifiers) continue;
    if (!pool.identifiers->prefix.contains(place.second.address())) continue;
    const InterfaceId identifier = place.second.address().identifier();
    if (identifier.is_reserved()) return true;
    for (const auto& each : pool.identifiers->exclude) {
      if (each.value == identifier) return true;
    }
  }
  return false;
}

// The pool of today's plan that this address belongs to.
std::size_t Model::pool_of(const Place& place) const {
  if (excluded(place)) return kNoPool;
  for (std::size_t i = 0; i < plan_.pools.size(); ++i) {
    const PoolPlan& pool = plan_.pools[i];
    const Ipv6 address = place.second.address();
    if (place.first == Kind::ipv4) {
      for (const auto& each : pool.ipv4) {
        if (each.value.contains(Ipv4(static_cast<std::uint32_t>(address.bits())))) return i;
      }
      continue;
    }
    const auto& prefixes = place.first == Kind::ipv6 ? pool.prefixes : pool.delegated;
    for (std::size_t j = 0; prefixes && j < prefixes->from.size(); ++j) {
      if (place.second.length() == prefixes->length && prefixes->from[j].value.contains(address)) {
        return i;
      }
    }
    if (place.first == Kind::ipv6 && pool.identifiers && place.second.length() == 128 &&
        pool.identifiers->prefix.contains(address)) {
      const bool listed = address.identifier().bits() <= kMaxSequential;
      if (pool.identifiers->choice == IdentifierPool::Choice::stable || listed) return i;
    }
  }
  return kNoPool;
}

// Identifiers that are found by hashing are not remembered: they are found again.
bool Model::computed(const Place& place) const {
  const std::size_t pool = pool_of(place);
  return place.first == Kind::ipv6 && pool != kNoPool && plan_.pools[pool].identifiers &&
         plan_.pools[pool].identifiers->choice == IdentifierPool::Choice::stable;
}

const ServerPlan* Model::server_plan(const std::string& server) const {
  for (const ServerPlan& each : plan_.servers) {
    if (each.name == server) return &each;
  }
  return nullptr;
}

bool Model::exclusive(const std::string& server) const {
  const ServerPlan* plan = server_plan(server);
  return plan != nullptr && plan->exclusive_ports;
}

Model::Decision Model::decide(const std::string& owner) const {
  Decision decision{{}, plan_.second_login, plan_.hold_time, plan_.lease_time};
  for (const Rule& rule : plan_.rules) {
    const auto& owners = rule.match.owners;
    if (!owners.empty() && std::find(owners.begin(), owners.end(), owner) == owners.end()) continue;
    decision = {{}, rule.second_login, rule.hold_time, rule.lease_time};
    for (const std::string& name : rule.pools) {
      for (std::size_t i = 0; i < plan_.pools.size(); ++i) {
        if (plan_.pools[i].name == name) decision.pools.push_back(i);
      }
    }
    return decision;
  }
  for (std::size_t i = 0; i < plan_.pools.size(); ++i) decision.pools.push_back(i);
  return decision;
}

// --- Leases ---

bool Model::doomed(const Lease& lease) const {
  const auto server = servers_.find(lease.server);
  return server != servers_.end() && lease.generation.value < server->second.before;
}

Model::Lease* Model::by_key(const Request& request, KeyKind key) {
  for (Lease& lease : leases_) {
    if (lease.key != key || lease.server != request.server) continue;
    if (key == KeyKind::session
            ? lease.session == request.session
            : lease.port == request.port && lease.owner == owner_of(request.user)) {
      return &lease;
    }
  }
  return nullptr;
}

Model::Lease* Model::on_port(const std::string& server, const std::string& port) {
  if (!exclusive(server) || port.empty()) return nullptr;
  for (Lease& lease : leases_) {
    if (lease.server == server && lease.port == port) return &lease;
  }
  return nullptr;
}

const Model::Lease* Model::holder(const Place& place) const {
  for (const Lease& lease : leases_) {
    for (Kind kind : kAllKinds) {
      if (has(lease.addresses, kind) && overlap(place_of(kind, lease.addresses), place)) {
        return &lease;
      }
    }
  }
  return nullptr;
}

Model::Lease* Model::holder(const Place& place) {
  const Lease* found = std::as_const(*this).holder(place);
  for (Lease& lease : leases_) {
    if (&lease == found) return &lease;
  }
  return nullptr;
}

const std::string* Model::reserved_for(const Place& place) const {
  for (const auto& [owner, addresses] : reservations_) {
    if (has(addresses, place.first) && place_of(place.first, addresses) == place) return &owner;
  }
  return nullptr;
}

void Model::take(const Place& place) {
  Known& known = known_[place];
  known.pool = pool_of(place);
  known.from.clear();
  known.remembered = false;
  known.sure = false;
  known.cool_by = known.free_by = {};
}

void Model::arm(Lease& lease) {
  const Milliseconds wait = lease.state == State::active ? lease.term : lease.hold;
  lease.deadline.reset();
  if (wait.count() != 0) lease.deadline = clock_.steady() + wait;
}

// These addresses of the lease are over; without `cools` they move on at once.
void Model::end(Lease& lease, const Addresses& ending, Cause cause, bool cools) {
  WallTime ended = clock_.wall();
  for (Kind kind : kAllKinds) {
    if (has(ending, kind)) ended = std::max(ended, lease.started[index_of(kind)]);
  }
  std::map<WallTime, std::uint64_t> numbers;
  for (Kind kind : kAllKinds) {
    if (!has(ending, kind)) continue;
    const Place place = place_of(kind, ending);
    const WallTime started = lease.started[index_of(kind)];
    if (!numbers.contains(started)) numbers[started] = ++row_numbers_;
    rows_.push_back({place, started, ended, lease.owner, lease.user, lease.server, lease.port,
                     lease.session, lease.generation.value, cause, numbers[started]});
    drop_kind(kind, lease.addresses);
    if (!cools) continue;
    Known& known = known_[place];
    known.from = lease.owner;
    known.last_use = uses_;
    known.remembered = !lease.second;
    known.sure = known.remembered && !computed(place);
    const Milliseconds cool_down =
        known.pool == kNoPool ? Milliseconds{0} : plan_.pools[known.pool].cool_down;
    known.cool_by = known.free_by = clock_.steady() + cool_down;
    if (!known.remembered) continue;
    for (auto& [other, older] : known_) {
      // One in no pool may be found in this one by other settings.
      const bool together = older.pool == known.pool || older.pool == kNoPool;
      if (other != place && other.first == kind && together && older.from == lease.owner) {
        older.sure = false;
      }
    }
  }
}

// --- Which lease a message means ---

Result<Model::Lease*> Model::find(const LeaseRef& which) {
  const std::string owner = owner_of(which.user);
  Lease* found = nullptr;
  const auto by_port = [&]() -> Lease* {
    for (Lease& lease : leases_) {
      if (lease.key == KeyKind::port && lease.server == which.server && lease.port == which.port &&
          lease.owner == owner) {
        return &lease;
      }
    }
    return on_port(which.server, which.port);
  };
  if (which.id) {
    for (Lease& lease : leases_) found = lease.id == *which.id ? &lease : found;
  } else if (!which.server.empty() && !which.session.empty()) {
    for (Lease& lease : leases_) {
      if (lease.key == KeyKind::session && lease.server == which.server &&
          lease.session == which.session) {
        found = &lease;
      }
    }
    if (found == nullptr && !which.user.empty()) found = by_port();
  } else if (!which.server.empty() && !which.user.empty()) {
    found = by_port();
  } else if (which.ipv4) {
    Addresses address{.ipv4 = which.ipv4};
    found = holder(place_of(Kind::ipv4, address));
  } else if (which.ipv6) {
    Addresses address{.ipv6 = Ipv6Prefix::host(*which.ipv6)};
    found = holder(place_of(Kind::ipv6, address));
  } else {
    return fail(Code::invalid, "");
  }
  if (found == nullptr) return fail(Code::not_found, "");

  if (doomed(*found)) return fail(Code::stale, "");
  if (which.generation && *which.generation != found->generation) return fail(Code::stale, "");
  if (!owner.empty() && found->owner != owner) return fail(Code::foreign, "");
  if (!which.server.empty() && found->server != which.server) return fail(Code::foreign, "");
  if (!which.session.empty() && !found->session.empty() && found->session != which.session) {
    return fail(Code::stale, "");
  }
  if (which.ipv4 && found->addresses.ipv4 != which.ipv4) return fail(Code::foreign, "");
  // What says that this very lease is meant, and no earlier one of the same place.
  const bool certain =
      which.id || which.generation || (!which.session.empty() && found->session == which.session);
  if (!certain && which.session_started) {
    WallTime began = WallTime::max();
    for (Kind kind : kAllKinds) {
      if (has(found->addresses, kind)) began = std::min(began, found->started[index_of(kind)]);
    }
    // Clocks differ and accounting counts whole seconds: two of them are forgiven.
    if (*which.session_started + 2s < began) return fail(Code::stale, "");
  }
  return found;
}

std::string Model::agree(const char* call, const Result<Lease*>& found, const Done& answer) const {
  if (found.has_value() == answer.has_value() &&
      (answer || answer.error().code == found.error().code)) {
    return {};
  }
  return std::string(call) + " was answered with " + said(answer) + "; right is " + said(found);
}

// --- What calls change ---

std::string Model::released(const LeaseRef& which, Cause cause, const Done& answer) {
  Result<Lease*> found = find(which);
  if (found && which.kind && !has((*found)->addresses, *which.kind)) {
    found = fail(Code::not_found, "");
  }
  if (std::string wrong = agree("release", found, answer); !wrong.empty() || !found) return wrong;
  Lease& lease = **found;
  ++uses_;
  end(lease, which.kind ? only(*which.kind, lease.addresses) : Addresses(lease.addresses), cause,
      true);
  std::erase_if(leases_, [](const Lease& each) { return each.addresses.empty(); });
  return {};
}

std::string Model::confirmed(const LeaseRef& which, const Done& answer) {
  const Result<Lease*> found = find(which);
  if (std::string wrong = agree("confirm", found, answer); !wrong.empty() || !found) return wrong;
  Lease& lease = **found;
  if (lease.state == State::active) return {};
  lease.state = State::active;
  lease.renewed = clock_.wall();
  arm(lease);
  return {};
}

std::string Model::renewed(const LeaseRef& which, const Done& answer) {
  const Result<Lease*> found = find(which);
  if (std::string wrong = agree("renew", found, answer); !wrong.empty() || !found) return wrong;
  Lease& lease = **found;
  lease.state = State::active;
  lease.renewed = clock_.wall();
  arm(lease);
  return {};
}

// Boots and ends of leases may come in any order within one look: they count as one use.
void Model::end_due() {
  ++uses_;
  for (Lease& lease : leases_) {
    const bool over = lease.deadline && *lease.deadline <= clock_.steady();
    if (!doomed(lease) && !over) continue;
    const Cause cause = doomed(lease)                  ? Cause::server_boot
                        : lease.state == State::active ? Cause::lease_expired
                                                       : Cause::hold_expired;
    end(lease, Addresses(lease.addresses), cause, true);
  }
  std::erase_if(leases_, [](const Lease& each) { return each.addresses.empty(); });
}

void Model::ticked() { end_due(); }

void Model::booted_half(const std::string& server, const std::string& epoch) {
  servers_[server] = {epoch, newest_ + 1};
}

std::string Model::booted(const std::string& server, const std::string& epoch,
                          const Result<Booted>& answer) {
  if (!answer) return "a boot was refused: " + said(answer);
  const bool known = servers_.contains(server) && servers_.at(server).epoch == epoch;
  if (answer->known != known) return "a boot's epoch is not what it was";
  if (!known) booted_half(server, epoch);
  const auto ending = static_cast<std::uint64_t>(
      std::count_if(leases_.begin(), leases_.end(),
                    [&](const Lease& each) { return each.server == server && doomed(each); }));
  end_due();
  if (answer->ended == ending) return {};
  return "a boot ended " + std::to_string(answer->ended) + " leases; right is " +
         std::to_string(ending);
}

std::string Model::reserved(const std::string& user, const Addresses& addresses,
                            const Done& answer) {
  const std::string owner = owner_of(user);
  bool right = true;
  for (Kind kind : kAllKinds) {
    if (!has(addresses, kind)) continue;
    const Place place = place_of(kind, addresses);
    const std::string* other = reserved_for(place);
    if (pool_of(place) == kNoPool || (other != nullptr && *other != owner)) right = false;
  }
  if (right != answer.has_value()) return "reserve was answered with " + said(answer);
  if (!right) return answer.error().code == Code::address_taken ? "" : "reserve: " + said(answer);
  for (Kind kind : kAllKinds) {
    if (!has(addresses, kind)) continue;
    copy_kind(kind, addresses, reservations_[owner]);
    const Place place = place_of(kind, addresses);
    ever_reserved_.insert(text(place));
    Known& known = known_[place];
    known.pool = pool_of(place);
    // One that cools goes to the end of the queue. And one that is computed may have been anybody's
    // a moment ago, so it may cool from now on.
    named_ = named_ || computed(place);
    if (!computed(place) && known.free_by <= clock_.steady()) continue;
    known.free_by = clock_.steady() + plan_.pools[known.pool].cool_down;
  }
  return {};
}

std::string Model::unreserved(const std::string& user, const Addresses& addresses,
                              const Done& answer) {
  const auto entry = reservations_.find(owner_of(user));
  bool right = entry != reservations_.end();
  for (Kind kind : kAllKinds) {
    right = right && (!has(addresses, kind) || only(kind, addresses) == only(kind, entry->second));
  }
  if (right != answer.has_value()) return "unreserve was answered with " + said(answer);
  if (!right) return answer.error().code == Code::not_found ? "" : "unreserve: " + said(answer);
  for (Kind kind : kAllKinds) {
    if (addresses.empty() || has(addresses, kind)) drop_kind(kind, entry->second);
  }
  if (entry->second.empty()) reservations_.erase(entry);
  return {};
}

std::string Model::erased(const std::string& user, const Done& answer) {
  const std::string owner = owner_of(user);
  const bool connected = std::any_of(leases_.begin(), leases_.end(),
                                     [&](const Lease& each) { return each.owner == owner; });
  if (connected == answer.has_value()) return "erase was answered with " + said(answer);
  if (connected) return answer.error().code == Code::conflict ? "" : "erase: " + said(answer);
  reservations_.erase(owner);
  for (auto& [place, known] : known_) {
    if (known.from != owner) continue;
    known.from.clear();
    known.remembered = known.sure = false;
    if (computed(place)) known.cool_by = {};  // it will be computed for this owner again
  }
  std::erase_if(rows_, [&](const Row& row) { return row.owner == owner; });
  return {};
}

std::string Model::forgot(WallTime before, const Result<std::uint64_t>& answer) {
  std::set<std::uint64_t> gone;
  for (const Row& row : rows_) {
    if (row.ended < before) gone.insert(row.number);
  }
  const std::size_t count = gone.size();
  std::erase_if(rows_, [&](const Row& row) { return row.ended < before; });
  if (answer && *answer == count) return {};
  return "forget_history was answered with " + (answer ? std::to_string(*answer) : said(answer)) +
         "; right is " + std::to_string(count);
}

// Cool-downs, holds and lease times begin again in full. Whether an address that had cooled was
// written down as cool is not promised.
void Model::restarted(const Plan& plan) {
  adopt(plan);
  const SteadyTime now = clock_.steady();
  std::map<std::tuple<std::string, std::size_t, Kind>, std::vector<Known*>> lasts;
  for (auto& [place, known] : known_) {
    if (known.last_use == 0 || holder(place) != nullptr) continue;
    const Milliseconds cool_down =
        known.pool == kNoPool ? Milliseconds{0} : plan_.pools[known.pool].cool_down;
    known.free_by = now + cool_down;
    if (known.cool_by > now) known.cool_by = known.free_by;
    known.sure = known.sure && !computed(place);
    if (known.remembered) lasts[{known.from, known.pool, place.first}].push_back(&known);
  }
  // Pools may have been joined: of two last addresses the later one is the last.
  for (auto& [whose, of_pool] : lasts) {
    for (Known* known : of_pool) {
      known->sure =
          known->sure && std::all_of(of_pool.begin(), of_pool.end(), [&](const Known* other) {
            return other == known || other->last_use < known->last_use;
          });
    }
  }
  for (Lease& lease : leases_) arm(lease);
}

// --- Comparing ---

std::string Model::leases_differ(const Book& book) const {
  const auto shown = book.leases({}, {}, kAll);
  if (!shown) return "leases: " + said(shown);
  for (const berth::Lease& each : *shown) {
    const bool right = std::any_of(leases_.begin(), leases_.end(),
                                   [&](const Lease& lease) { return lease.id == each.id; });
    if (!right) {
      return "the lease of " + each.owner + " on " + each.server + "/" + each.port + "/" +
             each.session + " with " + each.addresses.to_string() + ", generation " +
             std::to_string(each.generation.value) + ", should be over";
    }
  }
  for (const Lease& right : leases_) {
    const auto is = std::find_if(shown->begin(), shown->end(),
                                 [&](const berth::Lease& each) { return each.id == right.id; });
    const std::string name = "the lease of " + right.owner + " with " + right.addresses.to_string();
    if (is == shown->end()) return name + " is lost";
    WallTime started = WallTime::max();
    for (Kind kind : kAllKinds) {
      if (has(right.addresses, kind)) started = std::min(started, right.started[index_of(kind)]);
    }
    if (is->generation != right.generation || is->state != right.state ||
        is->owner != right.owner || is->user != right.user || is->server != right.server ||
        is->port != right.port || is->session != right.session || is->second != right.second ||
        is->addresses != right.addresses || is->started != started) {
      return name + " is shown otherwise, with " + is->addresses.to_string();
    }
    // A record counts whole seconds from a start; a clock that was set back behind it, as none.
    if (is->renewed > std::max(right.renewed, right.last_start) ||
        is->renewed + 3s < right.renewed) {
      return name + " was renewed at " + format_time(is->renewed) + "; right is " +
             format_time(right.renewed);
    }
  }
  return {};
}

std::string Model::history_differs(const Book& book) const {
  std::set<std::string> owners;
  for (const Row& row : rows_) owners.insert(row.owner);
  for (const Lease& lease : leases_) owners.insert(lease.owner);
  for (const std::string& owner : owners) {
    const auto shown = book.history(owner, {.limit = kAll});
    if (!shown) return "history: " + said(shown);
    std::vector<Row> is;
    std::map<Place, std::uint64_t> later;  // the sequence of the row that was met last
    for (const Interval& each : *shown) {
      for (Kind kind : kAllKinds) {
        if (!has(each.addresses, kind)) continue;
        const Place place = place_of(kind, each.addresses);
        is.push_back({place, each.started, each.ended.value_or(WallTime::max()), each.owner,
                      each.user, each.server, each.port, each.session, each.generation.value,
                      each.ended ? each.cause : Cause::released});
        if (!each.ended) continue;
        if (*each.ended < each.started) return "an interval ends before it begins";
        if (later.contains(place) && later[place] <= each.sequence) {
          return "history is not in order of sequence";
        }
        later[place] = each.sequence;
      }
    }
    std::vector<Row> right;
    for (const Row& row : rows_) {
      if (row.owner != owner) continue;
      right.push_back(row);
      right.back().number = 0;
    }
    for (const Lease& lease : leases_) {
      if (lease.owner != owner) continue;
      for (Kind kind : kAllKinds) {
        if (!has(lease.addresses, kind)) continue;
        right.push_back({place_of(kind, lease.addresses), lease.started[index_of(kind)],
                         WallTime::max(), lease.owner, lease.user, lease.server, lease.port,
                         lease.session, lease.generation.value, Cause::released});
      }
    }
    std::sort(is.begin(), is.end());
    std::sort(right.begin(), right.end());
    if (is == right) continue;
    for (std::size_t i = 0; i < std::max(is.size(), right.size()); ++i) {
      if (i < is.size() && i < right.size() && is[i] == right[i]) continue;
      const auto line = [](const std::vector<Row>& rows, std::size_t at) {
        if (at >= rows.size()) return std::string("nothing");
        const Row& row = rows[at];
        return text(row.place) + " generation " + std::to_string(row.generation) + " from " +
               format_time(row.started) + " to " +
               (row.ended == WallTime::max() ? "now" : format_time(row.ended)) + " " +
               std::string(cause_name(row.cause));
      };
      return "history of " + owner + ": " + line(is, i) + "; right is " + line(right, i);
    }
  }
  return {};
}

std::string Model::pools_differ(const Book& book) const {
  for (const PoolUse& use : book.pools()) {
    const Uint128 sum = use.free + use.held + use.active + use.cooling + use.reserved + use.pending;
    if (sum != use.size) return "the parts of pool " + use.pool + " do not sum to its size";
    if (use.pending != 0) return "something of pool " + use.pool + " is pending for ever";
    std::uint64_t held = 0;
    std::uint64_t active = 0;
    for (const Lease& lease : leases_) {
      if (!has(lease.addresses, use.kind)) continue;
      const auto pool = pool_of(place_of(use.kind, lease.addresses));
      if (pool == kNoPool || plan_.pools[pool].name != use.pool) continue;
      ++(lease.state == State::active ? active : held);
    }
    if (use.held != held || use.active != active) {
      return "pool " + use.pool + " counts " + std::to_string(use.held) + " held and " +
             std::to_string(use.active) + " active; right is " + std::to_string(held) + " and " +
             std::to_string(active);
    }
  }
  return {};
}

}  // namespace berth::testing
