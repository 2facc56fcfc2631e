// lease.h - what is asked for, what is given, and what is remembered.
//
//   Request ──▶ Book ──▶ Grant            the answer to assign()
//                   └──▶ Lease            what find() and leases() show
//                   └──▶ Interval         what who_had() and history() show: the past
//
// Values only; any thread may use them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "berth/address.h"
#include "berth/time.h"

namespace berth {

// Longest names that are taken, in bytes of UTF-8. Longer ones are refused, never cut.
// A user name of Windows is at most 256 UTF-16 units behind a domain of 255 (lmcons.h), a
// User-Name of RADIUS at most 253 bytes; sessions and ports fit a RADIUS attribute.
inline constexpr std::size_t kMaxUserBytes = 1024;
inline constexpr std::size_t kMaxServerBytes = 255;
inline constexpr std::size_t kMaxPortBytes = 255;
inline constexpr std::size_t kMaxSessionBytes = 255;
inline constexpr std::size_t kMaxGroups = 1024;

// The three kinds of address that one lease can hold.
enum class Kind : std::uint8_t { ipv4, ipv6, delegated };
inline constexpr int kKinds = 3;
[[nodiscard]] std::string_view kind_name(Kind kind);  // "ipv4", "ipv6", "delegated"

// Whether a kind is asked for. `required` kinds come all or not at all; an `optional` one that
// is not to be had is left out.
enum class Want : std::uint8_t { no, optional, required };

// One connection of one user, as an access server describes it.
struct Request {
  std::string user;     // the raw name, as the server sent it: valid UTF-8 without controls
  std::string server;   // the access server's name; never empty
  std::string port;     // where on the server; may be empty
  std::string session;  // the server's id of this session; may be empty
  std::vector<std::string> groups;  // groups of the user, for rules; added to those of settings

  Want ipv4 = Want::optional;
  Want ipv6 = Want::optional;
  Want delegated = Want::optional;

  // An address that the server proposes or that the user would like; taken where it is free
  // and allowed, passed over otherwise. An IPv6 address is taken from pools of sequential
  // identifiers alone: stable ones are computed, and a pool of /64s gives whole prefixes.
  std::optional<Ipv4> proposed_ipv4;
  std::optional<Ipv6> proposed_ipv6;
};

// The connection's key: server + session where there is a session; else server + exclusive
// port + owner; else server + port + owner. The same key again is a retry.

// Identifies one connection's lease on all nodes. Derived from the connection's key, so a
// retry meets the same id; (id, generation) is never used twice.
struct LeaseId {
  std::uint64_t value = 0;
  auto operator<=>(const LeaseId&) const = default;
};
[[nodiscard]] std::string lease_id_text(LeaseId id);  // 16 hexadecimal digits

// Grows with every new lease and every take-over; the larger is the later. Never reused.
struct Generation {
  std::uint64_t value = 0;
  auto operator<=>(const Generation&) const = default;
};

// The life of a lease. released, cooling and free are states of its addresses afterwards.
enum class State : std::uint8_t {
  held,    // given out, not yet confirmed by the server; ends by itself after the hold time
  active,  // the session is up
};
[[nodiscard]] std::string_view state_name(State state);

// Why an interval ended.
enum class Cause : std::uint8_t {
  released,         // the server said so
  hold_expired,     // never confirmed within its hold time
  lease_expired,    // not renewed within its lease time
  superseded,       // another connection came on the same exclusive port, or the same session
  taken_over,       // the owner's newer connection took the address over
  server_boot,      // the server started anew
  operator_action,  // a person ended it
};
[[nodiscard]] std::string_view cause_name(Cause cause);

// Which step of the order of choice (docs/architecture.md) led to an address.
enum class Reason : std::uint8_t {
  same_connection,  // the connection has this lease already
  taken_over,       // moved from the owner's earlier connection
  reservation,      // reserved for this owner
  last_address,     // the owner had it last
  proposed,         // the server proposed it
  least_recent,     // the free address that was unused longest
  stable,           // an identifier computed for this owner, RFC 7217
  module,           // an administration module chose it
  server_listed,    // the server said that the session has it: Book::server_listed()
};
[[nodiscard]] std::string_view reason_name(Reason reason);

// The addresses of a lease. `ipv6` has length 128 for a host (prefix + identifier) and 64 for a
// whole prefix; `delegated` has the pool's length.
struct Addresses {
  std::optional<Ipv4> ipv4;
  std::optional<Ipv6Prefix> ipv6;
  std::optional<Ipv6Prefix> delegated;

