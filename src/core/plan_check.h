// plan_check.h - whether what a plan says can all be true together.
//
//   if (Done checked = check_plan(plan); !checked) return std::unexpected(checked.error());
//
// Refuses overlapping pools, whatever their kind, so that one address lies in one pool and a
// double is an equality check there. The cost is n log n in the ranges of a plan. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "berth/error.h"
#include "berth/plan.h"

namespace berth {

// settings_invalid, naming what is wrong and every place that has to do with it. Policy::compile
// (policy.h) lists what is refused.
[[nodiscard]] Done check_plan(const Plan& plan);

// Its steps with a file of their own, each of which needs those before it to have passed.
[[nodiscard]] Done check_pools(const Plan& plan);     // plan_pools.cc
[[nodiscard]] Done check_overlaps(const Plan& plan);  // plan_overlap.cc
[[nodiscard]] Done check_sizes(const Plan& plan);     // plan_size.cc
[[nodiscard]] Done check_rules(const Plan& plan);     // plan_rules.cc

// Parts of it that also the settings ask for, since they know the line.
[[nodiscard]] Done check_hold_time(Milliseconds hold_time, const std::string& where);
[[nodiscard]] Done check_groups(const Plan& plan);
[[nodiscard]] Done check_domain_realms(const OwnerRules& owners);

// Words for errors: " (berth.toml:12)", or nothing where no place is known; and what a rule is
// called, its name or "rule 3".
[[nodiscard]] std::string in_brackets(std::string_view place);
[[nodiscard]] std::string rule_name(const Plan& plan, std::size_t index);

// settings_invalid unless `name` is 1 to `most` bytes of text; unless `duration` is 0 to `most`.
[[nodiscard]] Done check_name(std::string_view name, std::size_t most, std::string_view what,
                              std::string_view place);
[[nodiscard]] Done check_duration(Milliseconds duration, Milliseconds most, std::string_view what);

}  // namespace berth
