// checker.h - believes nobody: sees every grant, and counts those that must not have been made.
//
// A plain map of who holds which addresses, kept beside the Book from nothing but its answers. It
// is told when a request left and when its answer came, so it knows between which two moments
// the Book acted, and counts only what is wrong whatever the true moment was:
//
//   double    an address for somebody while another connection still holds it
//   too soon  an address for another owner before its cool-down was over
//
// A lease may end without a word to the access server: not confirmed in its hold time, not
// renewed in its lease time, its port taken by another, its server booted, its owner moved on.
// The checker knows those rules and how early they can apply; nothing else excuses a double.
// One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "berth/lease.h"
#include "berth/plan.h"

namespace berth::play {

// The Book acted not before `sent` and not after `answered`.
struct Moment {
  WallTime sent;
  WallTime answered;
};

// Whose grant it is, as the Book tells connections apart.
struct Connection {
  std::string key;
  std::string owner;
  std::string server;
  std::string exclusive_port;  // empty where a port may carry several
};

class Checker {
 public:
  explicit Checker(const Plan& plan);

  void granted(const Connection& to, const Grant& grant, const Moment& moment);
  // The server said the session is up, and the Book took it.
  void alive(const std::string& key, const Moment& moment);
  // A release is on its way: it may count from now on.
  void releasing(const std::string& key);
  void released(const std::string& key, const Moment& moment);
  void release_refused(const std::string& key);
  void booted(const std::string& server, const Moment& moment);

  // Whether this owner surely has a lease on a connection other than `key`.
  [[nodiscard]] bool is_connected(const std::string& owner, const std::string& but_on,
                                  const Moment& moment) const;

  [[nodiscard]] std::uint64_t doubles() const { return doubles_; }
  [[nodiscard]] std::uint64_t too_soon() const { return too_soon_; }
  // Of the first of either: what was wrong, for a person; empty while all is well.
  [[nodiscard]] const std::string& first_fault() const { return first_fault_; }
  // Connections that nobody has said are over.
  [[nodiscard]] std::size_t open() const { return leases_.size(); }

 private:
  // What a connection has.
  struct Held {
    Connection connection;
    LeaseId id;
    Generation generation;
    Addresses addresses;
    Moment granted;
    Moment alive;
    bool confirmed = false;
    bool releasing = false;
    Milliseconds lease_time{0};
  };
  // An address or prefix: who has it, or had it last.
  struct Taken {
    Uint128 last = 0;
    std::string key;  // of the connection; empty once that is over
    std::string owner;
    WallTime ended;  // not before this; where the key is empty
  };

  void check(const Connection& to, const Grant& grant, Kind kind, const AnyRange& where,
             const Moment& moment);
  [[nodiscard]] bool may_be_over(const Held& held, Milliseconds since_end,
                                 const Moment& moment) const;
  void end(const std::string& key, const Moment& moment);
  void fault(std::uint64_t& count, const AnyRange& where, const Connection& to,
             const std::string& other);

  Milliseconds hold_time_;  // the shortest that the plan has
  Milliseconds cool_down_;
  std::unordered_map<std::string, Held> leases_;  // by connection
  std::unordered_map<std::string, std::vector<std::string>> by_owner_;
  std::unordered_map<std::string, std::string> by_port_;
  std::map<Uint128, Taken> taken_;  // by first address; never overlapping
  std::uint64_t doubles_ = 0;
  std::uint64_t too_soon_ = 0;
  std::string first_fault_;
};

}  // namespace berth::play
