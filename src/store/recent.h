// recent.h - the intervals that ended lately, in memory: what the index on disk has not yet.
//
// An interval comes here when the change that ended it is durable, and leaves when the index of
// history (history_index.h) has it. So a lookup here and one there see everything, each once.
// Bounded by HistoryLimits::run_rows and by how far the tables may be behind.
//
// Not safe to share between threads: the store locks it.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "berth/address.h"
#include "berth/lease.h"
#include "core/change.h"
#include "store/history_lookup.h"
#include "store/rows.h"

namespace berth {

// What one change renames: who has this owner's name and raw name is called so from then on. All
// go by the names before the change. The texts are the change's.
using Renames = std::map<std::pair<std::string_view, std::string_view>, std::string_view>;
inline void collect(const Rename& step, Renames& to) {
  to.try_emplace({step.owner, step.user}, step.renamed);
}

class Recent {
 public:
  Recent();

  // One that is in the tables already.
  void add(const Interval& interval);
  // What a change ended; its intervals get the numbers behind the last one's.
  void add(const End& step);
  // Sets the number of the last interval, when there is none here.
  void start_behind(std::uint64_t sequence) { last_ = sequence; }
  [[nodiscard]] std::uint64_t last() const { return last_; }

  void drop_up_to(std::uint64_t sequence);
  void forget(WallTime before);
  void erase(std::string_view owner);
  // One walk, however many they are.
  void rename(const Renames& renames);

  // What fits: at most `most`, the latest first.
  [[nodiscard]] std::vector<Interval> who_had(const AnyRange& where, const Moments& when,
                                              std::size_t most) const;
  [[nodiscard]] std::vector<Interval> history(std::string_view owner, const Moments& when,
                                              std::size_t most) const;
  [[nodiscard]] std::uint64_t ended_before(WallTime before) const;
  [[nodiscard]] std::optional<WallTime> oldest_end() const;
  // The earliest first. Stops at the first error of `each`.
  [[nodiscard]] Done each(const std::function<Done(const Interval&)>& each) const;

 private:
  enum Chain : std::uint8_t { by_ipv4, by_ipv6, by_delegated, by_owner };
  static constexpr std::size_t kChains = 4;
  // Chains of other keys may share a head: keys are compared.
  static constexpr std::size_t kHeads = 1 << 16;
  using Position = std::uint64_t;  // counts all that ever came; 0 is none
  struct Row {
    Interval interval;
    bool gone = false;                        // forgotten or erased
    std::array<Position, kChains> earlier{};  // the one before in each chain
  };

  void put(Row row);
  // Calls take(position, interval) for the rows of a chain, the latest first.
  template <class Take>
  void walk(Chain chain, std::uint64_t hash, Take&& take) const;
  void find_prefix(Chain chain, Kind kind, Ipv6 address, const Moments& when,
                   std::vector<Position>& positions) const;
  [[nodiscard]] std::vector<Interval> latest(std::vector<Position> positions,
                                             std::size_t most) const;
  [[nodiscard]] const Row& at(Position position) const { return rows_[position - first_]; }

  std::deque<Row> rows_;
  Position first_ = 1;      // of rows_.front()
  std::uint64_t last_ = 0;  // sequence
  std::array<std::vector<Position>, kChains> heads_;
  std::array<std::array<bool, 129>, kKinds> lengths_{};  // of prefixes that ever came
};

}  // namespace berth
