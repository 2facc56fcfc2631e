// plan_rules.cc - the rules of a plan: what they match, and the pools that they name.
#include <map>
#include <set>

#include "berth/lease.h"
#include "core/plan_check.h"
#include "core/quote.h"

namespace berth {
namespace {

Done check_match(const Match& match, const std::string& rule, std::string_view place) {
  struct Field {
    const std::vector<std::string>& names;
    std::size_t most;
    std::string_view what;
  };
  const Field fields[] = {{match.owners, kMaxUserBytes, "owner"},
                          {match.realms, kMaxUserBytes, "realm"},
                          {match.groups, kMaxUserBytes, "group"},
                          {match.servers, kMaxServerBytes, "server"},
                          {match.ports, kMaxPortBytes, "port"}};
  for (const Field& field : fields) {
    for (const std::string& name : field.names) {
      Done good = check_name(name, field.most, rule + ": " + std::string(field.what), place);
      if (!good) return good;
    }
  }
  return {};
}

Done check_pools_of(const Rule& rule, const std::string& name,
                    const std::set<std::string_view>& pools) {
  std::set<std::string_view> named;
  for (const std::string& pool : rule.pools) {
    if (!pools.contains(pool)) {
      return fail(
          Code::settings_invalid,
          name + in_brackets(rule.place) + " names pool " + quoted(pool) + ", which is not there",
          "add the pool, or correct its name");
    }
    if (!named.insert(pool).second) {
      return fail(Code::settings_invalid,
                  name + in_brackets(rule.place) + " names pool " + pool + " twice",
                  "take one of them out");
    }
  }
  return {};
}

}  // namespace

std::string rule_name(const Plan& plan, std::size_t index) {
  const std::string& name = plan.rules[index].name;
  return name.empty() ? "rule " + std::to_string(index + 1) : name;
}

Done check_hold_time(Milliseconds hold_time, const std::string& where) {
  if (Done good = check_duration(hold_time, kMaxTerm, where + "hold_time"); !good) return good;
  if (hold_time > Milliseconds{0}) return {};
  return fail(Code::settings_invalid, where + "hold_time is 0s, so every lease would end at once",
              "allow the time that a server takes from asking to confirming, such as 60s");
}

Done check_rules(const Plan& plan) {
  if (plan.rules.size() > kMaxRules) {
    return fail(Code::settings_invalid,
                std::to_string(plan.rules.size()) + " rules are listed; at most " +
                    std::to_string(kMaxRules) + " can be",
                "match more in one rule: its lists may be long and have *");
  }
  if (Done good = check_hold_time(plan.hold_time, ""); !good) return good;
  if (Done good = check_duration(plan.lease_time, kMaxTerm, "lease_time"); !good) return good;
  if (Done good = check_duration(plan.keep_history, kMaxDuration, "keep_history"); !good)
    return good;

  std::set<std::string_view> pools;
  for (const PoolPlan& pool : plan.pools) pools.insert(pool.name);
  std::map<std::string, std::string_view> places;
  for (std::size_t i = 0; i < plan.rules.size(); ++i) {
    const Rule& rule = plan.rules[i];
    std::string shown = rule.name.empty() ? rule_name(plan, i) : "rule " + quoted(rule.name);
    std::string where = shown + in_brackets(rule.place) + ": ";
    if (!rule.name.empty()) {
      if (Done good = check_name(rule.name, kMaxUserBytes, "rule", rule.place); !good) return good;
    }
    auto [other, fresh] = places.emplace(rule_name(plan, i), rule.place);
    if (!fresh) {
      return fail(Code::settings_invalid,
                  shown + in_brackets(rule.place) + " has the name of another rule" +
                      in_brackets(other->second),
                  "give every rule a name of its own");
    }
    if (Done good = check_match(rule.match, shown, rule.place); !good) return good;
    if (Done good = check_pools_of(rule, shown, pools); !good) return good;
    if (Done good = check_hold_time(rule.hold_time, where); !good) return good;
    if (Done good = check_duration(rule.lease_time, kMaxTerm, where + "lease_time"); !good)
      return good;
  }
  return {};
}

}  // namespace berth
