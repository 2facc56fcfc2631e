// leases.h - the live leases as records, found by id and by exclusive port.
//
// A lease is one block of about a hundred bytes: the node and, right behind it, its texts. What
// few leases have (addresses outside every pool, kinds that began at different times) is in
// maps beside them. This class links records together; what the links mean is the Allocator's
// business. Not safe to share between threads.
#pragma once

#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

#include "core/arena.h"
#include "core/change.h"
#include "core/index.h"
#include "core/owners.h"
#include "core/servers.h"
#include "core/siphash.h"
#include "core/slots.h"

namespace berth {

struct LeaseNode {
  std::uint64_t id = 0;
  std::uint64_t generation = 0;
  std::uint64_t started : 48 = 0;  // milliseconds since 1970
  std::uint64_t terms : 16 = 0;    // index of its hold and lease time
  std::uint64_t ipv6 = 0;          // a SlotNumber, or an identifier where ipv6_group is not 0
  Ref owner = kNone;
  Tick deadline = 0;       // when it ends by itself; 0: never
  Ref owner_prev = kNone;  // the links of a list share 8 bytes, and so a cache line
  Ref owner_next = kNone;
  Ref server_prev = kNone;
  Ref server_next = kNone;
  SlotNumber ipv4 = 0;
  SlotNumber delegated = 0;
  std::uint32_t renewed = 0;  // seconds from `started` to the last sign of life
  ServerNumber server = 0;
  std::uint16_t ipv6_group = 0;  // identifier group + 1
  std::uint16_t user_size = 0;   // 0: the raw name is the owner's
  std::uint8_t active : 1 = 0;
  std::uint8_t port_key : 1 = 0;
  std::uint8_t second : 1 = 0;
  std::uint8_t timed : 1 = 0;     // has an entry in the timers
  std::uint8_t strays : 1 = 0;    // has addresses outside every pool
  std::uint8_t grown : 1 = 0;     // its kinds began at different times
  std::uint8_t on_port : 1 = 0;   // stands in the index of exclusive ports
  std::uint8_t provided : 1 = 0;  // a module answered for it: Debts
  std::uint8_t port_size = 0;
  std::uint8_t session_size = 0;
};

struct Terms {
  Milliseconds hold{0};
  Milliseconds lease{0};
  bool operator==(const Terms&) const = default;
};

class Leases {
 public:
  explicit Leases(const SipKey& key) : key_(key) {}

  // The id of a connection by its key; `salt` counts on where two keys meet in one id.
  [[nodiscard]] LeaseId session_id(std::string_view server, std::string_view session,
                                   std::uint64_t salt) const {
    return {SipHash(key_).number(1 + 2 * salt).text(server).bytes(session).take()};
  }
  [[nodiscard]] LeaseId port_id(std::string_view server, std::string_view port,
                                std::string_view owner, std::uint64_t salt) const {
    return {SipHash(key_).number(2 + 2 * salt).text(server).text(port).bytes(owner).take()};
  }
  [[nodiscard]] std::uint64_t port_hash(std::string_view server, std::string_view port) const {
    return SipHash(key_).number(0).text(server).bytes(port).take();
  }

  // A new record with these texts; not yet in any index. `user` empty: as the owner.
  [[nodiscard]] Ref make(std::string_view port, std::string_view session, std::string_view user) {
    const Ref ref = arena_.take(kTexts + port.size() + session.size() + user.size());
    LeaseNode& node = *new (arena_.at(ref)) LeaseNode{};
    node.port_size = static_cast<std::uint8_t>(port.size());
    node.session_size = static_cast<std::uint8_t>(session.size());
    node.user_size = static_cast<std::uint16_t>(user.size());
    char* text = texts(ref);
    text += port.copy(text, port.size());
    text += session.copy(text, session.size());
    user.copy(text, user.size());
    return ref;
  }
  void destroy(Ref ref) {
    const LeaseNode& node = at(ref);
    arena_.give_back(ref,
                     kTexts + std::size_t{node.port_size} + node.session_size + node.user_size);
  }

  [[nodiscard]] LeaseNode& at(Ref ref) { return *static_cast<LeaseNode*>(arena_.at(ref)); }
  [[nodiscard]] const LeaseNode& at(Ref ref) const {
    return *static_cast<const LeaseNode*>(arena_.at(ref));
  }
  [[nodiscard]] std::string_view port(Ref ref) const { return {texts(ref), at(ref).port_size}; }
  [[nodiscard]] std::string_view session(Ref ref) const {
    return {texts(ref) + at(ref).port_size, at(ref).session_size};
  }
  // The raw name where it differs from the owner's, else empty.
  [[nodiscard]] std::string_view user(Ref ref) const {
    const LeaseNode& node = at(ref);
    return {texts(ref) + node.port_size + node.session_size, node.user_size};
  }

