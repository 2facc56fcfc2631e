// pieces_posix.cc - pieces on Linux.
#include <new>
#include <sys/mman.h>

#include "core/pieces.h"

namespace berth {
namespace {

constexpr std::align_val_t kAligned{kPieceBytes};

}  // namespace

Piece make_piece(Pages pages) {
  Piece piece(static_cast<std::byte*>(::operator new(kPieceBytes, kAligned)));
  // A wish: small pages do as well.
  if (pages == Pages::large) ::madvise(piece.get(), kPieceBytes, MADV_HUGEPAGE);
  return piece;
}

void FreePiece::operator()(std::byte* piece) const { ::operator delete(piece, kAligned); }

}  // namespace berth
