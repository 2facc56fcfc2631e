// arena.h - records of any small size, named by 32 bits.
//
// Ten million leases are too many for pointers and for malloc's headers. An Arena hands out
// blocks in steps of 8 bytes and names each by a Ref of 32 bits; 0 is none. A freed block is
// given to the next of its size, so memory stays at its highest use of each size. Blocks do not
// move. Blocks of half a cache line lie within one. All memory goes with the Arena.
//
// Not safe to share between threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "berth/error.h"
#include "core/pieces.h"

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
    return pieces_[ref >> kPieceBits].get() + std::size_t{ref & (kPieceUnits - 1)} * kUnit;
  }

  // Asks for the cache lines of a block's first `size` bytes.
  void prefetch(Ref ref, std::size_t size) const {
    const char* const block = static_cast<const char*>(at(ref));
    for (std::size_t byte = 0; byte < size; byte += kLine) __builtin_prefetch(block + byte);
    __builtin_prefetch(block + size - 1);
  }

 private:
  static constexpr std::size_t kUnit = 8;
  static constexpr std::size_t kLine = 64;
  static constexpr unsigned kPieceBits = 18;
  static constexpr Ref kPieceUnits = Ref{1} << kPieceBits;
  static_assert(kPieceUnits * kUnit == kPieceBytes);

  static std::size_t units_of(std::size_t size) {
    BERTH_ASSERT(size > 0 && size <= kMaxBlock);
    return (size + kUnit - 1) / kUnit;
  }
  void more() {
    BERTH_ASSERT(pieces_.size() < (std::size_t{1} << (32 - kPieceBits)));
    const auto first = static_cast<Ref>(pieces_.size() << kPieceBits);
    pieces_.push_back(make_piece(pieces_.empty() ? Pages::small : Pages::large));
    next_ = first == 0 ? kLine / kUnit : first;  // 0 names nothing
    end_ = std::uint64_t{first} + kPieceUnits;
  }

  std::vector<Piece> pieces_;
  std::array<Ref, kMaxBlock / kUnit + 1> free_{};
  Ref next_ = 0;
  std::uint64_t end_ = 0;  // of the newest piece
};

}  // namespace berth
