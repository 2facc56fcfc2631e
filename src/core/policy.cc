// policy.cc - from a request to the pools that may serve it.
//
// Rules are columns of bits: for each field of a request a table says which rules it satisfies,
// and the rule that decides is the lowest bit that all fields have. So a rule costs one bit in
// each of five columns, and a name costs one look-up, whatever the number of rules that list it.
#include "core/policy.h"

#include <array>
#include <bit>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/name_table.h"
#include "core/plan_check.h"

namespace berth {
namespace {

constexpr std::size_t kWordBits = 64;
constexpr std::size_t kMaxWords = kMaxRules / kWordBits;

// A set of rules.
class RuleSet {
 public:
  explicit RuleSet(std::size_t rules) : words_((rules + kWordBits - 1) / kWordBits) {
    BERTH_ASSERT(words_ <= kMaxWords);
  }
  void add(std::uint32_t rule) { bits_[rule / kWordBits] |= bit_of(rule); }
  [[nodiscard]] bool contains(std::size_t rule) const {
    return (bits_[rule / kWordBits] & bit_of(rule)) != 0;
  }
  void keep(const RuleSet& others) {
    for (std::size_t i = 0; i < words_; ++i) bits_[i] &= others.bits_[i];
  }
  // The lowest number in the set.
  [[nodiscard]] std::optional<std::size_t> first() const {
    for (std::size_t i = 0; i < words_; ++i) {
      if (bits_[i] == 0) continue;
      return i * kWordBits + static_cast<std::size_t>(std::countr_zero(bits_[i]));
    }
    return std::nullopt;
  }

 private:
  static std::uint64_t bit_of(std::size_t rule) { return std::uint64_t{1} << rule % kWordBits; }

  std::size_t words_;  // that this plan's rules need
  std::array<std::uint64_t, kMaxWords> bits_{};
};

// One field of a Match over all rules.
struct Column {
  Column(std::string_view of, std::size_t rules) : field(of), open(rules) {}

  void add(const std::vector<std::string>& listed, std::uint32_t rule) {
    if (listed.empty()) open.add(rule);
    for (const std::string& name : listed) names.add(name, rule);
  }
  void add_rules_for(std::string_view value, RuleSet& rules) const {
    if (names.empty()) return;
    names.each(FoldedName(value), [&rules](std::uint32_t rule) { rules.add(rule); });
  }
  [[nodiscard]] RuleSet rules_for(std::string_view value) const {
    RuleSet rules = open;
    add_rules_for(value, rules);
    return rules;
  }

  std::string_view field;  // for trace()
  RuleSet open;            // rules that do not look at this field
  NameTable names;
};

}  // namespace

struct Policy::Rules {
  explicit Rules(const Plan& plan);
  void add_rules(const Plan& plan);
  void add_groups(const Plan& plan);
  void add_servers(const Plan& plan);

  // For each field, the rules that the request satisfies by it.
  using Satisfied = std::array<RuleSet, 5>;
  [[nodiscard]] Satisfied satisfied(const Request& request, const OwnerName& name) const;
  [[nodiscard]] RuleSet by_group(const Request& request, const OwnerName& name) const;

