// plan_check.cc - whether what a plan says can all be true together.
#include "core/plan_check.h"

#include <map>

#include "berth/lease.h"
#include "core/fold.h"
#include "core/owner_name.h"
#include "core/quote.h"
#include "core/wire.h"

namespace berth {
namespace {

Done check_servers(const Plan& plan);

}  // namespace

Done check_plan(const Plan& plan) {
  for (auto check :
       {check_pools, check_overlaps, check_sizes, check_rules, check_servers, check_groups}) {
    if (Done checked = check(plan); !checked) return checked;
  }
  return check_domain_realms(plan.owners);
}

std::string in_brackets(std::string_view place) {
  return place.empty() ? std::string() : " (" + std::string(place) + ")";
}

Done check_name(std::string_view name, std::size_t most, std::string_view what,
                std::string_view place) {
  std::string subject = std::string(what) + " " + quoted(name) + in_brackets(place);
  if (name.empty()) {
    return fail(Code::settings_invalid, subject + " is empty", "give it a name, or take it out");
  }
  if (Done text = check_text(name, most, what); !text) {
    return fail(Code::settings_invalid, text.error().what + in_brackets(place),
                text.error().remedy);
  }
  return {};
}

Done check_duration(Milliseconds duration, Milliseconds most, std::string_view what) {
  if (duration >= Milliseconds{0} && duration <= most) return {};
  return fail(Code::settings_invalid, std::string(what) + " is " + format_duration(duration),
              "make it at least 0s and at most " + format_duration(most));
}

namespace {

Done check_servers(const Plan& plan) {
  if (plan.servers.size() > kMaxServers) {
    return fail(Code::settings_invalid,
                std::to_string(plan.servers.size()) + " servers are listed; at most " +
                    std::to_string(kMaxServers) + " can be",
                "name many servers at once with *");
  }
  std::map<std::string, std::string_view> places;
  for (const ServerPlan& server : plan.servers) {
    if (Done name = check_name(server.name, kMaxServerBytes, "server", server.place); !name) {
      return name;
    }
    auto [other, fresh] = places.emplace(folded(server.name), server.place);
    if (!fresh) {
      return fail(Code::settings_invalid,
                  "server " + quoted(server.name) + in_brackets(server.place) +
                      " is there already" + in_brackets(other->second),
                  "take one of them out");
    }
  }
  return {};
}

}  // namespace

Done check_groups(const Plan& plan) {
  std::map<std::string, std::string_view> names;
  for (const auto& [group, owners] : plan.groups) {
    if (Done name = check_name(group, kMaxUserBytes, "group", {}); !name) return name;
    auto [other, fresh] = names.emplace(folded(group), group);
    if (!fresh) {
      return fail(
          Code::settings_invalid,
          "groups " + quoted(other->second) + " and " + quoted(group) + " differ in case only",
          "make one group of them");
    }
    for (const std::string& owner : owners) {
      std::string what = "owner in group " + quoted(group);
      if (Done name = check_name(owner, kMaxUserBytes, what, {}); !name) return name;
    }
  }
  return {};
}

Done check_domain_realms(const OwnerRules& owners) {
  std::map<std::string, std::string_view> domains;
  for (const auto& [domain, realm] : owners.domain_realms) {
    if (Done name = check_name(domain, kMaxUserBytes, "domain", {}); !name) return name;
    if (Done name = check_name(realm, kMaxUserBytes, "realm", {}); !name) return name;
    // Names are taken apart at the first backslash and the last @.
    if (domain.find('\\') != std::string::npos) {
      return fail(Code::settings_invalid,
                  "domain " + quoted(domain) + " has a backslash, so no user name can have it",
                  "write what stands before the first backslash of the user name");
    }
    if (realm.find_first_of("@\\") != std::string::npos) {
      return fail(
          Code::settings_invalid,
          "realm " + quoted(realm) + " of domain " + quoted(domain) + " has an @ or a backslash",
          "write what stands behind the @ of the user name");
    }
    auto [other, fresh] = domains.emplace(folded(domain), domain);
    if (!fresh) {
      return fail(
          Code::settings_invalid,
          "domains " + quoted(other->second) + " and " + quoted(domain) + " differ in case only",
          "take one of them out");
    }
  }
  // The journal keeps the owner rules as one text.
  const std::size_t size = OwnerNamer(owners).fingerprint().size();
  if (size <= kMaxWireText) return {};
  return fail(Code::settings_invalid,
              "the " + std::to_string(owners.domain_realms.size()) + " domain_realms take " +
                  std::to_string(size) + " bytes together; at most " +
                  std::to_string(kMaxWireText) + " can be kept",
              "leave out domains from which nobody comes");
}

}  // namespace berth
