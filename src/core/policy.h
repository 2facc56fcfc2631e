// policy.h - the rules of a plan, made ready: from a request to the pools that may serve it.
//
//   Result<Policy> policy = Policy::compile(plan);      // refuses what cannot be
//   const Decision* decision = policy->decide(request, name);
//
// The first rule that matches decides; a plan without rules gives every request all pools. The
// cost grows with the number of rules, not with the number of names in them that have no *.
// Immutable once compiled; any thread may ask.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"
#include "berth/plan.h"
#include "core/owner_name.h"

namespace berth {

// What a rule says, in terms of the plan.
struct Decision {
  std::string rule;                  // its name, for explain()
  std::vector<std::uint16_t> pools;  // indexes into plan.pools, in the order to ask
  SecondLogin second_login = SecondLogin::second;
  Milliseconds hold_time{0};
  Milliseconds lease_time{0};
};

// What a server is like.
struct ServerTraits {
  bool exclusive_ports = false;
  bool confirms = true;
};

class Policy {
 public:
  // settings_invalid, with both places named: pools or parts of a pool overlap; a name is twice
  // or malformed; a rule names a pool that is not there; a pool has nothing in it, more than
  // kMaxListed, a prefix longer than its cut, an exclusion outside its ranges; a limit of plan.h
  // is passed; a duration is negative or over kMaxTerm (keep_history may be longer), or hold_time
  // is zero; a threshold is not 1 to 100.
  [[nodiscard]] static Result<Policy> compile(const Plan& plan);
  ~Policy();
  Policy(Policy&&) noexcept;
  Policy& operator=(Policy&&) noexcept;

  // nullptr: no rule matches.
  [[nodiscard]] const Decision* decide(const Request& request, const OwnerName& name) const;

  // What holds for a lease that no rule is about: no pool, the times of the plan.
  [[nodiscard]] const Decision& no_rule() const;

  [[nodiscard]] ServerTraits server(std::string_view name) const;

  // What kept each rule from matching, or that it matched: one line a rule, for explain().
  [[nodiscard]] std::vector<std::string> trace(const Request& request, const OwnerName& name) const;

 private:
  struct Rules;
  explicit Policy(std::unique_ptr<const Rules> rules);
  std::unique_ptr<const Rules> rules_;
};

}  // namespace berth
