// plan_check_test.cc - plans that cannot be, and how they are refused.
#include "core/plan_check.h"

#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "berth/lease.h"
#include "core/change.h"
#include "core/owner_name.h"

namespace berth {
namespace {

using namespace std::string_literals;

Placed<Ipv4Range> ipv4(std::string_view text, std::string place = "") {
  return {*Ipv4Range::parse(text), std::move(place)};
}
Placed<Ipv6Prefix> ipv6(std::string_view text, std::string place = "") {
  return {*Ipv6Prefix::parse(text), std::move(place)};
}

PoolPlan pool_of(std::string name, std::vector<Placed<Ipv4Range>> ranges) {
  PoolPlan pool;
  pool.name = std::move(name);
  pool.ipv4 = std::move(ranges);
  return pool;
}

Plan good_plan() {
  Plan plan;
  plan.pools.push_back(pool_of("dial-in", {ipv4("10.8.0.0/24")}));
  return plan;
}

// What is wrong with a plan; "nothing" when it may be.
std::string fault(const Plan& plan) {
  Done checked = check_plan(plan);
  if (checked) return "nothing";
  EXPECT_EQ(checked.error().code, Code::settings_invalid);
  EXPECT_FALSE(checked.error().remedy.empty());
  return checked.error().what;
}

std::string fault(const PoolPlan& pool) {
  Plan plan;
  plan.pools.push_back(pool);
  return fault(plan);
}

TEST(PlanCheck, OverlappingPoolsAreRefusedWithBothPlaces) {
  Plan plan;
  plan.pools.push_back(pool_of("office", {ipv4("10.8.0.128/25", "berth.toml:12")}));
  plan.pools.push_back(pool_of("dial-in", {ipv4("10.8.0.0/24", "berth.toml:7")}));
  EXPECT_EQ(fault(plan),
            "pool dial-in range 10.8.0.0/24 (berth.toml:7) overlaps "
            "pool office range 10.8.0.128/25 (berth.toml:12)");
}

TEST(PlanCheck, PartsOfOnePoolMayNotOverlapEither) {
  EXPECT_EQ(fault(pool_of("a", {ipv4("10.8.0.0/24"), ipv4("10.8.0.255-10.8.1.9")})),
            "pool a range 10.8.0.0/24 overlaps pool a range 10.8.0.255-10.8.1.9");
  EXPECT_EQ(fault(pool_of("a", {ipv4("10.8.0.7"), ipv4("10.8.0.7")})),
            "pool a range 10.8.0.7 overlaps pool a range 10.8.0.7");
}

TEST(PlanCheck, RangesThatOnlyTouchAreFine) {
  EXPECT_EQ(fault(pool_of("a", {ipv4("10.8.1.0/24"), ipv4("10.8.0.0/24"), ipv4("10.8.2.0")})),
            "nothing");
}

TEST(PlanCheck, AllKindsOfIpv6ShareOneSpace) {
  Plan plan;
  plan.pools.resize(3);
  plan.pools[0].name = "hosts";
  plan.pools[0].identifiers = IdentifierPool{*Ipv6Prefix::parse("2001:db8:0:1::/64"), "t:3"};
  plan.pools[1].name = "links";
  plan.pools[1].prefixes = PrefixPool{{ipv6("2001:db8:1::/48", "t:9")}};
  plan.pools[2].name = "networks";
  plan.pools[2].delegated = PrefixPool{{ipv6("2001:db8:2::/48", "t:15")}, 56};
  EXPECT_EQ(fault(plan), "nothing");

  plan.pools[1].prefixes->from = {ipv6("2001:db8::/48", "t:9")};
  EXPECT_EQ(fault(plan),
            "pool links prefix 2001:db8::/48 (t:9) overlaps "
            "pool hosts identifier prefix 2001:db8:0:1::/64 (t:3)");
  plan.pools[1].prefixes->from = {ipv6("2001:db8:2:ff::/64", "t:9")};
  EXPECT_EQ(fault(plan),
            "pool networks delegated prefix 2001:db8:2::/48 (t:15) overlaps "
            "pool links prefix 2001:db8:2:ff::/64 (t:9)");
}

TEST(PlanCheck, APoolNeedsANameAndAddresses) {
  EXPECT_EQ(fault(Plan{}), "there is no pool");
  EXPECT_EQ(fault(pool_of("a", {})), "pool a has no addresses");
  PoolPlan only_excluded = pool_of("a", {});
  only_excluded.exclude_ipv4 = {ipv4("10.8.0.0")};
  EXPECT_EQ(fault(only_excluded), "pool a has no addresses");
  only_excluded.identifiers = IdentifierPool{*Ipv6Prefix::parse("2001:db8::/64"), ""};
  EXPECT_EQ(fault(only_excluded),
            "pool a ipv4 exclusion 10.8.0.0 lies outside every range of the pool");
  for (const std::string& name : {""s, "a b"s, "a/b"s, "é"s, std::string(65, 'a')}) {
    EXPECT_TRUE(fault(pool_of(name, {ipv4("10.8.0.0")})).starts_with("pool name ")) << name;
  }
  EXPECT_EQ(fault(pool_of(std::string(64, 'Z'), {ipv4("10.8.0.0")})), "nothing");

  Plan twice = good_plan();
  twice.pools[0].place = "t:1";
  twice.pools.push_back(pool_of("dial-in", {ipv4("10.9.0.0/24")}));
  twice.pools[1].place = "t:5";
  EXPECT_EQ(fault(twice), "pool dial-in (t:5) has the name of another pool (t:1)");
}

TEST(PlanCheck, APoolWithEverythingExcludedIsNoPool) {
  PoolPlan pool = pool_of("a", {ipv4("10.8.0.0/31"), ipv4("10.8.0.2/31")});
  pool.exclude_ipv4 = {ipv4("10.8.0.0/30")};
  EXPECT_EQ(fault(pool), "pool a ipv4 has every address excluded");
  pool.exclude_ipv4 = {ipv4("10.8.0.0"), ipv4("10.8.0.1-10.8.0.2")};
  EXPECT_EQ(fault(pool), "nothing");

  PoolPlan networks;
  networks.name = "networks";
  networks.delegated = PrefixPool{{ipv6("2001:db8::/55")}, 56};
  networks.delegated->exclude = {ipv6("2001:db8:0:1::/64"), ipv6("2001:db8:0:2::/64")};
  EXPECT_EQ(fault(networks), "nothing") << "both are inside the same /56";
  networks.delegated->exclude.push_back(ipv6("2001:db8:0:100::/56"));
  EXPECT_EQ(fault(networks), "pool networks delegated has every address excluded");
}

TEST(PlanCheck, ExclusionsLieInsideAndApart) {
  PoolPlan pool = pool_of("a", {ipv4("10.8.0.10-10.8.0.20"), ipv4("10.8.0.40-10.8.0.50")});
  for (auto inside : {"10.8.0.20", "10.8.0.0/27", "10.8.0.21-10.8.0.40", "10.8.0.50"}) {
    pool.exclude_ipv4 = {ipv4(inside)};
    EXPECT_EQ(fault(pool), "nothing") << inside;
  }
  for (auto outside : {"10.8.0.9", "10.8.0.21-10.8.0.39", "10.8.0.51", "0.0.0.0"}) {
    pool.exclude_ipv4 = {ipv4(outside, "t:4")};
    EXPECT_EQ(fault(pool), "pool a ipv4 exclusion " + std::string(outside) +
                               " (t:4) lies outside every range of the pool");
  }
  pool.exclude_ipv4 = {ipv4("10.8.0.10"), ipv4("10.8.0.10-10.8.0.11")};
  EXPECT_EQ(fault(pool), "pool a exclusion 10.8.0.10 overlaps pool a exclusion 10.8.0.10/31");
}

TEST(PlanCheck, IdentifiersNeedASlash64) {
  PoolPlan pool;
  pool.name = "hosts";
  pool.identifiers = IdentifierPool{*Ipv6Prefix::parse("2001:db8::/48"), "t:3"};
  EXPECT_EQ(fault(pool),
            "pool hosts identifier prefix 2001:db8::/48 (t:3) does not have length 64");
  pool.identifiers->prefix = *Ipv6Prefix::parse("2001:db8::/64");
  EXPECT_EQ(fault(pool), "nothing");
  pool.identifiers->exclude = {{InterfaceId(7), "t:4"}, {InterfaceId(7), "t:5"}};
  EXPECT_EQ(fault(pool), "pool hosts exclusion 0:0:0:7 (t:5) is there already (t:4)");
  pool.identifiers->exclude.clear();
  pool.prefixes = PrefixPool{{ipv6("2001:db9::/48")}};
  EXPECT_EQ(fault(pool), "pool hosts has both IPv6 identifiers and whole IPv6 prefixes");
}

TEST(PlanCheck, PrefixesAreCutFromShorterOnes) {
  PoolPlan pool;
  pool.name = "networks";
  pool.delegated = PrefixPool{{ipv6("2001:db8::/56", "t:3")}, 48};
  EXPECT_EQ(fault(pool),
            "pool networks delegated prefix 2001:db8::/56 (t:3) is longer than the /48 to be cut "
            "from it");
  pool.delegated->length = 56;
  EXPECT_EQ(fault(pool), "nothing") << "one prefix, whole";
  for (int length : {0, -1, 129, 1 << 30}) {
    pool.delegated->length = length;
    EXPECT_EQ(fault(pool), "pool networks delegated prefix has length " + std::to_string(length));
  }
  pool.delegated = PrefixPool{{}, 56};
  EXPECT_EQ(fault(pool), "pool networks delegated prefix is cut from nothing");
  pool.delegated.reset();
  pool.prefixes = PrefixPool{{ipv6("2001:db8::/48")}, 60};
  EXPECT_EQ(fault(pool), "pool networks gives IPv6 prefixes of length 60");
}

TEST(PlanCheck, MoreAddressesThanCanBeCountedAreRefused) {
  EXPECT_EQ(fault(pool_of("a", {ipv4("10.0.0.0/8")})), "nothing");
  std::string too_many = "brings the listed addresses of all pools over 268435456";
  EXPECT_NE(fault(pool_of("a", {ipv4("0.0.0.0/0")})).find(too_many), std::string::npos);
  EXPECT_NE(fault(pool_of("a", {ipv4("10.0.0.0-69.154.202.0")})).find(too_many), std::string::npos);

  PoolPlan networks;
  networks.name = "networks";
  networks.delegated = PrefixPool{{ipv6("2001:db8::/32")}, 56};
  EXPECT_EQ(fault(networks), "nothing");
  for (int length : {61, 64, 96, 127, 128}) {
    networks.delegated->length = length;
    EXPECT_NE(fault(networks).find(too_many), std::string::npos) << length;
  }
  networks.delegated = PrefixPool{{ipv6("::/0")}, 128};
  EXPECT_NE(fault(networks).find(too_many), std::string::npos);

  Plan together;
  for (int i = 0; i < 15; ++i) {
    together.pools.push_back(
        pool_of("p" + std::to_string(i), {ipv4(std::to_string(i) + ".0.0.0/8")}));
  }
  EXPECT_EQ(fault(together), "nothing");
  together.pools.push_back(networks);
  together.pools.back().delegated = PrefixPool{{ipv6("2001:db8::/32")}, 56};
  EXPECT_NE(fault(together).find(too_many), std::string::npos) << "pools and kinds share them";
  together.pools.back().delegated->length = 55;
  EXPECT_EQ(fault(together), "nothing");
  PoolPlan counted;
  counted.name = "counted";
  counted.identifiers =
      IdentifierPool{*Ipv6Prefix::parse("2001:db9::/64"), "", IdentifierPool::Choice::sequential};
  together.pools.push_back(counted);
  EXPECT_EQ(fault(together), "nothing");
  together.pools.push_back(counted);
  together.pools.back().name = "counted-too";
  together.pools.back().identifiers->prefix = *Ipv6Prefix::parse("2001:dba::/64");
  EXPECT_NE(fault(together).find(too_many), std::string::npos);
}

TEST(PlanCheck, NumbersHaveBounds) {
  PoolPlan pool = pool_of("a", {ipv4("10.8.0.0/24")});
  pool.thresholds = {1, 100};
  EXPECT_EQ(fault(pool), "nothing");
  pool.thresholds = {101};
  EXPECT_EQ(fault(pool), "pool a has a threshold of 101 per cent");
  pool.thresholds = {0};
  EXPECT_EQ(fault(pool), "pool a has a threshold of 0 per cent");
  pool.thresholds.clear();
  pool.cool_down = -1s;
  EXPECT_EQ(fault(pool), "pool a cool_down is -1s");
  pool.cool_down = kMaxTerm + 1ms;
  EXPECT_EQ(fault(pool), "pool a cool_down is 45d1ms");
  pool.cool_down = kMaxTerm;
  EXPECT_EQ(fault(pool), "nothing");

  Plan plan = good_plan();
  plan.hold_time = 0s;
  EXPECT_EQ(fault(plan), "hold_time is 0s, so every lease would end at once");
  plan.hold_time = 60s;
  plan.lease_time = Milliseconds::max();
  EXPECT_TRUE(fault(plan).starts_with("lease_time is "));
  plan.lease_time = 0s;
  plan.keep_history = kMaxDuration;
  EXPECT_EQ(fault(plan), "nothing");
}

TEST(PlanCheck, RulesNamePoolsThatAreThere) {
  Plan plan = good_plan();
  plan.rules.push_back({.name = "staff", .place = "t:9", .pools = {"dial-in", "office"}});
  EXPECT_EQ(fault(plan), "rule \"staff\" (t:9) names pool \"office\", which is not there");
  plan.rules[0].pools = {"dial-in", "dial-in"};
  EXPECT_EQ(fault(plan), "rule \"staff\" (t:9) names pool dial-in twice");
  plan.rules[0].pools = {};
  EXPECT_EQ(fault(plan), "nothing") << "a rule may give nobody anything";
  plan.rules.push_back(plan.rules[0]);
  plan.rules[1].place = "t:14";
  EXPECT_EQ(fault(plan), "rule \"staff\" (t:14) has the name of another rule (t:9)");
  plan.rules[1].name = "";
  EXPECT_EQ(fault(plan), "nothing");
  plan.rules[1].match.ports = {"a\nb"};
  EXPECT_EQ(fault(plan), "rule 2: port \"a\\x0ab\" has a control character at byte 1 (t:14)");
  plan.rules[1].match.ports = {""};
  EXPECT_EQ(fault(plan), "rule 2: port \"\" (t:14) is empty");
}

TEST(PlanCheck, NamesOfServersGroupsAndDomainsAreApart) {
  Plan plan = good_plan();
  plan.servers = {{.name = "vpn1", .place = "t:3"}, {.name = "VPN1", .place = "t:7"}};
  EXPECT_EQ(fault(plan), "server \"VPN1\" (t:7) is there already (t:3)");
  plan = good_plan();
  plan.groups = {{"Staff", {"ana"}}, {"staff", {"bob"}}};
  EXPECT_EQ(fault(plan), "groups \"Staff\" and \"staff\" differ in case only");
  plan.groups = {{"staff", {std::string(65536, 'a')}}};
  EXPECT_NE(fault(plan).find("is 65536 bytes long; at most 1024 are taken"), std::string::npos);
  plan = good_plan();
  plan.owners.domain_realms = {{"CORP", "a"}, {"corp", "b"}};
  EXPECT_EQ(fault(plan), "domains \"CORP\" and \"corp\" differ in case only");
  plan.owners.domain_realms = {{"A\\B", "a"}};
  EXPECT_TRUE(fault(plan).starts_with("domain \"A\\B\" has a backslash"));
  plan.owners.domain_realms = {{"CORP", "@corp.example"}};
  EXPECT_TRUE(fault(plan).starts_with("realm \"@corp.example\" of domain"));
}

TEST(PlanCheck, WhatDomainRealmsTakeInTheJournalHasALimit) {
  Plan plan = good_plan();
  for (int i = 0; i < 2500; ++i) {
    plan.owners.domain_realms["DOMAIN-" + std::to_string(i)] = "realm.example.com";
  }
  EXPECT_TRUE(fault(plan).starts_with("the 2500 domain_realms take 8")) << fault(plan);
  EXPECT_TRUE(fault(plan).ends_with(" bytes together; at most 65535 can be kept")) << fault(plan);

  auto& domains = plan.owners.domain_realms;
  while (fault(plan) != "nothing") {
    domains.erase(domains.begin(), std::next(domains.begin(), 10));
  }
  EXPECT_GT(domains.size(), 1500U);
  const std::string rules = OwnerNamer(plan.owners).fingerprint();
  std::string bytes;
  ChangeWriter(bytes).add(Step(RulesChanged{rules}));
  const Result<Step> step = StepReader(bytes).next();
  ASSERT_TRUE(step);
  EXPECT_EQ(std::get<RulesChanged>(*step).rules, rules);
}

TEST(PlanCheck, ThereIsALimitToPoolsRulesAndServers) {
  Plan plan;
  for (std::uint32_t i = 0; i <= kMaxPools; ++i) {
    plan.pools.push_back(
        pool_of("p" + std::to_string(i), {{*Ipv4Range::make(Ipv4(i), Ipv4(i)), ""}}));
  }
  EXPECT_EQ(fault(plan), "4097 pools are listed; at most 4096 can be");
  plan.pools.pop_back();
  EXPECT_EQ(fault(plan), "nothing");
  plan.rules.resize(kMaxRules);
  EXPECT_EQ(fault(plan), "nothing");
  plan.rules.emplace_back();
  EXPECT_EQ(fault(plan), "4097 rules are listed; at most 4096 can be");
  plan.rules.clear();
  plan.servers.resize(kMaxServers + 1);
  EXPECT_EQ(fault(plan), "4097 servers are listed; at most 4096 can be");
}

}  // namespace
}  // namespace berth
