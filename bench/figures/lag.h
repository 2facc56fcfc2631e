// lag.h - how far a store's tables are behind its journal, as anybody with sqlite3 can see it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "figures/machine.h"
#include "figures/raw_sqlite.h"

namespace berth::figures {

class Lag {
 public:
  explicit Lag(const std::string& store);

  struct Sample {
    std::uint64_t changes = 0;
    double seconds = 0;  // since the oldest change that the tables do not have was durable
  };
  // The finer the calls, the finer the seconds.
  [[nodiscard]] Sample sample();

 private:
  struct Seen {
    double at;
    std::int64_t revision;
  };
  RawDatabase tables_, journal_;
  Stopwatch watch_;
  std::deque<Seen> seen_;  // not in the tables when last looked at
};

}  // namespace berth::figures
