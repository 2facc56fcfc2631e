// plan_pools.cc - each pool of a plan by itself: its name, its kinds, its numbers.
#include <map>

#include "core/plan_check.h"
#include "core/quote.h"

namespace berth {
namespace {

Done check_pool_name(const PoolPlan& pool);
Done check_kinds(const PoolPlan& pool);
Done check_numbers(const PoolPlan& pool);
Done check_prefix_pool(const PoolPlan& pool, const PrefixPool& prefixes, std::string_view key);

std::string name_of(const PoolPlan& pool) { return "pool " + pool.name; }

}  // namespace

Done check_pools(const Plan& plan) {
  if (plan.pools.empty()) {
    return fail(Code::settings_invalid, "there is no pool", "add a [[pool]] with addresses");
  }
  if (plan.pools.size() > kMaxPools) {
    return fail(Code::settings_invalid,
                std::to_string(plan.pools.size()) + " pools are listed; at most " +
                    std::to_string(kMaxPools) + " can be",
                "put several ranges into one pool");
  }
  std::map<std::string_view, std::string_view> places;
  for (const PoolPlan& pool : plan.pools) {
    for (auto check : {check_pool_name, check_kinds, check_numbers}) {
      if (Done checked = check(pool); !checked) return checked;
    }
    auto [other, fresh] = places.emplace(pool.name, pool.place);
    if (!fresh) {
      return fail(Code::settings_invalid,
                  name_of(pool) + in_brackets(pool.place) + " has the name of another pool" +
                      in_brackets(other->second),
                  "give every pool a name of its own");
    }
  }
  return {};
}

namespace {

Done check_pool_name(const PoolPlan& pool) {
  constexpr std::size_t kMaxBytes = 64;
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  bool good = !pool.name.empty() && pool.name.size() <= kMaxBytes &&
              pool.name.find_first_not_of(kAllowed) == std::string::npos;
  if (good) return {};
  return fail(Code::settings_invalid,
              "pool name " + quoted(pool.name) + in_brackets(pool.place) + " cannot be",
              "use 1 to 64 of a-z, A-Z, 0-9, dot, underscore and hyphen");
}

Done check_kinds(const PoolPlan& pool) {
  std::string pool_name = name_of(pool) + in_brackets(pool.place);
  if (pool.ipv4.empty() && !pool.identifiers && !pool.prefixes && !pool.delegated) {
    return fail(Code::settings_invalid, pool_name + " has no addresses",
                "give it ipv4, ipv6_identifiers, ipv6_prefixes or delegated");
  }
  if (pool.identifiers && pool.prefixes) {
    return fail(Code::settings_invalid,
                pool_name + " has both IPv6 identifiers and whole IPv6 prefixes",
                "make a pool of its own for one of them");
  }
  if (pool.identifiers && pool.identifiers->prefix.length() != 64) {
    return fail(Code::settings_invalid,
                name_of(pool) + " identifier prefix " + pool.identifiers->prefix.to_string() +
                    in_brackets(pool.identifiers->place) + " does not have length 64",
                "identifiers have 64 bits: write a /64");
  }
  if (pool.prefixes && pool.prefixes->length != 64) {
    return fail(
        Code::settings_invalid,
        pool_name + " gives IPv6 prefixes of length " + std::to_string(pool.prefixes->length),
        "a link takes a /64; prefixes of other lengths are delegated");
  }
  if (pool.prefixes) {
    if (Done good = check_prefix_pool(pool, *pool.prefixes, "prefix"); !good) return good;
  }
  if (!pool.delegated) return {};
  return check_prefix_pool(pool, *pool.delegated, "delegated prefix");
}

Done check_prefix_pool(const PoolPlan& pool, const PrefixPool& prefixes, std::string_view key) {
  std::string part = name_of(pool) + " " + std::string(key);
  if (prefixes.length < 1 || prefixes.length > 128) {
    return fail(Code::settings_invalid,
                part + in_brackets(pool.place) + " has length " + std::to_string(prefixes.length),
                "a length is 1 to 128");
  }
  if (prefixes.from.empty()) {
    return fail(Code::settings_invalid, part + in_brackets(pool.place) + " is cut from nothing",
                "list the prefixes to cut it from");
  }
  for (const auto& [prefix, place] : prefixes.from) {
    if (prefix.length() <= prefixes.length) continue;
    return fail(Code::settings_invalid,
                part + " " + prefix.to_string() + in_brackets(place) + " is longer than the /" +
                    std::to_string(prefixes.length) + " to be cut from it",
                "list a shorter prefix, or cut longer ones");
  }
  return {};
}

Done check_numbers(const PoolPlan& pool) {
  std::string pool_name = name_of(pool) + in_brackets(pool.place);
  if (Done good = check_duration(pool.cool_down, kMaxTerm, pool_name + " cool_down"); !good)
    return good;
  for (int threshold : pool.thresholds) {
    if (threshold >= 1 && threshold <= 100) continue;
    return fail(Code::settings_invalid,
                pool_name + " has a threshold of " + std::to_string(threshold) + " per cent",
                "a threshold is 1 to 100");
  }
  if (!pool.identifiers) return {};
  std::map<InterfaceId, std::string_view> excluded;
  for (const auto& [identifier, place] : pool.identifiers->exclude) {
    auto [other, fresh] = excluded.emplace(identifier, place);
    if (fresh) continue;
    return fail(Code::settings_invalid,
                name_of(pool) + " exclusion " + identifier.to_string() + in_brackets(place) +
                    " is there already" + in_brackets(other->second),
                "exclude it once");
  }
  return {};
}

}  // namespace
}  // namespace berth
