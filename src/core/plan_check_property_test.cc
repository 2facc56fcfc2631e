// plan_check_property_test.cc - a plan is refused exactly when two of its parts share an address.
#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/plan_check.h"

namespace berth {
namespace {

// A few short ranges in a small space, so that about half of the plans overlap somewhere.
RC_GTEST_PROP(PlanCheckProperty, OverlapIsFoundExactlyWhereTwoRangesShareAnAddress, ()) {
  std::vector<Ipv4Range> ranges;
  Plan plan;
  int pools = *rc::gen::inRange(1, 4);
  for (int i = 0; i < pools; ++i) {
    PoolPlan pool;
    pool.name = "p" + std::to_string(i);
    int parts = *rc::gen::inRange(1, 4);
    for (int part = 0; part < parts; ++part) {
      auto first = *rc::gen::inRange<std::uint32_t>(0, 120);
      auto size = *rc::gen::inRange<std::uint32_t>(0, 20);
      ranges.push_back(*Ipv4Range::make(Ipv4(first), Ipv4(first + size)));
      pool.ipv4.push_back({ranges.back(), ""});
    }
    plan.pools.push_back(pool);
  }
  bool overlap = false;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) overlap = overlap || ranges[i].overlaps(ranges[j]);
  }
  RC_CLASSIFY(overlap, "overlap");
  RC_ASSERT(check_overlaps(plan).has_value() != overlap);
  RC_ASSERT(check_plan(plan).has_value() != overlap);
}

// Every /64 of a /60 by itself: which of them are left once some prefixes are excluded?
RC_GTEST_PROP(PlanCheckProperty, APrefixPoolIsRefusedExactlyWhenNothingIsLeft, ()) {
  Ipv6Prefix whole = *Ipv6Prefix::parse("2001:db8::/60");
  PoolPlan pool;
  pool.name = "links";
  pool.prefixes = PrefixPool{{{whole, ""}}};
  std::vector<Ipv6Prefix> excluded;
  int count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    auto link = *rc::gen::inRange<std::uint64_t>(0, 16);
    auto prefix = Ipv6Prefix::around(Ipv6(whole.address().high() | link, InterfaceId(1)),
                                     *rc::gen::element(61, 62, 63, 64, 72));
    auto overlaps = [&prefix](const Ipv6Prefix& other) { return other.overlaps(prefix); };
    if (std::ranges::any_of(excluded, overlaps)) continue;
    excluded.push_back(prefix);
    pool.prefixes->exclude.push_back({prefix, ""});
  }
  int left = 0;
  for (std::uint64_t link = 0; link < 16; ++link) {
    auto one = Ipv6Prefix::around(Ipv6(whole.address().high() | link, InterfaceId(0)), 64);
    auto overlaps = [&one](const Ipv6Prefix& other) { return other.overlaps(one); };
    if (std::ranges::none_of(excluded, overlaps)) ++left;
  }
  Plan plan;
  plan.pools.push_back(pool);
  RC_ASSERT(check_plan(plan).has_value() == (left > 0));
}

}  // namespace
}  // namespace berth
