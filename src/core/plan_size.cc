// plan_size.cc - how many addresses each pool has, and that some are left of each.
#include <algorithm>
#include <vector>

#include "berth/lease.h"
#include "core/listing.h"
#include "core/plan_check.h"
#include "core/slots.h"

namespace berth {
namespace {

// One kind of one pool: what is listed, what of it is excluded, and how to name each.
struct Part {
  Listing::Part numbers;
  std::string text;
  std::string_view place;
};
struct Offer {
  std::string name;  // "pool dial-in ipv4"
  std::vector<Part> listed;
  std::vector<Part> excluded;
  Uint128 stride = 1;
};

std::vector<Offer> offers_of(const PoolPlan& pool);
Done check_count(const Offer& offer, std::uint64_t& slots);
Done check_exclusions(const Offer& offer);
Done check_something_left(const Offer& offer);

std::unexpected<Error> too_many(const std::string& name) {
  return fail(Code::settings_invalid,
              name + " brings the listed addresses of all pools over " + std::to_string(kMaxListed),
              "list fewer of them, or cut shorter prefixes");
}

}  // namespace

Done check_sizes(const Plan& plan) {
  std::uint64_t slots = 0;  // of all pools and kinds: they are numbered together
  for (const PoolPlan& pool : plan.pools) {
    for (const Offer& offer : offers_of(pool)) {
      if (Done count = check_count(offer, slots); !count) return count;
      if (Done inside = check_exclusions(offer); !inside) return inside;
      if (Done left = check_something_left(offer); !left) return left;
    }
    // Stable identifiers are not listed: they are 2^64 under one prefix.
    if (!pool.identifiers || pool.identifiers->choice == IdentifierPool::Choice::stable) continue;
    if (!Slots::fits(slots, kMaxSequential)) return too_many("pool " + pool.name + " identifiers");
    slots += kMaxSequential;
  }
  return {};
}

namespace {

Offer ipv4_offer(const PoolPlan& pool) {
  auto parts = [](const std::vector<Placed<Ipv4Range>>& ranges) {
    std::vector<Part> all;
    for (const auto& [range, place] : ranges) {
      all.push_back({{range.first().bits(), range.last().bits()}, range.to_string(), place});
    }
    return all;
  };
  return {"pool " + pool.name + " ipv4", parts(pool.ipv4), parts(pool.exclude_ipv4)};
}

Offer prefix_offer(const PoolPlan& pool, Kind kind, const PrefixPool& prefixes) {
  auto parts = [](const std::vector<Placed<Ipv6Prefix>>& all_prefixes) {
    std::vector<Part> all;
    for (const auto& [prefix, place] : all_prefixes) {
      all.push_back({{prefix.address().bits(), prefix.last().bits()}, prefix.to_string(), place});
    }
    return all;
  };
  return {"pool " + pool.name + " " + std::string(kind_name(kind)), parts(prefixes.from),
          parts(prefixes.exclude), Uint128{1} << (128 - prefixes.length)};
}

std::vector<Offer> offers_of(const PoolPlan& pool) {
  std::vector<Offer> offers;
  if (!pool.ipv4.empty() || !pool.exclude_ipv4.empty()) offers.push_back(ipv4_offer(pool));
  if (pool.prefixes) offers.push_back(prefix_offer(pool, Kind::ipv6, *pool.prefixes));
  if (pool.delegated) offers.push_back(prefix_offer(pool, Kind::delegated, *pool.delegated));
  return offers;
}

Done check_count(const Offer& offer, std::uint64_t& slots) {
  std::uint64_t count = 0;
  for (const Part& part : offer.listed) {
    // One less than there are, since ::/0 in steps of one has more than 128 bits can count.
    Uint128 after_first = (part.numbers.last - part.numbers.first) / offer.stride;
    bool fits = after_first < kMaxListed &&
                Slots::fits(slots, count + static_cast<std::uint64_t>(after_first) + 1);
    if (!fits) return too_many(offer.name + " range " + part.text + in_brackets(part.place));
    count += static_cast<std::uint64_t>(after_first) + 1;
  }
  slots += Slots::rounded(count);
  return {};
}

// One that leaves nothing out is a slip of the pen. Parts do not overlap, so the last one that
// begins before the end of an exclusion is the only one to look at.
Done check_exclusions(const Offer& offer) {
  std::vector<Listing::Part> listed;
  for (const Part& part : offer.listed) listed.push_back(part.numbers);
  std::ranges::sort(listed, {}, &Listing::Part::first);
  for (const Part& part : offer.excluded) {
    auto after = std::ranges::upper_bound(listed, part.numbers.last, {}, &Listing::Part::first);
    if (after != listed.begin() && std::prev(after)->last >= part.numbers.first) continue;
    return fail(Code::settings_invalid,
                offer.name + " exclusion " + part.text + in_brackets(part.place) +
                    " lies outside every range of the pool",
                "correct it, or take it out");
  }
  return {};
}

Done check_something_left(const Offer& offer) {
  auto numbers = [](const std::vector<Part>& parts) {
    std::vector<Listing::Part> all;
    for (const Part& part : parts) all.push_back(part.numbers);
    return all;
  };
  Listing left = Listing::make(numbers(offer.listed), numbers(offer.excluded), offer.stride);
  if (left.size() > 0) return {};
  return fail(Code::settings_invalid, offer.name + " has every address excluded",
              "exclude less, or take it out of the pool");
}

}  // namespace
}  // namespace berth
