// allocator_which.cc - which live lease a message is about, and whether it really is.
#include "core/allocator.h"

namespace berth {
namespace {

// Accounting counts whole seconds, and the access server's clock is not ours. A session that
// seems to have begun this much before its lease is still the lease's own.
constexpr Milliseconds kSessionSlack = 2s;

// What to do about a message that is not about the lease as it is now.
constexpr const char* kLate = "nothing, if it was sent late; the lease goes on";

}  // namespace

// What is on its way may become, or end, the very lease that is meant.
std::optional<Key> Allocator::in_flight(const LeaseRef& which, std::string_view owner) const {
  if (busy_.empty()) return std::nullopt;
  const auto blocks = [this](Key key) { return busy(key) ? std::optional(key) : std::nullopt; };
  if (which.id) {
    if (const auto key = blocks(which.id->value)) return key;
  }
  if (!owner.empty()) {
    if (const auto key = blocks(owners_.hash(owner))) return key;
  }
  if (which.server.empty()) return std::nullopt;
  if (!which.session.empty()) {
    if (const auto key = blocks(leases_.session_id(which.server, which.session, 0).value)) {
      return key;
    }
  }
  // Held only where ports are exclusive.
  if (which.port.empty()) return std::nullopt;
  return blocks(leases_.port_hash(which.server, which.port));
}

Result<Ref> Allocator::resolve(const LeaseRef& which, std::string_view owner) const {
  const auto none = [](const std::string& named) {
    return fail(Code::not_found, "there is no live lease " + named,
                "nothing: it has ended already, or never began");
  };
  Ref lease = kNone;
  if (which.id) {
    lease = leases_.find(*which.id);
    if (lease == kNone) return none("with id " + lease_id_text(*which.id));
  } else if (!which.server.empty() && !which.session.empty()) {
    lease = leases_.find(leases_.session_id(which.server, which.session, 0));
    // The session may have had no id yet when the address was asked for.
    if (lease == kNone && !which.user.empty()) lease = by_port(which, owner);
    if (lease == kNone) return none("of session " + which.session + " on " + which.server);
  } else if (!which.server.empty() && !which.user.empty()) {
    lease = by_port(which, owner);
    if (lease == kNone) {
      return none("of " + std::string(owner) + " on " + which.server +
                  (which.port.empty() ? "" : " port " + which.port));
    }
  } else if (which.ipv4 || which.ipv6) {
    lease = by_address(which);
    if (lease == kNone) {
      return none("with address " +
                  (which.ipv4 ? which.ipv4->to_string() : which.ipv6->to_string()));
    }
  } else {
    return fail(Code::invalid, "the message names no lease",
                "give an id, server and session, server, port and user, or an address");
  }
  foresee_end(lease);
  if (auto same = agrees(lease, which, owner); !same) return std::unexpected(same.error());
  return lease;
}

Ref Allocator::by_port(const LeaseRef& which, std::string_view owner) const {
  Ref lease = leases_.find(leases_.port_id(which.server, which.port, owner, 0));
  if (lease == kNone) lease = renamed_on_port(which.server, which.port, owner);
  if (lease != kNone) return lease;
  const auto server = servers_.find(which.server);
  if (!server || !servers_.at(*server).traits.exclusive_ports) return kNone;
  return leases_.find_on_port(*server, which.port, leases_.port_hash(which.server, which.port));
}

Ref Allocator::by_address(const LeaseRef& which) const {
  Ref found = kNone;
  const AnyRange where =
      which.ipv4 ? AnyRange::of(*which.ipv4) : AnyRange::of(Ipv6Prefix::host(*which.ipv6));
  each_holder(where, [&](const LeaseRecord& record) {
    found = leases_.find(record.id);
    return false;
  });
  return found;
}

// Whatever else a message says must be true of the lease, or it is about another.
Done Allocator::agrees(Ref lease, const LeaseRef& which, std::string_view owner) const {
  const LeaseNode& node = leases_.at(lease);
  const auto foreign = [](std::string_view what, std::string_view is, std::string_view said) {
    return fail(Code::foreign,
                "the lease's " + std::string(what) + " is " + std::string(is) + ", not " +
                    std::string(said),
                kLate);
  };
  const std::string_view server = servers_.at(node.server).name;
  const std::string_view session = leases_.session(lease);
  if (doomed(lease)) {
    return fail(Code::stale, "the lease is from before the last boot of " + std::string(server),
                "ask for an address anew");
  }
  if (which.generation && which.generation->value != node.generation) {
    return fail(Code::stale,
                "the message is about generation " + std::to_string(which.generation->value) +
                    "; the lease is at " + std::to_string(node.generation),
                kLate);
  }
  if (!owner.empty() && owners_.name(node.owner) != owner) {
    return foreign("owner", owners_.name(node.owner), owner);
  }
  if (!which.server.empty() && server != which.server) {
    return foreign("server", server, which.server);
  }
  if (!which.session.empty() && !session.empty() && session != which.session) {
    return fail(Code::stale,
                "the message is about session " + which.session + "; the lease is of " +
                    std::string(session),
                kLate);
  }
  if (which.ipv4 || which.ipv6) {
    const Addresses holds = addresses_of(lease);
    if (which.ipv4 && holds.ipv4 != which.ipv4) {
      return foreign("IPv4 address", holds.ipv4 ? holds.ipv4->to_string() : "none",
                     which.ipv4->to_string());
    }
    const auto inside = [&](const std::optional<Ipv6Prefix>& prefix) {
      return prefix && prefix->contains(*which.ipv6);
    };
    if (which.ipv6 && !inside(holds.ipv6) && !inside(holds.delegated)) {
      return foreign("IPv6", holds.to_string(), which.ipv6->to_string());
    }
  }
  // Without an id, a generation or a session that both know, only time tells sessions apart.
  const bool nameless =
      !which.id && !which.generation && (which.session.empty() || session.empty());
  if (nameless && which.session_started) {
    const WallTime started = first_start(record_of(lease));
    if (*which.session_started + kSessionSlack < started) {
      return fail(Code::stale,
                  "the session began at " + format_time(*which.session_started) +
                      ", before the lease (" + format_time(started) + ")",
                  kLate);
    }
  }
  return {};
}

}  // namespace berth
