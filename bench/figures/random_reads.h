// random_reads.h - what one dependent random read costs: the measure of everything in memory.
//
// A chain of cache lines in random order over so much memory, each naming the next: no read can
// begin before the one before it has ended. The memory comes from malloc in pieces of 1 MiB, on the
// pages that any program gets. The allocator asks for larger ones (core/pieces.h), on which a read
// costs less: what it gains by that is not taken out of its figure.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace berth::figures {

class RandomReads {
 public:
  explicit RandomReads(std::uint64_t bytes);

  // Goes on along the chain. Seconds for one read.
  [[nodiscard]] double seconds_a_read(std::uint64_t reads);

 private:
  struct alignas(64) Line {
    Line* next;
  };
  [[nodiscard]] Line& line(std::uint64_t number) {
    return pieces_[number / kLinesAPiece][number % kLinesAPiece];
  }
  static constexpr std::uint64_t kLinesAPiece = (std::uint64_t{1} << 20) / sizeof(Line);

  std::vector<std::unique_ptr<Line[]>> pieces_;
  Line* at_ = nullptr;
};

}  // namespace berth::figures
