// history_lookup.h - who had it then: intervals by address, by owner and by time.
//
// Reads the index tables that HistoryIndex wrote, on any connection. A look at one address costs
// one step into an index for each part whose times fit, and one row for each hit.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "berth/address.h"
#include "berth/lease.h"
#include "store/sqlite.h"

namespace berth {

// Which intervals to look for: those that end after `from` and begin before `until`.
struct Moments {
  WallTime from = WallTime::min();
  WallTime until = WallTime::max();
  [[nodiscard]] static Moments around(WallTime at, Milliseconds window);
  [[nodiscard]] static Moments in(const Span& span);
  [[nodiscard]] bool meets(WallTime started, WallTime ended) const {
    return ended > from && started < until;
  }
};

class HistoryLookup {
 public:
  explicit HistoryLookup(Database& db);
  ~HistoryLookup();

  // Intervals up to the sequence `last` that held an address of `where`, or that the owner
  // had: at most `most` of them, the latest first. What fails sticks to the database. For a
  // consistent look call them inside a transaction.
  [[nodiscard]] std::vector<Interval> who_had(const AnyRange& where, const Moments& when,
                                              std::uint64_t last, std::size_t most);
  [[nodiscard]] std::vector<Interval> history(std::string_view owner, const Moments& when,
                                              std::uint64_t last, std::size_t most);

  // The lengths of prefixes of this kind that were ever given.
  [[nodiscard]] std::vector<int> lengths_of(Kind kind);

 private:
  struct Part;  // the statements on the index tables of one part
  class Found;  // sequences, the latest first
  [[nodiscard]] std::vector<Part*> parts_in(const Moments& when, std::uint64_t last);
  void find_prefixes(Kind kind, const Ipv6Range& range, const Moments& when, Part& part,
                     Found& found);
  [[nodiscard]] std::vector<Interval> rows_of(const Found& found);

  Database& db_;
  Statement select_parts_, select_lengths_, select_names_, select_row_;
  std::map<std::int64_t, std::unique_ptr<Part>> parts_;
};

}  // namespace berth
