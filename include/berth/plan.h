// plan.h - what the settings say: pools, rules, owners, servers. The input of a Book.
//
// A Plan is plain data. It comes from berth.toml (settings.h) or is filled in by an embedding
// program. Book::open checks it as a whole and refuses it with an Error that names both places
// where two things cannot be true together; `place` carries "berth.toml:12" for that.
//
//   Plan plan;
//   plan.pools.push_back({.name = "dial-in",
//                         .ipv4 = {{*Ipv4Range::parse("10.8.0.0/16"), ""}}});
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "berth/address.h"
#include "berth/time.h"

namespace berth {

using namespace std::chrono_literals;

// The largest number of listed addresses of one kind in one pool, and in all pools together.
// Record numbers have 28 bits, and a few are set aside: just under a /4 of IPv4, or a /32 cut into
// /60.
inline constexpr std::uint64_t kMaxListed = std::uint64_t{1} << 28;
// How many sequential identifiers a pool lists.
inline constexpr std::uint64_t kMaxSequential = std::uint64_t{1} << 22;
inline constexpr std::size_t kMaxPools = 4096;
inline constexpr std::size_t kMaxRules = 4096;
inline constexpr std::size_t kMaxServers = 4096;
// The longest hold, lease and cool-down time: what 32 bits of milliseconds hold, less a margin.
inline constexpr Milliseconds kMaxTerm = std::chrono::days(45);

// A range and where it was written ("berth.toml:12"; empty when a program made it).
template <class T>
struct Placed {
  T value;
  std::string place;
};

// IPv6 identifiers of 64 bits under one /64.
struct IdentifierPool {
  Ipv6Prefix prefix;  // length 64
  std::string place;
  enum class Choice : std::uint8_t {
    stable,      // a keyed hash of pool, owner and counter: RFC 7217
    sequential,  // 1, 2, 3 … to kMaxSequential, the least recently used first
  };
  Choice choice = Choice::stable;
  std::vector<Placed<InterfaceId>> exclude;
};

// Prefixes of one length, cut from larger ones: whole /64s per user, or delegated prefixes.
struct PrefixPool {
  std::vector<Placed<Ipv6Prefix>> from;  // each no longer than `length`
  int length = 64;
  std::vector<Placed<Ipv6Prefix>>
      exclude;  // shorter ones exclude all inside, longer the one around
};

struct PoolPlan {
  enum class Intake : std::uint8_t {
    open,       // gives addresses
    hold_down,  // gives only to owners that have a last address or a reservation here: these, and
                // an identifier beside them. Of stable identifiers nothing is remembered, so a
                // pool that has them alone gives none but those reserved
    draining,   // gives none at all; only a connection that has one keeps it
  };

  std::string name;  // 1 to 64 of a-z A-Z 0-9 . _ -
  std::string place;
  std::vector<Placed<Ipv4Range>> ipv4;
  std::vector<Placed<Ipv4Range>> exclude_ipv4;
  std::optional<IdentifierPool> identifiers;  // at most one of identifiers
  std::optional<PrefixPool> prefixes;         // and prefixes (of length 64)
  std::optional<PrefixPool> delegated;
  Milliseconds cool_down = 5min;  // after a release, before another owner may have the address
  // Per cent of the listed addresses of a kind that are taken; each that is reached or left again
  // is an event (event.h). 1 to 100.
  std::vector<int> thresholds = {80, 90, 95};
  Intake intake = Intake::open;
};

// What happens when an owner who is connected connects again from elsewhere.
enum class SecondLogin : std::uint8_t {
  second,     // gets another address, which is not remembered
  take_over,  // the address moves to the new connection; the old one's interval ends
  refuse,     // is refused with Code::second_login
};

// What a request may be told apart by. An empty list matches everything; entries are compared
// without ASCII case and may have * for any run of characters.
struct Match {
  std::vector<std::string> owners;  // canonical names
  std::vector<std::string> realms;  // behind the @, or the DOMAIN before the backslash
  std::vector<std::string> groups;
  std::vector<std::string> servers;
  std::vector<std::string> ports;
};

// The first rule that matches decides. Without rules every request may use every pool in the
// order of the plan.
struct Rule {
  std::string name;  // for explain(); "rule 3" when empty
  std::string place;
  Match match;
  std::vector<std::string> pools;  // asked in this order, for each kind on its own
  SecondLogin second_login = SecondLogin::second;
  Milliseconds hold_time = 60s;  // a held lease that is never confirmed ends after this
  Milliseconds lease_time{0};    // zero: until it is released
};

// How a raw user name becomes an owner. ASCII case only: other case rules change with locale
// and Unicode version, and a key must not.
struct OwnerRules {
  bool fold_case = true;
  bool keep_domain = true;  // DOMAIN\user; false: the domain is cut off
  bool keep_realm = true;   // user@realm; false: the realm is cut off
  // "CORP" -> "corp.example": CORP\ana becomes ana@corp.example. Keys compared without case.
  std::map<std::string, std::string> domain_realms;
  bool operator==(const OwnerRules&) const = default;
};

// What kind of access server a name is, and so what its messages mean.
struct ServerPlan {
  std::string name;  // may have * for any run of characters; the first that matches decides
  std::string place;
  bool exclusive_ports = false;  // one port carries one connection at a time: RRAS, pppd
  bool confirms = true;          // false: there is no confirm; a lease is active from the start
};

struct Plan {
  std::vector<PoolPlan> pools;
  std::vector<Rule> rules;
  OwnerRules owners;
  std::map<std::string, std::vector<std::string>> groups;  // group -> owners, * allowed
  std::vector<ServerPlan> servers;
  Milliseconds hold_time = 60s;  // where there are no rules
  Milliseconds lease_time{0};
  SecondLogin second_login = SecondLogin::second;
  Milliseconds keep_history{0};  // ended intervals older than this are deleted; zero: never
};

}  // namespace berth
