// plan.cc - what RAS's habits leave of a plan.
#include "rras/plan.h"

#include <algorithm>
#include <string>

#include "core/fold.h"
#include "core/policy.h"

namespace berth::rras {
namespace {

SecondLogin without_take_over(SecondLogin rule) {
  return rule == SecondLogin::take_over ? SecondLogin::refuse : rule;
}

Done check_identifiers(const Plan& plan) {
  const PoolPlan* counted = nullptr;
  for (const PoolPlan& pool : plan.pools) {
    if (!pool.identifiers || pool.identifiers->choice != IdentifierPool::Choice::sequential) {
      continue;
    }
    if (counted != nullptr) {
      return fail(Code::settings_invalid,
                  "pools " + counted->name + " and " + pool.name +
                      " both count identifiers from 1, and RRAS puts one prefix before both",
                  "set choice = \"stable\" in one of them");
    }
    counted = &pool;
  }
  return {};
}

// As the settings have it, and where they have nothing, as RRAS is.
bool has_exclusive_ports(const Plan& plan, std::string_view server) {
  Plan asked;
  asked.pools = {{.name = "any", .ipv4 = {{*Ipv4Range::make(Ipv4(1), Ipv4(1)), ""}}}};
  asked.servers = plan.servers;
  if (std::ranges::none_of(plan.servers, [](const auto& each) { return each.name == "*"; })) {
    asked.servers.push_back({.name = "*", .exclusive_ports = true});
  }
  const Result<Policy> policy = Policy::compile(asked);
  return !policy || policy->server(server).exclusive_ports;
}

}  // namespace

Result<Plan> plan_for_rras(Plan plan, std::string_view server) {
  if (Done checked = check_identifiers(plan); !checked) return std::unexpected(checked.error());
  const bool exclusive = has_exclusive_ports(plan, server);
  // The first that matches decides, and one name may be there once.
  std::erase_if(plan.servers,
                [&](const ServerPlan& each) { return folded(each.name) == folded(server); });
  plan.servers.insert(
      plan.servers.begin(),
      {.name = std::string(server), .place = {}, .exclusive_ports = exclusive, .confirms = false});
  plan.second_login = without_take_over(plan.second_login);
  plan.lease_time = Milliseconds(0);
  for (Rule& rule : plan.rules) {
    rule.second_login = without_take_over(rule.second_login);
    rule.lease_time = Milliseconds(0);
  }
  return plan;
}

}  // namespace berth::rras
