// random_reads.cc - making the chain, and following it.
#include "figures/random_reads.h"

#include <numeric>

#include "berth/error.h"
#include "figures/machine.h"
#include "play/dice.h"

namespace berth::figures {

RandomReads::RandomReads(std::uint64_t bytes) {
  const std::uint64_t pieces = bytes / (kLinesAPiece * sizeof(Line)) + 1;
  for (std::uint64_t i = 0; i < pieces; ++i) {
    pieces_.push_back(std::make_unique<Line[]>(kLinesAPiece));
  }
  // Sattolo's shuffle: one cycle through all lines.
  std::vector<std::uint32_t> order(pieces * kLinesAPiece);
  std::iota(order.begin(), order.end(), 0U);
  play::Dice dice(1);
  for (std::uint64_t i = order.size() - 1; i > 0; --i) {
    std::swap(order[i], order[dice.throw_one(i)]);
  }
  for (std::uint64_t i = 0; i < order.size(); ++i) line(i).next = &line(order[i]);
  at_ = &line(0);
}

double RandomReads::seconds_a_read(std::uint64_t reads) {
  const CpuStopwatch watch;
  for (std::uint64_t i = 0; i < reads; ++i) at_ = at_->next;
  const double seconds = watch.seconds();
  BERTH_ASSERT(at_ != nullptr);  // and so the reads are not for nothing
  return seconds / static_cast<double>(reads);
}

}  // namespace berth::figures