  std::vector<Decision> decisions;  // by rule; without rules, the one for everybody
  Decision no_rule;
  bool without_rules;
  Column owners, realms, groups, servers, ports;
  // Groups that the plan lists: owner -> numbers of groups -> rules. Two steps, since a group of
  // many owners may be in many rules.
  NameTable members;
  std::vector<std::vector<std::uint32_t>> rules_of_group;
  NameTable server_names;
  std::vector<ServerTraits> traits;
};

Policy::Rules::Rules(const Plan& plan)
    : no_rule{"no rule", {}, plan.second_login, plan.hold_time, plan.lease_time},
      without_rules(plan.rules.empty()),
      owners("owner", plan.rules.size()),
      realms("realm", plan.rules.size()),
      groups("group", plan.rules.size()),
      servers("server", plan.rules.size()),
      ports("port", plan.rules.size()) {
  add_rules(plan);
  add_groups(plan);
  add_servers(plan);
}

void Policy::Rules::add_rules(const Plan& plan) {
  std::unordered_map<std::string_view, std::uint16_t> pool_numbers;
  Decision everything{"every pool", {}, plan.second_login, plan.hold_time, plan.lease_time};
  for (const PoolPlan& pool : plan.pools) {
    auto number = static_cast<std::uint16_t>(pool_numbers.size());
    pool_numbers.emplace(pool.name, number);
    everything.pools.push_back(number);
  }
  if (without_rules) decisions.push_back(std::move(everything));

  for (std::uint32_t i = 0; i < plan.rules.size(); ++i) {
    const Rule& rule = plan.rules[i];
    Decision decision{rule_name(plan, i), {}, rule.second_login, rule.hold_time, rule.lease_time};
    for (const std::string& pool : rule.pools) decision.pools.push_back(pool_numbers.at(pool));
    decisions.push_back(std::move(decision));

    owners.add(rule.match.owners, i);
    realms.add(rule.match.realms, i);
    groups.add(rule.match.groups, i);
    servers.add(rule.match.servers, i);
    ports.add(rule.match.ports, i);
  }
}

// Groups that no rule asks for are left out: they cannot change an answer.
void Policy::Rules::add_groups(const Plan& plan) {
  for (const auto& [name, owners_in_it] : plan.groups) {
    std::vector<std::uint32_t> rules;
    groups.names.each(FoldedName(name), [&](std::uint32_t rule) { rules.push_back(rule); });
    if (rules.empty()) continue;
    auto number = static_cast<std::uint32_t>(rules_of_group.size());
    rules_of_group.push_back(std::move(rules));
    for (const std::string& owner : owners_in_it) members.add(owner, number);
  }
}

void Policy::Rules::add_servers(const Plan& plan) {
  for (const ServerPlan& server : plan.servers) {
    server_names.add(server.name, static_cast<std::uint32_t>(traits.size()));
    traits.push_back({server.exclusive_ports, server.confirms});
  }
}

Policy::Rules::Satisfied Policy::Rules::satisfied(const Request& request,
                                                  const OwnerName& name) const {
  return {owners.rules_for(name.owner), realms.rules_for(name.realm), by_group(request, name),
          servers.rules_for(request.server), ports.rules_for(request.port)};
}

RuleSet Policy::Rules::by_group(const Request& request, const OwnerName& name) const {
  RuleSet rules = groups.open;
  for (const std::string& group : request.groups) groups.add_rules_for(group, rules);
  if (members.empty()) return rules;
  members.each(FoldedName(name.owner), [&](std::uint32_t number) {
    for (std::uint32_t rule : rules_of_group[number]) rules.add(rule);
  });
  return rules;
}

Result<Policy> Policy::compile(const Plan& plan) {
  if (Done checked = check_plan(plan); !checked) return std::unexpected(checked.error());
  return Policy(std::make_unique<const Rules>(plan));
}

Policy::Policy(std::unique_ptr<const Rules> rules) : rules_(std::move(rules)) {}
Policy::~Policy() = default;
Policy::Policy(Policy&&) noexcept = default;
Policy& Policy::operator=(Policy&&) noexcept = default;

const Decision* Policy::decide(const Request& request, const OwnerName& name) const {
  if (rules_->without_rules) return rules_->decisions.data();

  Rules::Satisfied satisfied = rules_->satisfied(request, name);
  RuleSet& matching = satisfied.front();
  for (const RuleSet& rules : satisfied) matching.keep(rules);
  auto first = matching.first();
  return first ? &rules_->decisions[*first] : nullptr;
}

const Decision& Policy::no_rule() const { return rules_->no_rule; }

ServerTraits Policy::server(std::string_view name) const {
  std::size_t first = rules_->traits.size();
  if (first == 0) return {};
  rules_->server_names.each(FoldedName(name), [&](std::uint32_t number) {
    if (number < first) first = number;
  });
  return first == rules_->traits.size() ? ServerTraits{} : rules_->traits[first];
}

std::vector<std::string> Policy::trace(const Request& request, const OwnerName& name) const {
  if (rules_->without_rules) return {"there are no rules: every pool may serve"};
  Rules::Satisfied satisfied = rules_->satisfied(request, name);
  const Column* columns[] = {&rules_->owners, &rules_->realms, &rules_->groups, &rules_->servers,
                             &rules_->ports};
  std::vector<std::string> lines;
  for (std::size_t rule = 0; rule < rules_->decisions.size(); ++rule) {
    std::string missed;
    for (std::size_t i = 0; i < satisfied.size(); ++i) {
      if (satisfied[i].contains(rule)) continue;
      (missed += missed.empty() ? "" : ", ") += columns[i]->field;
    }
    lines.push_back(rules_->decisions[rule].rule +
                    (missed.empty() ? ": matches" : ": does not match by " + missed));
  }
  return lines;
}

}  // namespace berth