  [[nodiscard]] Ref find(LeaseId id) const {
    return by_id_.find(id.value, [&](Ref ref) {
      arena_.prefetch(ref, kTexts);  // all of it: it is the one, or nearly always
      return at(ref).id == id.value;
    });
  }
  void add_id(Ref ref) { by_id_.insert(at(ref).id, ref); }
  void remove_id(Ref ref) { by_id_.erase(at(ref).id, ref); }
  // Asks for what a find of this id will read first, and for the neighbours of a lease in the
  // lists of its server and owner.
  void prefetch(LeaseId id) const { by_id_.prefetch(id.value); }
  void prefetch_neighbours(Ref ref) const {
    const LeaseNode& node = at(ref);
    for (const Ref each : {node.server_prev, node.server_next}) {
      if (each != kNone) __builtin_prefetch(&at(each).server_prev);
    }
    for (const Ref each : {node.owner_prev, node.owner_next}) {
      if (each != kNone) __builtin_prefetch(&at(each).owner_prev);
    }
  }

  // Exclusive ports: at most one lease each.
  [[nodiscard]] Ref find_on_port(ServerNumber server, std::string_view port,
                                 std::uint64_t port_hash) const {
    return by_port_.find(
        port_hash, [&](Ref ref) { return at(ref).server == server && this->port(ref) == port; });
  }
  void add_port(Ref ref, const Servers& servers) {
    by_port_.insert(port_hash(servers.at(at(ref).server).name, port(ref)), ref);
    at(ref).on_port = 1;
  }
  void remove_port(Ref ref, const Servers& servers) {
    by_port_.erase(port_hash(servers.at(at(ref).server).name, port(ref)), ref);
    at(ref).on_port = 0;
  }

  // Appends to, or takes from, the server's list.
  void join_server(Ref ref, Server& server) {
    LeaseNode& node = at(ref);
    node.server_prev = server.newest;
    node.server_next = kNone;
    (server.newest == kNone ? server.oldest : at(server.newest).server_next) = ref;
    server.newest = ref;
  }
  void leave_server(Ref ref, Server& server) {
    const LeaseNode& node = at(ref);
    (node.server_prev == kNone ? server.oldest : at(node.server_prev).server_next) =
        node.server_next;
    (node.server_next == kNone ? server.newest : at(node.server_next).server_prev) =
        node.server_prev;
  }

  // The same for the owner's list. First in it stands the lease whose addresses are remembered,
  // where there is one: every other is a second login. The newest of those comes next.
  void join_owner(Ref ref, OwnerNode& owner) {
    LeaseNode& node = at(ref);
    const Ref first = owner.first_lease;
    const bool behind = node.second != 0 && first != kNone;
    node.owner_prev = behind ? first : kNone;
    node.owner_next = behind ? at(first).owner_next : first;
    (behind ? at(first).owner_next : owner.first_lease) = ref;
    if (node.owner_next != kNone) at(node.owner_next).owner_prev = ref;
  }
  void leave_owner(Ref ref, OwnerNode& owner) {
    const LeaseNode& node = at(ref);
    (node.owner_prev == kNone ? owner.first_lease : at(node.owner_prev).owner_next) =
        node.owner_next;
    if (node.owner_next != kNone) at(node.owner_next).owner_prev = node.owner_prev;
  }

  // Hold and lease times are few; a record keeps an index.
  [[nodiscard]] std::uint16_t intern(const Terms& terms) {
    for (std::size_t i = terms_.size(); i-- > 0;) {
      if (terms_[i] == terms) return static_cast<std::uint16_t>(i);
    }
    if (terms_.size() == kMostTerms) return kMostTerms - 1;
    terms_.push_back(terms);
    return static_cast<std::uint16_t>(terms_.size() - 1);
  }
  [[nodiscard]] const Terms& terms(Ref ref) const {
    return terms_[static_cast<std::size_t>(at(ref).terms)];
  }

  [[nodiscard]] std::uint64_t size() const { return by_id_.size(); }

  // By lease, for the few that have them.
  std::map<Ref, Addresses> strays;
  std::map<Ref, std::array<WallTime, kKinds>> starts;

 private:
  // Rules are at most kMaxRules; settings changes within one process life could add more. The
  // last one stands for all beyond: a lease then waits too long or too short, nothing worse.
  static constexpr std::uint16_t kMostTerms = 16'384;
  // Where the texts begin: right behind the last field, inside the node's padding.
  static constexpr std::size_t kTexts = offsetof(LeaseNode, session_size) + 1;
  static_assert(kTexts == 77, "with 24 bytes of text a lease takes 104: docs/performance.md");

  [[nodiscard]] char* texts(Ref ref) const { return static_cast<char*>(arena_.at(ref)) + kTexts; }

  SipKey key_;
  Arena arena_;
  Index by_id_;
  Index by_port_;
  std::vector<Terms> terms_;
};

}  // namespace berth
