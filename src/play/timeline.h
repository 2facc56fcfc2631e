// timeline.h - how full each pool was over time, in a bounded number of looks.
//
// Keeps at most kMostLooks looks of each pool. When they are full, neighbours become one, the
// higher of the two, and looks are taken half as often: a peak is never lost. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "berth/lease.h"
#include "berth/time.h"

namespace berth::play {

inline constexpr std::size_t kMostLooks = 2048;

// One kind of one pool.
struct Series {
  std::string pool;
  Kind kind = Kind::ipv4;
  Uint128 size = 0;
  std::vector<std::uint64_t> taken;  // not free: held, active, cooling, reserved or pending
  std::uint64_t peak = 0;
};

class Timeline {
 public:
  // Whether it is time for the next look.
  [[nodiscard]] bool is_due(WallTime now) const;
  // A look that comes early counts for the one before it. `pools` are the same ones every time.
  void look(WallTime now, std::span<const PoolUse> pools);

  [[nodiscard]] const std::vector<Series>& series() const { return series_; }
  // Of look i: start() + i * every().
  [[nodiscard]] WallTime start() const { return start_; }
  [[nodiscard]] Milliseconds every() const { return every_; }

 private:
  void raise(std::span<const PoolUse> pools);
  void thin_out();

  std::vector<Series> series_;
  WallTime start_{};
  Milliseconds every_{60'000};
  std::size_t looks_ = 0;
};

}  // namespace berth::play
