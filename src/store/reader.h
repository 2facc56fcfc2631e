// reader.h - looks into a SQLite store without loading an allocator and without a lock.
//
// For the reading verbs of the command line: works beside a process that writes the store, and
// sees every acknowledged change (the tables, and the tail of the journal over them). Each call
// is one consistent look. Not safe to share between threads.
//
//   Result<std::unique_ptr<Reader>> reader = open_reader("leases.db");
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"
#include "berth/plan.h"

namespace berth {

class Reader {
 public:
  virtual ~Reader() = default;

  // Live leases, oldest first; `owner` and `server` narrow it where they are not empty. Stops at
  // the first error that `each` returns.
  [[nodiscard]] virtual Done leases(std::string_view owner, std::string_view server,
                                    const std::function<Done(const Lease&)>& each) const = 0;
  // As in book.h: live leases are intervals without an end, and one that seems to begin later
  // than `now` is a candidate at any time.
  [[nodiscard]] virtual Result<std::vector<Interval>> who_had(const AnyRange& where, WallTime at,
                                                              Milliseconds window,
                                                              WallTime now) const = 0;
  [[nodiscard]] virtual Result<std::vector<Interval>> history(std::string_view owner,
                                                              const Span& span,
                                                              WallTime now) const = 0;
  // All of history in the order of sequence, live leases last. For exports: holds a block of rows
  // at a time, whatever the size of the store. Stops at the first error that `each` returns.
  [[nodiscard]] virtual Done each_interval(
      const std::function<Done(const Interval&)>& each) const = 0;
  [[nodiscard]] virtual Result<std::vector<Reservation>> reservations() const = 0;
  // How much of each pool of the plan is in use. Cool-down is judged by wall time here, since the
  // steady clock of the writing process is not to be had: `cooling` can be off by a clock jump.
  [[nodiscard]] virtual Result<std::vector<PoolUse>> pools(const Plan& plan,
                                                           WallTime now) const = 0;
  // When the newest change was made; 1970 for an empty store.
  [[nodiscard]] virtual Result<WallTime> newest() const = 0;
};

// not_found: there is no store. store_newer, store_corrupt, store_unavailable.
[[nodiscard]] Result<std::unique_ptr<Reader>> open_reader(const std::string& path);

}  // namespace berth
