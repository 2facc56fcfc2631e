// listing.cc - numbering the addresses of a pool.
#include "core/listing.h"

#include <algorithm>

namespace berth {

Listing Listing::make(std::vector<Part> parts, std::vector<Part> excluded, Uint128 stride) {
  const auto by_first = [](const Part& a, const Part& b) { return a.first < b.first; };
  std::sort(parts.begin(), parts.end(), by_first);
  std::sort(excluded.begin(), excluded.end(), by_first);

  Listing listing;
  listing.stride_ = stride;
  const auto add = [&listing](Uint128 first, Uint128 members) {
    if (members == 0) return;
    const auto count = static_cast<std::uint64_t>(members);
    listing.runs_.push_back({first, listing.size_, count});
    listing.size_ += count;
  };
  auto hole = excluded.begin();
  for (const Part& part : parts) {
    const Uint128 all = (part.last - part.first) / stride + 1;
    Uint128 done = 0;  // members of this part that are listed or left out already
    // Those that end before this part end before all later ones, too.
    while (hole != excluded.end() && hole->last < part.first) ++hole;
    for (auto each = hole; each != excluded.end() && each->first <= part.last; ++each) {
      if (each->last < part.first) continue;
      const Uint128 from = each->first <= part.first ? 0 : (each->first - part.first) / stride;
      const Uint128 to = (std::min(each->last, part.last) - part.first) / stride;
      if (to < done) continue;  // inside an earlier hole
      if (from > done) add(part.first + done * stride, from - done);
      const Uint128 out_from = std::max(from, done);
      listing.excluded_ += static_cast<std::uint64_t>(to + 1 - out_from);
      done = to + 1;
    }
    add(part.first + done * stride, all - done);
  }
  return listing;
}

Uint128 Listing::at(std::uint64_t number) const {
  BERTH_ASSERT(number < size_);
  auto run = runs_.begin();
  if (runs_.size() > 1) {
    run = std::upper_bound(runs_.begin(), runs_.end(), number,
                           [](std::uint64_t n, const Run& r) { return n < r.start; }) -
          1;
  }
  return run->first + stride_ * (number - run->start);
}

std::optional<std::uint64_t> Listing::number_of(Uint128 address) const {
  auto run = std::upper_bound(runs_.begin(), runs_.end(), address,
                              [](Uint128 a, const Run& r) { return a < r.first; });
  if (run == runs_.begin()) return std::nullopt;
  --run;
  const Uint128 steps = (address - run->first) / stride_;
  if (steps >= run->count) return std::nullopt;
  return run->start + static_cast<std::uint64_t>(steps);
}

std::vector<Listing::Part> Listing::runs() const {
  std::vector<Part> parts;
  for (const Run& run : runs_) {
    parts.push_back({run.first, run.first + stride_ * run.count - 1});
  }
  return parts;
}

}  // namespace berth
