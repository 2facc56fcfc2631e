// listing.h - the addresses of one kind of one pool, numbered 0, 1, 2 … without the excluded ones.
//
// All three kinds are numbers in one 128-bit space here (IPv4 as itself), `stride` apart: 1 for
// addresses and identifiers, 2^72 for /56 prefixes. Immutable once made.
//
//   Listing listing = Listing::make({{first, last}}, {{excluded, excluded}}, 1);
//   listing.at(0); listing.number_of(address);
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "berth/address.h"

namespace berth {

class Listing {
 public:
  struct Part {
    Uint128 first = 0;
    Uint128 last = 0;  // included
  };

  // `parts` must not overlap, and each begin at a multiple of the stride from its neighbours'
  // grid. Members that touch an excluded part are left out.
  [[nodiscard]] static Listing make(std::vector<Part> parts, std::vector<Part> excluded,
                                    Uint128 stride);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint64_t excluded() const { return excluded_; }

  // The member with this number; it must be below size().
  [[nodiscard]] Uint128 at(std::uint64_t number) const;
  // The number of the member that is or contains this address.
  [[nodiscard]] std::optional<std::uint64_t> number_of(Uint128 address) const;

  // First and last address of each run of members, in order.
  [[nodiscard]] std::vector<Part> runs() const;

 private:
  struct Run {
    Uint128 first;
    std::uint64_t start;  // number of its first member
    std::uint64_t count;
  };
  std::vector<Run> runs_;
  Uint128 stride_ = 1;
  std::uint64_t size_ = 0;
  std::uint64_t excluded_ = 0;
};

}  // namespace berth
