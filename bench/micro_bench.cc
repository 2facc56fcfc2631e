// micro_bench.cc - the small steps that every request takes, one by one: Google Benchmark.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "berth/address.h"
#include "berth/plan.h"
#include "core/change.h"
#include "core/owner_name.h"
#include "core/policy.h"
#include "core/pools.h"
#include "core/siphash.h"

namespace berth {
namespace {

void parse_ipv4(benchmark::State& state) {
  while (state.KeepRunning()) benchmark::DoNotOptimize(Ipv4::parse("198.51.100.217"));
}
BENCHMARK(parse_ipv4);

void parse_ipv6(benchmark::State& state) {
  while (state.KeepRunning()) benchmark::DoNotOptimize(Ipv6::parse("2001:db8:0:17::c633:64d9"));
}
BENCHMARK(parse_ipv6);

void print_ipv4(benchmark::State& state) {
  const Ipv4 address(0xc63364d9);
  while (state.KeepRunning()) benchmark::DoNotOptimize(address.to_string());
}
BENCHMARK(print_ipv4);

void print_ipv6(benchmark::State& state) {
  const Ipv6 address = *Ipv6::parse("2001:db8:0:17::c633:64d9");
  while (state.KeepRunning()) benchmark::DoNotOptimize(address.to_string());
}
BENCHMARK(print_ipv6);

void name_an_owner(benchmark::State& state) {
  OwnerRules rules;
  rules.domain_realms = {{"CORP", "corp.example"}};
  const OwnerNamer namer(rules);
  while (state.KeepRunning()) benchmark::DoNotOptimize(namer.name("CORP\\Ana.Lindqvist"));
}
BENCHMARK(name_an_owner);

// 500 rules, each for twenty groups of 10,000; the user is in the groups of the last rule.
void decide_among_500_rules(benchmark::State& state) {
  constexpr int kRules = 500;
  constexpr int kGroupsARule = 20;
  Plan plan;
  plan.pools.push_back({.name = "all", .ipv4 = {{*Ipv4Range::parse("10.0.0.0/8"), ""}}});
  Request request{.user = "ana@corp.example", .server = "vpn1", .port = "VPN2-17"};
  for (int rule = 0; rule < kRules; ++rule) {
    Rule each{.name = "rule " + std::to_string(rule), .pools = {"all"}};
    for (int i = 0; i < kGroupsARule; ++i) {
      const std::string group = "group-" + std::to_string(rule * kGroupsARule + i);
      each.match.groups.push_back(group);
      plan.groups[group] = {"somebody-" + std::to_string(rule * kGroupsARule + i)};
      if (rule == kRules - 1) request.groups.push_back(group);
    }
    plan.rules.push_back(each);
  }
  const Result<Policy> policy = Policy::compile(plan);
  const OwnerName name{"ana@corp.example", "corp.example"};
  while (state.KeepRunning()) benchmark::DoNotOptimize(policy->decide(request, name));
}
BENCHMARK(decide_among_500_rules);

LeaseRecord lease() {
  LeaseRecord lease;
  lease.id = {0x1234567890abcdef};
  lease.generation = {123'456'789};
  lease.owner = "ana@corp.example";
  lease.user = "CORP\\Ana";
  lease.server = "vpn1";
  lease.port = "VPN2-17";
  lease.session = "5f3a9c01d2e4b786";
  lease.addresses.ipv4 = Ipv4(0x0a0c0d0e);
  lease.addresses.ipv6 = Ipv6Prefix::host(*Ipv6::parse("2001:db8::17:c633:64d9:1"));
  return lease;
}

void write_a_change(benchmark::State& state) {
  const Begin begin{lease()};
  std::string bytes;
  while (state.KeepRunning()) {
    bytes.clear();
    ChangeWriter(bytes).add(begin);
    benchmark::DoNotOptimize(bytes.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(write_a_change);

void read_a_change(benchmark::State& state) {
  std::string bytes;
  ChangeWriter(bytes).add(Begin{lease()});
  while (state.KeepRunning()) {
    StepReader reader(bytes);
    benchmark::DoNotOptimize(reader.next());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(read_a_change);

void compute_an_identifier(benchmark::State& state) {
  Plan plan;
  plan.pools.push_back(
      {.name = "all",
       .identifiers = IdentifierPool{.prefix = *Ipv6Prefix::parse("2001:db8::/64")}});
  const Pools pools(plan, SipKey{1, 2});
  while (state.KeepRunning()) benchmark::DoNotOptimize(pools.stable(0, "ana@corp.example", 0));
}
BENCHMARK(compute_an_identifier);

void hash_a_session(benchmark::State& state) {
  const SipKey key{1, 2};
  while (state.KeepRunning()) {
    benchmark::DoNotOptimize(SipHash(key).number(1).text("vpn1").bytes("5f3a9c01d2e4b786").take());
  }
}
BENCHMARK(hash_a_session);

}  // namespace
}  // namespace berth
