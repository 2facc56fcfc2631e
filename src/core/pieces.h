// pieces.h - memory for records by the million, in pieces of 2 MiB.
//
// Records are read at random. On pages of 4 KiB nearly every such read also misses the table of
// pages, which costs as much again; a piece is one large page where the system gives those to
// who asks (Linux: transparent_hugepage = madvise or always).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace berth {

inline constexpr std::size_t kPieceBytes = std::size_t{2} << 20;

struct FreePiece {
  void operator()(std::byte* piece) const;
};
using Piece = std::unique_ptr<std::byte[], FreePiece>;

// Small users never leave their first piece: only what they touch of it should cost them memory.
enum class Pages : std::uint8_t { small, large };

// A piece, not cleared; begins at a multiple of its size.
[[nodiscard]] Piece make_piece(Pages pages);

}  // namespace berth
