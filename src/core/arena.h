// arena.h - records of any small size, named by 32 bits.
//
// Ten million leases are too many for pointers and for malloc's headers. An Arena hands out
// blocks in steps of 8 bytes and names each by a Ref of 32 bits; 0 is none. A freed block is
// given to the next of its size, so memory stays at its highest use of each size. Blocks do not
// move. Memory comes in chunks of 1 MiB; all of it goes with the Arena.
//
// Not safe to share between threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "berth/error.h"

namespace berth {

using Ref = std::uint32_t;
inline constexpr Ref kNone = 0;

class Arena {
 public:
  static constexpr std::size_t kMaxBlock = 4096;  // bytes; names and ids are limited to less

  // A block of at least `size` bytes, not cleared.
  [[nodiscard]] Ref take(std::size_t size) {
    const std::size_t units = units_of(size);
    Ref& free = free_[units];
    if (free != kNone) {
      const Ref ref = free;
      free = *static_cast<Ref*>(at(ref));
      return ref;
    }
    if (next_ + units > end_) more();
    const Ref ref = next_;
    next_ += static_cast<Ref>(units);
    return ref;
  }

  // `size` must be what it was taken with, give or take rounding.
  void give_back(Ref ref, std::size_t size) {
    Ref& free = free_[units_of(size)];
    *static_cast<Ref*>(at(ref)) = free;
    free = ref;
  }

  [[nodiscard]] void* at(Ref ref) const {
    return chunks_[ref >> kChunkBits].get() + std::size_t{ref & (kChunkUnits - 1)} * kUnit;
  }

 private:
  static constexpr std::size_t kUnit = 8;
  static constexpr unsigned kChunkBits = 17;
  static constexpr Ref kChunkUnits = Ref{1} << kChunkBits;  // of 8 bytes: 1 MiB

  static std::size_t units_of(std::size_t size) {
    BERTH_ASSERT(size > 0 && size <= kMaxBlock);
    return (size + kUnit - 1) / kUnit;
  }
  void more() {
    BERTH_ASSERT(chunks_.size() < (std::size_t{1} << (32 - kChunkBits)));
    const auto first = static_cast<Ref>(chunks_.size() << kChunkBits);
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kChunkUnits * kUnit));
    next_ = first == 0 ? 1 : first;  // 0 names nothing
    end_ = std::uint64_t{first} + kChunkUnits;
  }

  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::array<Ref, kMaxBlock / kUnit + 1> free_{};
  Ref next_ = 0;
  std::uint64_t end_ = 0;  // of the newest chunk
};

}  // namespace berth
