// model_choice_test.cc - the plain model: whether an assignment, or its refusal, was right.
#include "book/model_for_tests.h"

namespace berth::testing {
namespace {

Want wanted(const Request& request, Kind kind) {
  switch (kind) {
    case Kind::ipv4: return request.ipv4;
    case Kind::ipv6: return request.ipv6;
    case Kind::delegated: break;
  }
  return request.delegated;
}

}  // namespace

std::string Model::assigned(const Request& request, const Result<Grant>& answer) {
  const std::string owner = owner_of(request.user);
  const KeyKind key = request.session.empty() ? KeyKind::port : KeyKind::session;
  const Decision decision = decide(owner);
  Lease* same = by_key(request, key);
  Lease* own = same != nullptr && same->owner == owner && !doomed(*same) ? same : nullptr;

  if (own != nullptr) {
    bool retry = true;
    for (Kind kind : kAllKinds) {
      const Want want = wanted(request, kind);
      if (want == Want::required && !has(own->addresses, kind)) retry = false;
      // Without a session id, an active lease that is asked for again is another connection.
      if (want != Want::no && has(own->addresses, kind) && key == KeyKind::port &&
          own->state == State::active) {
        retry = false;
      }
    }
    if (retry) {
      if (!answer) return "a retry was refused: " + answer.error().what;
      if (answer->id != own->id || answer->generation != own->generation ||
          answer->state != own->state || answer->addresses != own->addresses) {
        return "a retry was answered with " + answer->addresses.to_string() + "; right is " +
               own->addresses.to_string();
      }
      return {};
    }
  }
  // What an active connection without a session id has not got yet, it can still get.
  Lease* grows = own;
  for (Kind kind : kAllKinds) {
    if (grows != nullptr && key == KeyKind::port && own->state == State::active &&
        wanted(request, kind) != Want::no && has(own->addresses, kind)) {
      grows = nullptr;
    }
  }
  Leavings leaving;
  if (std::string refused = leave_for(request, same, grows, decision, leaving); !refused.empty()) {
    if (!answer && answer.error().code == Code::second_login) return {};
    return "a second login was not refused";
  }
  const Addresses had = grows == nullptr ? Addresses{} : grows->addresses;
  if (!answer) return judge_refusal(request, answer.error(), decision, leaving, had);

  const Grant& grant = *answer;
  for (Kind kind : kAllKinds) {
    if (has(had, kind)) {
      if (only(kind, had) != only(kind, grant.addresses)) return "a lease that grew lost a kind";
      continue;
    }
    std::string wrong = judge(kind, request, grant, decision, leaving);
    if (!wrong.empty()) return std::string(kind_name(kind)) + ": " + wrong;
  }
  if (grant.addresses.empty()) return "a grant without an address";
  if (grows != nullptr) {
    if (grant.id != grows->id || grant.generation != grows->generation) {
      return "a lease that grew became another";
    }
  } else if (grant.generation.value <= newest_) {
    return "a generation is not larger than all before";
  }

  // It is right, so it happens.
  bool primary = false;
  for (const Lease& each : leases_) {
    const bool leaves = std::any_of(leaving.begin(), leaving.end(),
                                    [&](const auto& gone) { return gone.first == each.id; });
    primary = primary || (each.owner == owner && !each.second && !leaves);
  }
  ++uses_;
  for (const auto& [id, cause] : leaving) {
    const auto lease = std::find_if(leases_.begin(), leases_.end(),
                                    [&](const Lease& each) { return each.id == id; });
    Addresses moving;
    Addresses staying = lease->addresses;
    for (Kind kind : kAllKinds) {
      if (lease->owner != owner || !has(staying, kind) || has(had, kind) ||
          only(kind, staying) != only(kind, grant.addresses)) {
        continue;
      }
      copy_kind(kind, staying, moving);
      drop_kind(kind, staying);
    }
    if (!moving.empty()) end(*lease, moving, cause, false);
    if (!staying.empty()) end(*lease, staying, cause, true);
  }
  const LeaseId growing = grows == nullptr ? LeaseId{} : grows->id;
  std::erase_if(leases_, [](const Lease& each) { return each.addresses.empty(); });
  Lease* lease = nullptr;
  for (Lease& each : leases_) lease = growing != LeaseId{} && each.id == growing ? &each : lease;
  if (lease == nullptr) {
    const ServerPlan* server = server_plan(request.server);
    const bool confirms = server == nullptr || server->confirms;
    lease = &leases_.emplace_back();
    *lease = {.id = grant.id,
              .generation = grant.generation,
              .key = key,
              .state = confirms ? State::held : State::active,
              .second = primary,
              .owner = owner,
              .user = request.user,
              .server = request.server,
              .port = request.port,
              .session = request.session,
              .addresses = {},
              .renewed = clock_.wall(),
              .hold = decision.hold,
              .term = decision.term};
    newest_ = grant.generation.value;
    servers_.try_emplace(request.server);
    arm(*lease);
  }
  for (Kind kind : kAllKinds) {
    if (!has(grant.addresses, kind) || has(lease->addresses, kind)) continue;
    copy_kind(kind, grant.addresses, lease->addresses);
    lease->started[index_of(kind)] = clock_.wall();
    lease->last_start = std::max(lease->last_start, clock_.wall());
    const Place place = place_of(kind, grant.addresses);
    take(place);
    const std::size_t pool = known_[place].pool;
    const bool alone = std::count_if(leases_.begin(), leases_.end(),
                                     [&](const Lease& each) { return each.owner == owner; }) == 1;
    if (pool != kNoPool && grant.reasons[index_of(kind)] == Reason::stable && alone && !named_) {
      stable_.try_emplace({owner, pool}, place);
    }
  }
  if (grant.state != lease->state || grant.lease_time != lease->term) {
    return "a grant says another state or lease time than its rule";
  }
  return {};
}

// Which leases end because this connection begins. Not empty: it must be refused.
std::string Model::leave_for(const Request& request, const Lease* same, const Lease* grows,
                             const Decision& decision, Leavings& leaving) {
  const auto leave = [&](const Lease* lease, Cause cause) {
    if (lease == nullptr || lease == grows) return;
    for (const auto& each : leaving) {
      if (each.first == lease->id) return;
    }
    leaving.emplace_back(lease->id, doomed(*lease) ? Cause::server_boot : cause);
  };
  leave(same, Cause::superseded);
  leave(on_port(request.server, request.port), Cause::superseded);
  if (grows != nullptr) return {};
  const std::string owner = owner_of(request.user);
  std::vector<const Lease*> elsewhere;
  for (const Lease& lease : leases_) {
    if (lease.owner != owner) continue;
    if (doomed(lease)) leave(&lease, Cause::server_boot);
    const bool leaves = std::any_of(leaving.begin(), leaving.end(),
                                    [&](const auto& each) { return each.first == lease.id; });
    if (!leaves) elsewhere.push_back(&lease);
  }
  if (elsewhere.empty() || decision.second_login == SecondLogin::second) return {};
  if (decision.second_login == SecondLogin::refuse) return "second login";
  for (const Lease* lease : elsewhere) leave(lease, Cause::taken_over);
  return {};
}

// --- What can be had ---

bool Model::surely_free(const Place& place, const Known& known) const {
  return known.pool != kNoPool && clock_.steady() >= known.free_by && holder(place) == nullptr &&
         reserved_for(place) == nullptr;
}

std::optional<Model::Place> Model::sure_reservation(Kind kind, const std::string& owner,
                                                    const Leavings& leaving) const {
  const auto entry = reservations_.find(owner);
  if (entry == reservations_.end() || !has(entry->second, kind)) return std::nullopt;
  const Place place = place_of(kind, entry->second);
  const std::size_t pool = pool_of(place);
  if (pool == kNoPool || draining(pool)) return std::nullopt;
  if (const Lease* lease = holder(place)) {
    const bool leaves = std::any_of(leaving.begin(), leaving.end(),
                                    [&](const auto& each) { return each.first == lease->id; });
    if (leaves && lease->owner == owner) return place;
    return std::nullopt;
  }
  const auto known = known_.find(place);
  if (known == known_.end()) return place;
  const bool own = known->second.from == owner && known->second.sure;
  if (own || clock_.steady() >= known->second.free_by) return place;
  return std::nullopt;
}

std::vector<Model::Place> Model::moving(Kind kind, const std::string& owner,
                                        const Decision& decision, const Leavings& leaving) const {
  std::vector<Place> places;
  for (const Lease& lease : leases_) {
    const bool leaves = std::any_of(leaving.begin(), leaving.end(),
                                    [&](const auto& each) { return each.first == lease.id; });
    if (!leaves || lease.owner != owner || !has(lease.addresses, kind)) continue;
    const Place place = place_of(kind, lease.addresses);
    const std::size_t pool = pool_of(place);
    const auto& pools = decision.pools;
    if (pool == kNoPool || draining(pool) ||
        std::find(pools.begin(), pools.end(), pool) == pools.end()) {
      continue;
    }
    const std::string* other = reserved_for(place);
    if (other == nullptr || *other == owner) places.push_back(place);
  }
  return places;
}

// The last address in the first pool of the rule that has one.
std::optional<Model::Place> Model::sure_last(Kind kind, const std::string& owner,
                                             const Decision& decision) const {
  for (std::size_t pool : decision.pools) {
    if (draining(pool)) continue;
    for (const auto& [place, known] : known_) {
      if (place.first != kind || known.pool != pool || !known.sure || known.from != owner) continue;
      if (reserved_for(place) == nullptr && holder(place) == nullptr) return place;
    }
  }
  return std::nullopt;
}

// The identifier that was computed for this owner before, where nobody else may have it.
std::optional<Model::Place> Model::sure_computed(std::size_t pool, const std::string& owner) const {
  const auto before = stable_.find({owner, pool});
  if (before == stable_.end() || holder(before->second) != nullptr) return std::nullopt;
  const Place& place = before->second;
  const std::string* other = reserved_for(place);
  if ((other != nullptr && *other != owner) || pool_of(place) != pool) return std::nullopt;
  const auto known = known_.find(place);
  const bool cool = known == known_.end() || (known->second.from == owner && !named_) ||
                    clock_.steady() >= known->second.free_by;
  return cool ? std::optional(place) : std::nullopt;
}

// Whether the owner has something in the pool that an identifier comes with while nobody new is
// taken in. `sure`: only what is known to be there still.
bool Model::at_home(std::size_t pool, const std::string& owner, Sure sure) const {
  if (plan_.pools[pool].intake != PoolPlan::Intake::hold_down) return false;
  for (const auto& [place, known] : known_) {
    if (known.pool != pool || known.from != owner || computed(place)) continue;
    if (sure == Sure::no || (known.sure && holder(place) == nullptr)) return true;
  }
  const auto has_one = [&](const Addresses& addresses, bool free) {
    return std::any_of(kAllKinds.begin(), kAllKinds.end(), [&](Kind kind) {
      if (!has(addresses, kind)) return false;
      const Place place = place_of(kind, addresses);
      return pool_of(place) == pool && (!free || holder(place) == nullptr);
    });
  };
  const auto entry = reservations_.find(owner);
  if (entry != reservations_.end() && has_one(entry->second, true)) return true;
  return sure == Sure::no && std::any_of(leases_.begin(), leases_.end(), [&](const Lease& lease) {
           return lease.owner == owner && has_one(lease.addresses, false);
         });
}

std::optional<Model::Place> Model::to_be_had(Kind kind, const std::string& owner,
                                             const Decision& decision,
                                             const Leavings& leaving) const {
  if (auto place = sure_reservation(kind, owner, leaving)) return place;
  if (auto places = moving(kind, owner, decision, leaving); !places.empty()) return places[0];
  if (auto place = sure_last(kind, owner, decision)) return place;
  for (std::size_t pool : decision.pools) {
    const auto& identifiers = plan_.pools[pool].identifiers;
    const bool stable =
        kind == Kind::ipv6 && identifiers && identifiers->choice == IdentifierPool::Choice::stable;
    if (!takes_in(pool) && !(stable && at_home(pool, owner, Sure::yes))) continue;
    if (kind == Kind::ipv6 && identifiers) return Place{kind, identifiers->prefix};
    for (const auto& [place, known] : known_) {
      if (place.first == kind && known.pool == pool && surely_free(place, known)) return place;
    }
  }
  return std::nullopt;
}

// --- Judging ---

std::string Model::judge_refusal(const Request& request, const Error& error,
                                 const Decision& decision, const Leavings& leaving,
                                 const Addresses& had) const {
  if (error.what.empty() || error.remedy.empty()) return "a refusal does not explain itself";
  if (error.code != Code::pool_exhausted && error.code != Code::no_pool) {
    return "assign was refused: " + std::string(code_name(error.code)) + ", " + error.what;
  }
  std::string could;
  bool required = false;
  for (Kind kind : kAllKinds) {
    const Want want = wanted(request, kind);
    if (want == Want::no || has(had, kind)) continue;
    if (auto place = to_be_had(kind, owner_of(request.user), decision, leaving)) {
      could += " " + text(*place);
    } else {
      required = required || want == Want::required;
    }
  }
  if (required || (could.empty() && had.empty())) return {};
  return "refused (" + error.what + ") though it could have" + could;
}

std::string Model::judge(Kind kind, const Request& request, const Grant& grant,
                         const Decision& decision, const Leavings& leaving) const {
  const std::string owner = owner_of(request.user);
  const Want want = wanted(request, kind);
  if (!has(grant.addresses, kind)) {
    if (want == Want::no) return {};
    if (want == Want::required) return "granted without a kind that is required";
    const auto could = to_be_had(kind, owner, decision, leaving);
    return could ? "left out though it could have " + text(*could) : "";
  }
  if (want == Want::no) return "granted though nobody asked for it";
  const Place place = place_of(kind, grant.addresses);
  const std::size_t pool = pool_of(place);
  const std::string name = text(place);
  if (pool == kNoPool) return name + " is excluded or in no pool";
  if (draining(pool)) return name + " is in a pool that is draining";

  const auto movable = moving(kind, owner, decision, leaving);
  const bool moves = std::find(movable.begin(), movable.end(), place) != movable.end();
  const std::string* reserved = reserved_for(place);
  if (reserved != nullptr && *reserved != owner) return name + " is reserved for " + *reserved;
  if (const Lease* other = holder(place); other != nullptr && !moves) {
    const bool leaves = std::any_of(leaving.begin(), leaving.end(),
                                    [&](const auto& each) { return each.first == other->id; });
    if (other->owner != owner || !leaves) return name + " is held by " + other->owner + " too";
  }
  const auto found = known_.find(place);
  if (found != known_.end() && clock_.steady() < found->second.cool_by &&
      found->second.from != owner) {
    return name + " cools still from " + found->second.from;
  }

  if (const auto right = sure_reservation(kind, owner, leaving)) {
    return place == *right ? "" : name + " although " + text(*right) + " is reserved for it";
  }
  if (reserved != nullptr) return {};
  const auto& pools = decision.pools;
  if (std::find(pools.begin(), pools.end(), pool) == pools.end()) {
    return name + " is in no pool of its rule";
  }
  if (!movable.empty()) return moves ? "" : name + " although " + text(movable[0]) + " moves over";
  return judge_turn(place, request, decision, grant.reasons[index_of(kind)]);
}

// The last address, the proposed one, then each pool of the rule in turn.
std::string Model::judge_turn(const Place& place, const Request& request, const Decision& decision,
                              Reason reason) const {
  const std::string owner = owner_of(request.user);
  const std::string name = text(place);
  const auto& pools = decision.pools;
  const auto turn = [&](std::size_t pool) {
    return std::find(pools.begin(), pools.end(), pool) - pools.begin();
  };
  const auto found = known_.find(place);
  const Known known = found == known_.end() ? Known{.pool = pool_of(place)} : found->second;
  const bool last = known.remembered && known.from == owner;
  if (const auto right = sure_last(place.first, owner, decision)) {
    const bool earlier = last && turn(known.pool) < turn(pool_of(*right));
    return place == *right || earlier ? "" : name + " although it had " + text(*right) + " last";
  }
  if (last && reason == Reason::last_address) return {};
  if (!takes_in(known.pool) && !(computed(place) && at_home(known.pool, owner, Sure::no))) {
    return name + " is in a pool that takes nobody in";
  }
  if (reason == Reason::last_address) return name + " was not its last address";
  if (reason == Reason::proposed) {
    Addresses proposed{.ipv4 = request.proposed_ipv4};
    if (request.proposed_ipv6) proposed.ipv6 = Ipv6Prefix::host(*request.proposed_ipv6);
    return has(proposed, place.first) && place_of(place.first, proposed) == place
               ? ""
               : name + " was not proposed";
  }
  for (std::size_t pool : pools) {
    if (pool == known.pool) break;
    if (!takes_in(pool)) continue;
    const auto& identifiers = plan_.pools[pool].identifiers;
    if (place.first == Kind::ipv6 && identifiers) return name + " is in a later pool";
    for (const auto& [other, each] : known_) {
      if (other.first == place.first && each.pool == pool && surely_free(other, each)) {
        return name + " although " + text(other) + " is free in an earlier pool";
      }
    }
  }
  if (place.first == Kind::ipv6 && plan_.pools[known.pool].identifiers) {
    const auto computed = sure_computed(known.pool, owner);
    return reason == Reason::stable && computed && *computed != place
               ? name + " although " + text(*computed) + " is computed for it"
               : "";
  }
  if (!ordered_ || ever_reserved_.contains(name)) return {};
  for (const auto& [other, each] : known_) {
    if (other.first == place.first && each.pool == known.pool && surely_free(other, each) &&
        each.last_use < known.last_use && !ever_reserved_.contains(text(other))) {
      return name + " although " + text(other) + " is unused longer";
    }
  }
  return {};
}

}  // namespace berth::testing
