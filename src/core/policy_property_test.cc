// policy_property_test.cc - columns of bits decide as a plain reading of the rules does.
#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/fold.h"
#include "core/name_table.h"
#include "core/policy.h"

namespace berth {
namespace {

// Few letters, so that names and patterns often meet.
std::string any_name() {
  return *rc::gen::container<std::string>(*rc::gen::inRange<std::size_t>(1, 4),
                                          rc::gen::element('a', 'B', 'b'));
}

std::string any_pattern() {
  return *rc::gen::container<std::string>(*rc::gen::inRange<std::size_t>(1, 5),
                                          rc::gen::element('a', 'B', 'b', '*'));
}

std::vector<std::string> any_patterns() {
  std::vector<std::string> patterns;
  int count = *rc::gen::inRange(0, 3);
  for (int i = 0; i < count; ++i) patterns.push_back(any_pattern());
  return patterns;
}

// The definition of a *, letter by letter.
bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return matches(pattern.substr(1), text) || (!text.empty() && matches(pattern, text.substr(1)));
  }
  return !text.empty() && folded(pattern[0]) == folded(text[0]) &&
         matches(pattern.substr(1), text.substr(1));
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view text) {
  return std::ranges::any_of(patterns, [text](const auto& one) { return matches(one, text); });
}

bool satisfies(const std::vector<std::string>& patterns, std::string_view text) {
  return patterns.empty() || any_matches(patterns, text);
}

bool rule_matches(const Plan& plan, const Match& match, const Request& request,
                  const OwnerName& name) {
  std::vector<std::string> groups = request.groups;
  for (const auto& [group, owners] : plan.groups) {
    if (any_matches(owners, name.owner)) groups.push_back(group);
  }
  bool in_group = match.groups.empty() || std::ranges::any_of(groups, [&](const auto& group) {
                    return any_matches(match.groups, group);
                  });
  return in_group && satisfies(match.owners, name.owner) && satisfies(match.realms, name.realm) &&
         satisfies(match.servers, request.server) && satisfies(match.ports, request.port);
}

RC_GTEST_PROP(PolicyProperty, TheFirstRuleThatMatchesByItsWordsDecides, ()) {
  Plan plan;
  plan.pools.push_back({.name = "p", .ipv4 = {{*Ipv4Range::parse("10.8.0.0/24"), ""}}});
  int rules = *rc::gen::inRange(1, 80);
  for (int i = 0; i < rules; ++i) {
    plan.rules.push_back(
        {.match = {any_patterns(), any_patterns(), any_patterns(), any_patterns(), any_patterns()},
         .pools = {"p"}});
  }
  int groups = *rc::gen::inRange(0, 5);
  for (int i = 0; i < groups; ++i) plan.groups[folded(any_name())] = any_patterns();

  Request request;
  request.server = any_name();
  request.port = any_name();
  if (*rc::gen::arbitrary<bool>()) request.groups.push_back(any_name());
  OwnerName name{any_name(), any_name()};

  std::string expected = "none";
  for (std::size_t i = 0; i < plan.rules.size() && expected == "none"; ++i) {
    if (rule_matches(plan, plan.rules[i].match, request, name)) {
      expected = "rule " + std::to_string(i + 1);
    }
  }
  auto policy = Policy::compile(plan);
  RC_ASSERT(policy.has_value());
  const Decision* decision = policy->decide(request, name);
  RC_ASSERT((decision == nullptr ? "none" : decision->rule) == expected);
}

RC_GTEST_PROP(PolicyProperty, PatternsMatchLetterByLetter, ()) {
  std::string pattern = folded(any_pattern());
  std::string text = folded(*rc::gen::container<std::string>(rc::gen::element('a', 'b')));
  RC_ASSERT(matches_glob(pattern, text) == matches(pattern, text));
}

}  // namespace
}  // namespace berth
