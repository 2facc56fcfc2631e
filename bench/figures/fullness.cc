// fullness.cc - choosing an address costs the same in a pool that is nearly full.
//
// Each pool is filled to 99.99 per cent, measured, emptied to the half and measured again. So in
// both cases every address was used before, and free ones wait in the order of their last use.
#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "figures/crowd.h"
#include "figures/groups.h"

namespace berth::figures {
namespace {

constexpr int kRounds = 5;

// Seconds for a pair, by who comes.
struct Costs {
  double returns;
  double is_new;
};

Costs measure(Crowd& crowd, std::uint64_t pairs) {
  std::array<double, kRounds> returns{};
  std::array<double, kRounds> is_new{};
  for (std::size_t i = 0; i < kRounds; ++i) {
    returns[i] = crowd.seconds_a_pair(pairs, Crowd::Who::returns);
    is_new[i] = crowd.seconds_a_pair(pairs, Crowd::Who::is_new);
  }
  std::ranges::sort(returns);
  std::ranges::sort(is_new);
  return {returns[kRounds / 2], is_new[kRounds / 2]};
}

void compare(std::string_view name, Crowd crowd, std::uint64_t size, std::uint64_t pairs,
             Report& report) {
  const std::uint64_t full = size - size / 10'000;
  crowd.grow(size);
  crowd.shrink(size - full);
  const Costs at_full = measure(crowd, pairs);
  crowd.shrink(full - size / 2);
  const Costs at_half = measure(crowd, pairs);
  const auto tell = [&](std::string_view who, double half, double nearly_full) {
    report.note(
        fmt::format("{} of {} addresses, {} users: a pair costs {:.0f} ns at 50 %, "
                    "{:.0f} ns at 99.99 %",
                    name, size, who, half * 1e9, nearly_full * 1e9));
    report.tell({.name = fmt::format("full_{}_{}", name, who),
                 .value = nearly_full / half,
                 .unit = "of_half_full",
                 .goal = Figure::Goal::at_most,
                 .limit = 1.2});
  };
  tell("returning", at_half.returns, at_full.returns);
  tell("new", at_half.is_new, at_full.is_new);
}

}  // namespace

void fullness(const Options& options, Report& report) {
  // A quick look takes an eighth of each: 2 million addresses.
  const std::uint64_t pairs = options.quick ? 100'000 : 500'000;
  const int ipv4_length = options.quick ? 11 : 8;
  const int ipv6_length = options.quick ? 35 : 32;
  const std::uint64_t size = std::uint64_t{1} << (32 - ipv4_length);

  Plan ipv4;
  ipv4.pools.push_back({.name = "ipv4",
                        .ipv4 = {{*Ipv4Range::parse(fmt::format("10.0.0.0/{}", ipv4_length)), ""}},
                        .cool_down = 0s});
  compare("ipv4", Crowd(ipv4, Want::required, Want::no, Want::no), size, pairs, report);

  Plan delegated;
  const auto from = Ipv6Prefix::parse(fmt::format("2001:db8::/{}", ipv6_length));
  delegated.pools.push_back({.name = "delegated",
                             .delegated = PrefixPool{.from = {{*from, ""}}, .length = 56},
                             .cool_down = 0s});
  compare("delegated", Crowd(delegated, Want::no, Want::no, Want::required), size, pairs, report);
}

}  // namespace berth::figures
