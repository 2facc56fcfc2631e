// pieces_windows.cc - pieces on Windows, where large pages want a privilege that few have.
#include <new>

#include "core/pieces.h"

namespace berth {

Piece make_piece(Pages /*pages*/) {
  return Piece(static_cast<std::byte*>(::operator new(kPieceBytes)));
}

void FreePiece::operator()(std::byte* piece) const { ::operator delete(piece); }

}  // namespace berth