  [[nodiscard]] bool empty() const { return !ipv4 && !ipv6 && !delegated; }
  [[nodiscard]] std::string to_string() const;  // "10.8.0.7 2001:db8::7/128"
  bool operator==(const Addresses&) const = default;
};

// The answer to assign().
struct Grant {
  LeaseId id;
  Generation generation;
  State state = State::held;
  Addresses addresses;
  // By kind; meaningful where the kind was given.
  std::array<Reason, kKinds> reasons{};
  // How long the server may use it before it must renew; zero: until it is released.
  Milliseconds lease_time{0};
  bool operator==(const Grant&) const = default;
};

// Names a lease in confirm(), renew() and release(). Give what the server knows; the first of
// these that is there decides: id, then server + session, then server + port + user, then
// address. Whatever else is there must agree, or nothing changes and the Error says what was
// met: `stale` (an older generation or an earlier session) or `foreign` (another's lease).
//
// A connection that came with a session id is found by server + port + user only where the
// server's ports are exclusive: elsewhere many share a port, so name its session.
//
// Names are checked like those of a Request: `invalid` where one is too long or no clean UTF-8.
struct LeaseRef {
  std::optional<LeaseId> id;
  std::optional<Generation> generation;
  std::string server;
  std::string session;
  std::string port;
  std::string user;
  std::optional<Kind> kind;  // release() of one kind only, as RAS does
  std::optional<Ipv4> ipv4;  // an address that the lease must hold
  std::optional<Ipv6> ipv6;
  // When the session that this message is about began (event time - delay - session time). A
  // message without id, generation or the lease's own session (a lease may have none) counts only
  // if that is not before the lease.
  std::optional<WallTime> session_started;
  // For release(): when the session ended, where that is known and was a while ago. History has it
  // as the end; the addresses cool from now on. Later than now counts as now, and earlier than the
  // lease as its beginning.
  std::optional<WallTime> ended;
};

// A session that a server says is up: Book::server_listed().
struct Session {
  std::string user;  // the raw name, as the server has it
  std::string port;
  std::string session;
  Addresses addresses;  // at least one
};

// Which module answered for a kind of address, and whether it is to hear of its release.
struct Provider {
  Kind kind = Kind::ipv4;
  std::string module;
  bool release = false;  // it asked for the Release (docs/contract.md, R30)
};

// A call that an administration module waits for, since its Get asked for it: the Release of
// docs/contract.md (R30), with the strings of that Get (R32).
struct OwedRelease {
  std::string module;
  std::string user;  // the raw name
  std::string server;
  std::string port;
  Kind kind = Kind::ipv4;
  Addresses address;  // just this kind
  bool operator==(const OwedRelease&) const = default;
};

// A live lease, in full.
struct Lease {
  LeaseId id;
  Generation generation;
  State state = State::held;
  std::string owner;  // the canonical name
  std::string user;   // as the server sent it
  std::string server;
  std::string port;
  std::string session;
  Addresses addresses;
  bool second = false;  // a second login: its addresses are not remembered for the owner
  WallTime started;
  WallTime renewed;  // the last time that the server said it is alive
  bool operator==(const Lease&) const = default;
};

// Who had some addresses from `started` up to, not including, `ended`. No `ended`: it has them.
// Order is by `sequence`: wall time may have jumped, the sequence never does. Of ended intervals it
// counts the ends; of live ones, which come later than all of those, it is the generation. So
// compare it within one of the two, not across.
struct Interval {
  std::uint64_t sequence = 0;
  LeaseId lease;
  Generation generation;
  std::string owner;
  std::string user;
  std::string server;
  std::string port;
  std::string session;
  Addresses addresses;
  WallTime started;
  std::optional<WallTime> ended;
  Cause cause = Cause::released;  // meaningful where `ended` is there
  bool operator==(const Interval&) const = default;
};

// Which part of history to look at.
struct Span {
  std::optional<WallTime> from;   // intervals that end after this
  std::optional<WallTime> until;  // and begin before this
  std::size_t limit = 10'000;     // at most so many, the latest first
};

// An address, of each kind, that belongs to one owner and is never given to another.
struct Reservation {
  std::string owner;  // canonical
  std::string user;   // as it was written
  Addresses addresses;
  bool operator==(const Reservation&) const = default;
};

// How many addresses of one kind of one pool are in which state. The parts always sum to size.
struct PoolUse {
  std::string pool;
  Kind kind = Kind::ipv4;
  Uint128 size = 0;  // addresses listed, exclusions not counted; 2^64 for identifiers
  std::uint64_t held = 0;
  std::uint64_t active = 0;
  std::uint64_t cooling = 0;
  std::uint64_t reserved = 0;  // reserved and not in use now
  std::uint64_t pending = 0;   // being given out or taken back at this moment
  Uint128 free = 0;
  std::uint64_t excluded = 0;  // named in exclude; outside size
};

}  // namespace berth
