// allocator_assign.cc - the story of an assignment, in the order it happens.
#include <algorithm>

#include "core/allocator.h"
#include "core/kinds.h"

namespace berth {
namespace {

Want wanted(const Request& request, Kind kind) {
  switch (kind) {
    case Kind::ipv4: return request.ipv4;
    case Kind::ipv6: return request.ipv6;
    case Kind::delegated: return request.delegated;
  }
  return Want::no;
}

// Ids are hashes: two connections can meet in one, though nobody will see it happen. Then the
// second tries again with a salt. More than a few times is our own mistake.
constexpr std::uint64_t kMaxSalt = 4;

// Of an owner whose sessions a boot has ended: so many leases are looked at, and ended in the
// change in which the owner comes back. due() ends the others.
constexpr int kMostDoomed = 16;

}  // namespace

Result<Proposal> Allocator::assign(const Request& request, const OwnerName& name,
                                   const Moment& now) {
  Asking asking{.request = request, .name = name, .now = now};
  return assign(asking);
}

Result<Proposal> Allocator::assign(const Request& request, const OwnerName& name,
                                   const Exact& exact, const Moment& now) {
  Asking asking{.request = request, .name = name, .now = now, .exact = &exact};
  return assign(asking);
}

Result<Proposal> Allocator::assign(Asking& asking) {
  const Request& request = asking.request;
  const OwnerName& name = asking.name;
  asking.owner_hash = owners_.hash(name.owner);
  owners_.prefetch(asking.owner_hash);
  Connection connection = connection_of(request, name.owner);
  asking.decision = policy_.decide(request, name);
  // A session that is up has its addresses, whatever the rules say.
  if (asking.decision == nullptr && asking.listed()) asking.decision = &policy_.no_rule();
  foresee_identifier(asking);
  advance(asking.now);

  find_leases(connection, request, name.owner);
  Proposal blocked;
  for (Key key : {asking.owner_hash, connection.id.value, connection.port_hash}) {
    if (key == 0 || !busy(key)) continue;
    blocked.blocked_on = key;
    return blocked;
  }
  asking.owner = owners_.find(asking.owner_hash, name.owner);
  if (asking.owner != kNone) pools_.slots.prefetch(owners_.at(asking.owner).first_slot);
  if (asking.listed()) {
    if (auto before = listed_before(connection, asking)) return *std::move(before);
  } else if (auto same = same_connection(connection, asking)) {
    return *std::move(same);
  }
  asking.grows = growing(connection, asking);
  return plan_assign(connection, asking);
}

// The lease that this request adds kinds to, if it does: its own, where it has nothing yet of
// what is asked for, or lacks a kind that is required.
Ref Allocator::growing(const Connection& connection, const Asking& asking) const {
  const Ref lease = connection.lease;
  if (lease == kNone || doomed(lease) || leases_.at(lease).owner != asking.owner) return kNone;
  if (connection.key == KeyKind::session || leases_.at(lease).active == 0) return lease;
  const Addresses addresses = addresses_of(lease);
  for (Kind kind : kAllKinds) {
    if (wanted(asking.request, kind) != Want::no && has(addresses, kind)) return kNone;
  }
  return lease;
}

// Who is speaking about what: all that can be said without a look at any lease.
Allocator::Connection Allocator::connection_of(const Request& request,
                                               std::string_view owner) const {
  Connection connection;
  connection.key = request.session.empty() ? KeyKind::port : KeyKind::session;
  connection.server = servers_.find(request.server);
  connection.traits =
      connection.server ? servers_.at(*connection.server).traits : policy_.server(request.server);
  connection.exclusive = connection.traits.exclusive_ports && !request.port.empty();
  if (connection.exclusive) {
    connection.port_hash = leases_.port_hash(request.server, request.port);
  }
  connection.id = id_of(connection.key, request, owner, 0);
  leases_.prefetch(connection.id);
  return connection;
}

LeaseId Allocator::id_of(KeyKind key, const Request& request, std::string_view owner,
                         std::uint64_t salt) const {
  return key == KeyKind::session ? leases_.session_id(request.server, request.session, salt)
                                 : leases_.port_id(request.server, request.port, owner, salt);
}

// The lease of the connection, and the one that is on its port.
void Allocator::find_leases(Connection& connection, const Request& request,
                            std::string_view owner) const {
  if (connection.exclusive && connection.server) {
    connection.on_port =
        leases_.find_on_port(*connection.server, request.port, connection.port_hash);
  }
  for (std::uint64_t salt = 1;; ++salt) {
    connection.lease = leases_.find(connection.id);
    if (connection.lease == kNone) {
      if (connection.key == KeyKind::port) {
        connection.lease = renamed_on_port(request.server, request.port, owner);
      }
      return;
    }
    const LeaseNode& node = leases_.at(connection.lease);
    if (connection.server == node.server &&
        (connection.key == KeyKind::session ? leases_.session(connection.lease) == request.session
                                            : leases_.port(connection.lease) == request.port &&
                                                  owners_.name(node.owner) == owner)) {
      return;
    }
    BERTH_ASSERT(salt < kMaxSalt);
    connection.id = id_of(connection.key, request, owner, salt);
  }
}

// The lease of this port and owner under an id that was made from an earlier name of the owner: the
// owner rules have changed since.
Ref Allocator::renamed_on_port(std::string_view server, std::string_view port,
                               std::string_view owner) const {
  if (renamed_.empty()) return kNone;
  const auto known = renamed_.find(leases_.port_id(server, port, owner, 0).value);
  if (known == renamed_.end()) return kNone;
  const LeaseNode& node = leases_.at(known->second);
  const bool is_it = servers_.at(node.server).name == server &&
                     leases_.port(known->second) == port && owners_.name(node.owner) == owner;
  return is_it ? known->second : kNone;
}

// The id that its connection would get today.
LeaseId Allocator::port_id_of(Ref lease, std::uint64_t salt) const {
  const LeaseNode& node = leases_.at(lease);
  return leases_.port_id(servers_.at(node.server).name, leases_.port(lease),
                         owners_.name(node.owner), salt);
}

void Allocator::note_if_renamed(Ref lease) {
  for (std::uint64_t salt = 0; salt <= kMaxSalt; ++salt) {
    if (port_id_of(lease, salt).value == leases_.at(lease).id) return;
  }
  renamed_[port_id_of(lease, 0).value] = lease;
}

void Allocator::forget_renamed(Ref lease) {
  const auto known = renamed_.find(port_id_of(lease, 0).value);
  if (known != renamed_.end() && known->second == lease) renamed_.erase(known);
}

// A retry: the lease stands as it is. (A new session on the same port of an active lease is no
// retry, unless it only asks for kinds that the lease does not have: RAS asks one by one.)
std::optional<Proposal> Allocator::same_connection(const Connection& connection,
                                                   const Asking& asking) {
  const Ref lease = connection.lease;
  if (lease == kNone || doomed(lease)) return std::nullopt;
  const LeaseNode& node = leases_.at(lease);
  if (node.owner != asking.owner) return std::nullopt;
  const Addresses addresses = addresses_of(lease);
  for (Kind kind : kAllKinds) {
    const Want want = wanted(asking.request, kind);
    if (want == Want::required && !has(addresses, kind)) return std::nullopt;
    if (want != Want::no && has(addresses, kind) && connection.key == KeyKind::port &&
        node.active != 0) {
      return std::nullopt;
    }
  }
  Proposal proposal;
  proposal.grant = grant_of(lease);
  return proposal;
}

Result<Proposal> Allocator::plan_assign(const Connection& connection, Asking& asking) {
  const Ref grows = asking.grows;
  if (asking.decision == nullptr) {
    return fail(Code::no_pool, "no rule matches " + asking.name.owner,
                "add a rule that matches, or a last rule that matches everybody");
  }
  if (!connection.server) {
    if (Done room = servers_.check_room_for(asking.request.server); !room) {
      return std::unexpected(std::move(room).error());
    }
  }
  if (auto refused = end_earlier(connection, asking)) {
    return std::unexpected(*std::move(refused));
  }
  Proposal proposal;
  for (const Leaving& each : asking.leaving) {
    if (asking.steps != nullptr) break;  // who only asks for an explanation does not wait
    const Key key = owner_key(leases_.at(each.lease).owner);
    if (key != asking.owner_hash && busy(key)) {
      proposal.blocked_on = key;
      return proposal;
    }
  }

  const Addresses had = grows == kNone ? Addresses{} : addresses_of(grows);
  std::array<std::optional<Choice>, kKinds> choices;
  bool any = !had.empty();
  std::optional<Kind> missing;
  for (Kind kind : kAllKinds) {
    const Want want = wanted(asking.request, kind);
    if (want == Want::no || has(had, kind)) continue;
    if (asking.exact != nullptr && has(asking.exact->addresses, kind)) {
      Result<Choice> exact = take_exact(kind, asking);
      if (!exact) return std::unexpected(std::move(exact).error());
      choices[index_of(kind)] = *std::move(exact);
    } else {
      choices[index_of(kind)] = choose(kind, asking);
    }
    if (asking.blocked_on) {
      proposal.blocked_on = asking.blocked_on;
      return proposal;
    }
    any = any || choices[index_of(kind)];
    if (const auto& choice = choices[index_of(kind)]) {
      if (choice->place.form == Place::Form::slot) {
        pools_.slots.prefetch_neighbours(choice->place.slot);
      }
      continue;
    }
    if (want == Want::required) return std::unexpected(refusal(kind, asking));
    // An optional kind that no pool of the rule has is no reason for a refusal later.
    if (!missing || !offered(*missing, asking)) missing = kind;
  }
  if (!any) {
    if (missing) return std::unexpected(refusal(*missing, asking));
    return fail(Code::invalid, "the request asks for no kind of address",
                "ask for ipv4, ipv6 or delegated");
  }
  if (asking.steps == nullptr) write_assign(connection, asking, choices, proposal);
  for (Kind kind : kAllKinds) {
    const auto& choice = choices[index_of(kind)];
    if (!choice) continue;
    this->name(kind, *choice, asking, proposal.grant.addresses);
    proposal.grant.reasons[index_of(kind)] = choice->reason;
  }
  for (Kind kind : kAllKinds) {
    if (!has(had, kind)) continue;
    copy_kind(kind, had, proposal.grant.addresses);
    proposal.grant.reasons[index_of(kind)] = Reason::same_connection;
  }
  const bool active = grows == kNone ? !connection.traits.confirms || asking.listed()
                                     : leases_.at(grows).active != 0;
  proposal.grant.state = active ? State::active : State::held;
  proposal.grant.lease_time =
      grows == kNone ? asking.decision->lease_time : leases_.terms(grows).lease;
  return proposal;
}

// Computes the identifier that will be tried first, so that memory can look for it meanwhile.
void Allocator::foresee_identifier(Asking& asking) const {
  if (asking.request.ipv6 == Want::no || asking.decision == nullptr) return;
  for (std::uint16_t pool : asking.decision->pools) {
    const auto group = pools_.identifier_group(pool);
    if (!group) continue;
    asking.stable = {*group, pools_.stable(*group, asking.name.owner, 0)};
    foresee(Place::of_identifier(*group, asking.stable->identifier));
    return;
  }
}

// Which leases end because this connection begins. An Error: the owner is connected, and the
// rule says refuse.
std::optional<Error> Allocator::end_earlier(const Connection& connection, Asking& asking) {
  LeavingList& leaving = asking.leaving;
  const auto leaves = [&](Ref lease) {
    return std::any_of(leaving.begin(), leaving.end(),
                       [lease](const Leaving& each) { return each.lease == lease; });
  };
  for (const Ref lease : {connection.lease, connection.on_port}) {
    if (lease == kNone || lease == asking.grows || leaves(lease)) continue;
    leaving.push_back({lease, doomed(lease) ? Cause::server_boot : Cause::superseded});
  }
  if (asking.grows != kNone) {
    asking.second = leases_.at(asking.grows).second != 0;
    return std::nullopt;
  }
  if (asking.owner == kNone) return std::nullopt;

  const Ref first = owners_.at(asking.owner).first_lease;
  const SecondLogin rule = asking.listed() ? SecondLogin::second : asking.decision->second_login;
  int looks = 0;
  for (Ref lease = first; lease != kNone; lease = leases_.at(lease).owner_next) {
    if (rule == SecondLogin::second && ++looks > kMostDoomed) break;
    if (lease == connection.lease || lease == connection.on_port) continue;
    if (doomed(lease)) {
      leaving.push_back({lease, Cause::server_boot});
    } else if (rule == SecondLogin::take_over) {
      leaving.push_back({lease, Cause::taken_over});
    } else if (rule == SecondLogin::refuse) {
      return connected_already(lease, asking);
    }
  }
  // The others are second logins: Leases::join_owner().
  asking.second = first != kNone && leases_.at(first).second == 0 && !leaves(first);
  return std::nullopt;
}

Error Allocator::connected_already(Ref elsewhere, const Asking& asking) const {
  const LeaseRecord record = record_of(elsewhere);
  return {Code::second_login,
          asking.name.owner + " is connected already, to " + std::string(record.server) + " with " +
              record.addresses.to_string(),
          "end that connection first, or set second_login of " + asking.decision->rule +
              " to \"second\" or \"take_over\""};
}

void Allocator::write_assign(const Connection& connection, const Asking& asking,
                             const std::array<std::optional<Choice>, kKinds>& choices,
                             Proposal& proposal) {
  hold(asking.owner_hash, proposal);
  hold(connection.id.value, proposal);
  if (connection.exclusive) hold(connection.port_hash, proposal);
  if (!connection.server) expect_server(asking.request.server, proposal);

  for (std::size_t i = 0; i < asking.leaving.size(); ++i) {
    const auto [lease, cause] = asking.leaving[i];
    hold(owner_key(leases_.at(lease).owner), proposal);
    hold(leases_.at(lease).id, proposal);
    Addresses stay = addresses_of(lease);
    Addresses move;
    for (Kind kind : kAllKinds) {
      const auto& choice = choices[index_of(kind)];
      if (!choice || choice->moved_from != i) continue;
      copy_kind(kind, stay, move);
      drop_kind(kind, stay);
    }
    const WallTime at = asking.now.wall;
    if (!move.empty()) write_end(lease, move, cause, stay.empty(), false, at, proposal);
    if (!stay.empty()) write_end(lease, stay, cause, true, true, at, proposal);
  }

  Begin begin;
  LeaseRecord& record = begin.lease;
  if (asking.grows != kNone) {
    record = record_of(asking.grows);
  } else {
    record.id = connection.id;
    record.generation = {++serial_};
    record.key = connection.key;
    record.second = asking.second;
    record.state = connection.traits.confirms && !asking.listed() ? State::held : State::active;
    record.owner = asking.name.owner;
    record.user = asking.request.user;
    record.server = asking.request.server;
    record.port = asking.request.port;
    record.session = asking.request.session;
    record.hold_time = asking.decision->hold_time;
    record.lease_time = asking.decision->lease_time;
    record.renewed = asking.now.wall;
  }
  for (Kind kind : kAllKinds) {
    const auto& choice = choices[index_of(kind)];
    if (!choice) continue;
    name(kind, *choice, asking, record.addresses);
    record.started[index_of(kind)] = asking.now.wall;
  }
  ChangeWriter(proposal.bytes).add(begin);
  if (asking.exact != nullptr) write_provided(record, asking.exact->providers, proposal);
  for (Kind kind : kAllKinds) {
    if (const auto& choice = choices[index_of(kind)]) pend(kind, *choice, asking, proposal);
  }
  proposal.grant.id = record.id;
  proposal.grant.generation = record.generation;
  proposal.grant.state = record.state;
  proposal.grant.lease_time = record.lease_time;
}

// Takes what was chosen out of everybody's reach.
void Allocator::pend(Kind kind, const Choice& choice, const Asking& asking, Proposal& proposal) {
  switch (choice.place.form) {
    case Place::Form::none: hold(outside_key(kind, asking.exact->addresses), proposal); return;
    case Place::Form::slot:
      if (choice.moved_from) return;
      proposal.pended_.push_back(pools_.slots.pend(choice.place.slot));
      return;
    case Place::Form::identifier:
      ++pools_.identifiers[choice.place.group].pending;
      proposal.pended_identifier_ = choice.place.group;
      hold(place_key(choice.place), proposal);
      return;
  }
}

Grant Allocator::grant_of(Ref lease) const {
  const LeaseNode& node = leases_.at(lease);
  Grant grant;
  grant.id = {node.id};
  grant.generation = {node.generation};
  grant.state = node.active != 0 ? State::active : State::held;
  grant.addresses = addresses_of(lease);
  grant.reasons.fill(Reason::same_connection);
  grant.lease_time = leases_.terms(lease).lease;
  return grant;
}

Result<Grant> Allocator::explain(const Request& request, const OwnerName& name, const Moment& now,
                                 std::string& rule, std::vector<std::string>& steps) {
  Asking asking{.request = request, .name = name, .now = now, .steps = &steps};
  asking.owner_hash = owners_.hash(name.owner);
  asking.owner = owners_.find(asking.owner_hash, name.owner);
  advance(now);
  for (std::string& line : policy_.trace(request, name)) steps.push_back(std::move(line));
  asking.decision = policy_.decide(request, name);
  if (asking.decision != nullptr) rule = asking.decision->rule;

  Connection connection = connection_of(request, name.owner);
  find_leases(connection, request, name.owner);
  if (auto same = same_connection(connection, asking)) {
    steps.emplace_back("this connection has a lease already: it is answered again");
    Grant grant = same->grant;
    grant.id = {};
    grant.generation = {};
    return grant;
  }
  asking.grows = growing(connection, asking);
  Result<Proposal> proposal = plan_assign(connection, asking);
  if (!proposal) return std::unexpected(proposal.error());
  for (const Leaving& each : asking.leaving) {
    const LeaseRecord record = record_of(each.lease);
    steps.push_back("the lease of " + std::string(record.owner) + " on " +
                    std::string(record.server) + " with " + record.addresses.to_string() +
                    " would end: " + std::string(cause_name(each.cause)));
  }
  return proposal->grant;
}

void Allocator::hold(Key key, Proposal& proposal) {
  if (busy_.insert(key).second) proposal.keys_.push_back(key);
}

void Allocator::expect_server(std::string_view name, Proposal& proposal) {
  servers_.expect(name);
  proposal.new_server_ = name;
}

}  // namespace berth
