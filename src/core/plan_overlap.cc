// plan_overlap.cc - no two pools, and no two parts of one, share an address.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan_check.h"

namespace berth {
namespace {

// Something that takes up a run of addresses, and how to name it in a sentence.
template <class Range>
struct Piece {
  Range range;
  std::string_view pool;
  std::string_view part;  // "range", "delegated prefix"
  std::string text;       // as a person would write it
  std::string_view place;

  [[nodiscard]] std::string name() const {
    return "pool " + std::string(pool) + " " + std::string(part) + " " + text + in_brackets(place);
  }
};

template <class Range>
using Pieces = std::vector<Piece<Range>>;

// Sorted by their first addresses, a piece overlaps an earlier one exactly when it begins before
// the furthest of them has ended.
template <class Range>
Done refuse_overlap(Pieces<Range> pieces, std::string_view remedy) {
  std::ranges::sort(pieces, {}, [](const auto& piece) { return piece.range.first(); });
  const Piece<Range>* furthest = nullptr;
  for (const Piece<Range>& piece : pieces) {
    if (furthest != nullptr && piece.range.first() <= furthest->range.last()) {
      return fail(Code::settings_invalid, furthest->name() + " overlaps " + piece.name(),
                  std::string(remedy));
    }
    furthest = &piece;  // nothing overlapped so far: the last one reaches furthest
  }
  return {};
}

void add_ranges(const PoolPlan& pool, const std::vector<Placed<Ipv4Range>>& ranges,
                std::string_view part, Pieces<Ipv4Range>& pieces) {
  for (const auto& [range, place] : ranges) {
    pieces.push_back({range, pool.name, part, range.to_string(), place});
  }
}

void add_prefixes(const PoolPlan& pool, const std::vector<Placed<Ipv6Prefix>>& prefixes,
                  std::string_view part, Pieces<Ipv6Range>& pieces) {
  for (const auto& [prefix, place] : prefixes) {
    pieces.push_back({Ipv6Range::of(prefix), pool.name, part, prefix.to_string(), place});
  }
}

Done refuse_excluded_twice(const PoolPlan& pool) {
  constexpr std::string_view kRemedy = "exclude these addresses once";
  Pieces<Ipv4Range> ipv4;
  add_ranges(pool, pool.exclude_ipv4, "exclusion", ipv4);
  if (Done once = refuse_overlap(std::move(ipv4), kRemedy); !once) return once;

  for (const auto* prefixes : {&pool.prefixes, &pool.delegated}) {
    if (!*prefixes) continue;
    Pieces<Ipv6Range> ipv6;
    add_prefixes(pool, (*prefixes)->exclude, "exclusion", ipv6);
    if (Done once = refuse_overlap(std::move(ipv6), kRemedy); !once) return once;
  }
  return {};
}

}  // namespace

Done check_overlaps(const Plan& plan) {
  Pieces<Ipv4Range> ipv4;
  Pieces<Ipv6Range> ipv6;  // of every kind: they share one space
  for (const PoolPlan& pool : plan.pools) {
    if (Done once = refuse_excluded_twice(pool); !once) return once;
    add_ranges(pool, pool.ipv4, "range", ipv4);
    if (const auto& identifiers = pool.identifiers) {
      const Ipv6Prefix& prefix = identifiers->prefix;
      ipv6.push_back({Ipv6Range::of(prefix), pool.name, "identifier prefix", prefix.to_string(),
                      identifiers->place});
    }
    if (pool.prefixes) add_prefixes(pool, pool.prefixes->from, "prefix", ipv6);
    if (pool.delegated) add_prefixes(pool, pool.delegated->from, "delegated prefix", ipv6);
  }
  constexpr std::string_view kRemedy = "let each address be in one place only";
  if (Done apart = refuse_overlap(std::move(ipv4), kRemedy); !apart) return apart;
  return refuse_overlap(std::move(ipv6), kRemedy);
}

}  // namespace berth
