// keys.cc - every key of berth.toml, and where each goes in the Settings.
#include "settings/keys.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "berth/lease.h"
#include "core/plan_check.h"
#include "settings/path.h"

namespace berth {
namespace {

enum class Need : std::uint8_t { optional, required };

// One key of a table of the file that fills in a T.
template <class T>
struct Key {
  std::string_view name;
  Need need;
  Done (*read)(const Value&, T&);
};

template <class T>
Done keep(Result<T> value, T& into) {
  if (!value) return std::unexpected(value.error());
  into = *std::move(value);
  return {};
}

// What a check of the plan says (core/plan_check.h), with the line.
Done placed(const Value& value, const Done& checked) {
  if (checked) return {};
  return fail(checked.error().code, value.place() + ": " + checked.error().what,
              checked.error().remedy);
}

// Reads in the order of `keys`, not of the file: what comes later may build on earlier ones.
template <class T>
Done read_table(const Value& table, std::span<const Key<T>> keys, T& into) {
  auto members = table.members();
  if (!members) return std::unexpected(members.error());
  std::vector<std::string_view> names;
  for (const Key<T>& key : keys) names.push_back(key.name);
  std::string_view prefix = table.key();
  auto name_of = [prefix](const Value& value) {
    return std::string_view(value.key()).substr(prefix.empty() ? 0 : prefix.size() + 1);
  };
  for (const Value& value : *members) {
    if (std::ranges::find(names, name_of(value)) != names.end()) continue;
    return value.wrong("there is no such key", suggest(name_of(value), names));
  }
  for (const Key<T>& key : keys) {
    auto value = std::ranges::find(*members, key.name, name_of);
    if (value != members->end()) {
      if (Done read = key.read(*value, into); !read) return read;
    } else if (key.need == Need::required) {
      return table.wrong("key " + std::string(key.name) + " is missing",
                         "add " + std::string(key.name) + " = …");
    }
  }
  return {};
}

// A [[table]]: one T for each, begun as a copy of `begin`.
template <class T>
Done read_tables(const Value& value, std::span<const Key<T>> keys, const T& begin,
                 std::vector<T>& into) {
  auto tables = value.list();
  if (!tables) {
    return value.wrong("this is written as one table", "write [[" + value.key() + "]]");
  }
  for (const Value& table : *tables) {
    T one = begin;
    one.place = table.place();
    if (Done read = read_table(table, keys, one); !read) return read;
    into.push_back(std::move(one));
  }
  return {};
}

constexpr Choice<IdentifierPool::Choice> kIdentifierChoices[] = {
    {"stable", IdentifierPool::Choice::stable},
    {"sequential", IdentifierPool::Choice::sequential},
};
constexpr Choice<PoolPlan::Intake> kIntakes[] = {
    {"open", PoolPlan::Intake::open},
    {"hold_down", PoolPlan::Intake::hold_down},
    {"draining", PoolPlan::Intake::draining},
};
constexpr Choice<SecondLogin> kSecondLogins[] = {
    {"second", SecondLogin::second},
    {"take_over", SecondLogin::take_over},
    {"refuse", SecondLogin::refuse},
};
constexpr Choice<bool> kCases[] = {{"fold", true}, {"keep", false}};
constexpr Choice<bool> kKeeps[] = {{"keep", true}, {"cut", false}};

constexpr Key<IdentifierPool> kIdentifierKeys[] = {
    {"prefix", Need::required,
     [](const Value& value, IdentifierPool& pool) {
       return keep(value.parsed<Ipv6Prefix>(), pool.prefix);
     }},
    {"choice", Need::optional,
     [](const Value& value, IdentifierPool& pool) {
       return keep(value.choice<IdentifierPool::Choice>(kIdentifierChoices), pool.choice);
     }},
    {"exclude", Need::optional,
     [](const Value& value, IdentifierPool& pool) {
       return keep(value.parsed_list<InterfaceId>(), pool.exclude);
     }},
};

constexpr auto kReadFrom = [](const Value& value, PrefixPool& pool) {
  return keep(value.parsed_list<Ipv6Prefix>(), pool.from);
};
constexpr auto kReadLength = [](const Value& value, PrefixPool& pool) {
  return keep(value.number(), pool.length);
};
constexpr auto kReadExclude = [](const Value& value, PrefixPool& pool) {
  return keep(value.parsed_list<Ipv6Prefix>(), pool.exclude);
};

// A link takes a /64, so the length need not be said there.
constexpr Key<PrefixPool> kPrefixKeys[] = {
    {"from", Need::required, kReadFrom},
    {"length", Need::optional, kReadLength},
    {"exclude", Need::optional, kReadExclude},
};
constexpr Key<PrefixPool> kDelegatedKeys[] = {
    {"from", Need::required, kReadFrom},
    {"length", Need::required, kReadLength},
    {"exclude", Need::optional, kReadExclude},
};

template <class T>
Done read_part(const Value& value, std::span<const Key<T>> keys, std::optional<T>& into) {
  T part;
  if constexpr (requires { part.place; }) part.place = value.place();
  if (Done read = read_table(value, keys, part); !read) return read;
  into = std::move(part);
  return {};
}

Done read_thresholds(const Value& value, PoolPlan& pool) {
  auto values = value.list();
  if (!values) return std::unexpected(values.error());
  pool.thresholds.clear();
  for (const Value& one : *values) {
    if (Done read = keep(one.number(), pool.thresholds.emplace_back()); !read) return read;
  }
  return {};
}

constexpr Key<PoolPlan> kPoolKeys[] = {
    {"name", Need::required,
     [](const Value& value, PoolPlan& pool) { return keep(value.text(), pool.name); }},
    {"ipv4", Need::optional,
     [](const Value& value, PoolPlan& pool) {
       return keep(value.parsed_list<Ipv4Range>(), pool.ipv4);
     }},
    {"exclude_ipv4", Need::optional,
     [](const Value& value, PoolPlan& pool) {
       return keep(value.parsed_list<Ipv4Range>(), pool.exclude_ipv4);
     }},
    {"ipv6_identifiers", Need::optional,
     [](const Value& value, PoolPlan& pool) {
       return read_part<IdentifierPool>(value, kIdentifierKeys, pool.identifiers);
     }},
    {"ipv6_prefixes", Need::optional,
     [](const Value& value, PoolPlan& pool) {
       return read_part<PrefixPool>(value, kPrefixKeys, pool.prefixes);
     }},
    {"delegated", Need::optional,
     [](const Value& value, PoolPlan& pool) {
       return read_part<PrefixPool>(value, kDelegatedKeys, pool.delegated);
     }},
    {"cool_down", Need::optional,
     [](const Value& value, PoolPlan& pool) { return keep(value.duration(), pool.cool_down); }},
    {"thresholds", Need::optional, read_thresholds},
    {"intake", Need::optional,
     [](const Value& value, PoolPlan& pool) {
       return keep(value.choice<PoolPlan::Intake>(kIntakes), pool.intake);
     }},
};

constexpr Key<Rule> kRuleKeys[] = {
    {"name", Need::optional,
     [](const Value& value, Rule& rule) { return keep(value.text(), rule.name); }},
    {"owners", Need::optional,
     [](const Value& value, Rule& rule) { return keep(value.texts(), rule.match.owners); }},
    {"realms", Need::optional,
     [](const Value& value, Rule& rule) { return keep(value.texts(), rule.match.realms); }},
    {"groups", Need::optional,
     [](const Value& value, Rule& rule) { return keep(value.texts(), rule.match.groups); }},
    {"servers", Need::optional,
     [](const Value& value, Rule& rule) { return keep(value.texts(), rule.match.servers); }},
    {"ports", Need::optional,
     [](const Value& value, Rule& rule) { return keep(value.texts(), rule.match.ports); }},
    {"pools", Need::required,
     [](const Value& value, Rule& rule) { return keep(value.texts(), rule.pools); }},
    {"second_login", Need::optional,
     [](const Value& value, Rule& rule) {
       return keep(value.choice<SecondLogin>(kSecondLogins), rule.second_login);
     }},
    {"hold_time", Need::optional,
     [](const Value& value, Rule& rule) { return keep(value.duration(), rule.hold_time); }},
    {"lease_time", Need::optional,
     [](const Value& value, Rule& rule) { return keep(value.duration(), rule.lease_time); }},
};

constexpr Key<ServerPlan> kServerKeys[] = {
    {"name", Need::required,
     [](const Value& value, ServerPlan& server) { return keep(value.text(), server.name); }},
    {"exclusive_ports", Need::optional,
     [](const Value& value, ServerPlan& server) {
       return keep(value.flag(), server.exclusive_ports);
     }},
    {"confirms", Need::optional,
     [](const Value& value, ServerPlan& server) { return keep(value.flag(), server.confirms); }},
};

Done read_domain_realms(const Value& value, OwnerRules& owners) {
  auto domains = value.members();
  if (!domains) return std::unexpected(domains.error());
  for (const Value& domain : *domains) {
    std::string name = domain.key().substr(value.key().size() + 1);
    OwnerRules one;
    if (Done read = keep(domain.text(), one.domain_realms[name]); !read) return read;
    if (Done good = placed(domain, check_domain_realms(one)); !good) return good;
    owners.domain_realms.merge(one.domain_realms);
  }
  return placed(value, check_domain_realms(owners));
}

constexpr Key<OwnerRules> kOwnerKeys[] = {
    {"case", Need::optional,
     [](const Value& value, OwnerRules& owners) {
       return keep(value.choice<bool>(kCases), owners.fold_case);
     }},
    {"domain", Need::optional,
     [](const Value& value, OwnerRules& owners) {
       return keep(value.choice<bool>(kKeeps), owners.keep_domain);
     }},
    {"realm", Need::optional,
     [](const Value& value, OwnerRules& owners) {
       return keep(value.choice<bool>(kKeeps), owners.keep_realm);
     }},
    {"domain_realms", Need::optional, read_domain_realms},
};

Done read_groups(const Value& value, Settings& settings) {
  auto groups = value.members();
  if (!groups) return std::unexpected(groups.error());
  for (const Value& group : *groups) {
    std::string name = group.key().substr(value.key().size() + 1);
    Plan one;
    if (Done read = keep(group.texts(), one.groups[name]); !read) return read;
    if (Done good = placed(group, check_groups(one)); !good) return good;
    settings.plan.groups.merge(one.groups);
  }
  return placed(value, check_groups(settings.plan));
}

Done read_store(const Value& value, Settings& settings) {
  if (Done read = keep(value.text(), settings.store); !read) return read;
  if (!settings.store.empty()) return {};
  return value.wrong("no file is named", "write a path, as in store = \"leases.db\"");
}

constexpr Choice<LogLevel> kLogLevels[] = {
    {"error", LogLevel::error},
    {"warning", LogLevel::warning},
    {"information", LogLevel::information},
    {"debug", LogLevel::debug},
};

Done read_deadline(const Value& value, Milliseconds& deadline) {
  if (Done read = keep(value.duration(), deadline); !read) return read;
  if (deadline > Milliseconds(0) && deadline <= kMaxCalloutDeadline) return {};
  return value.wrong(
      "a callout takes more than 0s and at most " + format_duration(kMaxCalloutDeadline),
      "write a time between, as in deadline = \"500ms\"");
}

Done read_server(const Value& value, std::string& server) {
  if (Done read = keep(value.text(), server); !read) return read;
  return placed(value, check_name(server, kMaxServerBytes, "server", {}));
}

constexpr Key<RrasSettings> kRrasKeys[] = {
    {"server", Need::optional,
     [](const Value& value, RrasSettings& rras) { return read_server(value, rras.server); }},
    {"deadline", Need::optional,
     [](const Value& value, RrasSettings& rras) { return read_deadline(value, rras.deadline); }},
    {"log", Need::optional,
     [](const Value& value, RrasSettings& rras) {
       return keep(value.choice<LogLevel>(kLogLevels), rras.log);
     }},
};

// Whether they may be loaded is seen when they are: here only what the list itself can have wrong.
Done read_modules(const Value& value, RasSettings& ras) {
  auto modules = value.list();
  if (!modules) return std::unexpected(modules.error());
  if (modules->size() > kMostModules) {
    return value.wrong(std::to_string(modules->size()) + " modules are listed",
                       "list at most " + std::to_string(kMostModules));
  }
  for (const Value& each : *modules) {
    std::string path;
    if (Done read = keep(each.text(), path); !read) return read;
    if (!path_of(path).is_absolute()) {
      return each.wrong("a module is named by its whole path (R107)",
                        "write where it lies from the root on");
    }
    if (std::ranges::find(ras.modules, path) != ras.modules.end()) {
      return each.wrong("this module is listed twice", "list it once");
    }
    ras.modules.push_back(std::move(path));
  }
  return {};
}

Done read_failures(const Value& value, RasSettings& ras) {
  if (Done read = keep(value.number(), ras.failures); !read) return read;
  if (ras.failures >= 1 && ras.failures <= 1000) return {};
  return value.wrong("a module is off after 1 to 1000 failures", "write a number between");
}

Done read_own(const Value& value, RasSettings& ras) {
  auto own = value.parsed_list<Ipv4>();
  if (!own) return std::unexpected(own.error());
  for (const Placed<Ipv4>& each : *own) ras.own.push_back(each.value);
  return {};
}

constexpr Choice<bool> kForeign[] = {{"accept", true}, {"refuse", false}};
constexpr Choice<bool> kInProcess[] = {{"workers", false}, {"in_process", true}};
constexpr Choice<RasSettings::WhenOff> kWhenOff[] = {{"refuse", RasSettings::WhenOff::refuse},
                                                     {"skip", RasSettings::WhenOff::skip}};

constexpr Key<RasSettings> kRasKeys[] = {
    {"server", Need::optional,
     [](const Value& value, RasSettings& ras) { return read_server(value, ras.server); }},
    {"display_name", Need::optional,
     [](const Value& value, RasSettings& ras) { return keep(value.text(), ras.display_name); }},
    {"modules", Need::optional, read_modules},
    {"own", Need::optional, read_own},
    {"strict", Need::optional,
     [](const Value& value, RasSettings& ras) { return keep(value.flag(), ras.strict); }},
    {"foreign", Need::optional,
     [](const Value& value, RasSettings& ras) {
       return keep(value.choice<bool>(kForeign), ras.foreign);
     }},
    {"isolation", Need::optional,
     [](const Value& value, RasSettings& ras) {
       return keep(value.choice<bool>(kInProcess), ras.in_process);
     }},
    {"deadline", Need::optional,
     [](const Value& value, RasSettings& ras) { return read_deadline(value, ras.deadline); }},
    {"failures", Need::optional, read_failures},
    {"when_off", Need::optional,
     [](const Value& value, RasSettings& ras) {
       return keep(value.choice<RasSettings::WhenOff>(kWhenOff), ras.when_off);
     }},
};

// Rules begin with what the file says for all.
Done read_rules(const Value& value, Settings& settings) {
  const Plan& plan = settings.plan;
  Rule begin;
  begin.second_login = plan.second_login;
  begin.hold_time = plan.hold_time;
  begin.lease_time = plan.lease_time;
  return read_tables<Rule>(value, kRuleKeys, begin, settings.plan.rules);
}

constexpr Key<Settings> kKeys[] = {
    {"store", Need::optional, read_store},
    {"keep_history", Need::optional,
     [](const Value& value, Settings& settings) {
       return keep(value.duration(), settings.plan.keep_history);
     }},
    {"second_login", Need::optional,
     [](const Value& value, Settings& settings) {
       return keep(value.choice<SecondLogin>(kSecondLogins), settings.plan.second_login);
     }},
    {"hold_time", Need::optional,
     [](const Value& value, Settings& settings) {
       if (Done read = keep(value.duration(), settings.plan.hold_time); !read) return read;
       return placed(value, check_hold_time(settings.plan.hold_time, ""));
     }},
    {"lease_time", Need::optional,
     [](const Value& value, Settings& settings) {
       if (Done read = keep(value.duration(), settings.plan.lease_time); !read) return read;
       return placed(value, check_duration(settings.plan.lease_time, kMaxTerm, "lease_time"));
     }},
    {"pool", Need::required,
     [](const Value& value, Settings& settings) {
       return read_tables<PoolPlan>(value, kPoolKeys, {}, settings.plan.pools);
     }},
    {"rule", Need::optional, read_rules},
    {"groups", Need::optional, read_groups},
    {"owners", Need::optional,
     [](const Value& value, Settings& settings) {
       return read_table<OwnerRules>(value, kOwnerKeys, settings.plan.owners);
     }},
    {"server", Need::optional,
     [](const Value& value, Settings& settings) {
       return read_tables<ServerPlan>(value, kServerKeys, {}, settings.plan.servers);
     }},
    {"rras", Need::optional,
     [](const Value& value, Settings& settings) {
       return read_table<RrasSettings>(value, kRrasKeys, settings.rras);
     }},
    {"ras", Need::optional,
     [](const Value& value, Settings& settings) {
       return read_table<RasSettings>(value, kRasKeys, settings.ras);
     }},
};

template <class T>
void list_keys(const std::string& prefix, std::span<const Key<T>> keys,
               std::vector<std::string>& names) {
  for (const Key<T>& key : keys) names.push_back(prefix + std::string(key.name));
}

}  // namespace

Result<Settings> read_keys(const Value& file) {
  Settings settings;
  if (Done read = read_table<Settings>(file, kKeys, settings); !read) {
    return std::unexpected(read.error());
  }
  return settings;
}

std::vector<std::string> known_keys() {
  std::vector<std::string> names;
  list_keys<Settings>("", kKeys, names);
  list_keys<PoolPlan>("pool.", kPoolKeys, names);
  list_keys<IdentifierPool>("pool.ipv6_identifiers.", kIdentifierKeys, names);
  list_keys<PrefixPool>("pool.ipv6_prefixes.", kPrefixKeys, names);
  list_keys<PrefixPool>("pool.delegated.", kDelegatedKeys, names);
  list_keys<Rule>("rule.", kRuleKeys, names);
  list_keys<OwnerRules>("owners.", kOwnerKeys, names);
  list_keys<ServerPlan>("server.", kServerKeys, names);
  list_keys<RrasSettings>("rras.", kRrasKeys, names);
  list_keys<RasSettings>("ras.", kRasKeys, names);
  return names;
}

}  // namespace berth
