// ended_leases.h - the rows of leases that have ended, deleted a stretch of the table at a time.
//
// Leases that end lie anywhere in the table of leases: deleted one by one, nearly each of them
// would touch a page of its own. So an end is only noted (table `ended`, a few bytes), and when
// many wait, those of one stretch of generations go together. The view `lease` leaves out those
// that wait. Where little happens none waits.
#pragma once

#include <cstdint>

#include "store/sqlite.h"

namespace berth {

class EndedLeases {
 public:
  explicit EndedLeases(Database& db);

  // Reads how many wait; after opening and after a transaction that was let go.
  void load();

  // The rest is done inside a transaction.
  void add(std::uint64_t generation);
  // After the others of a batch: deletes some, if it is time.
  void sweep();
  void sweep_all() { sweep(waiting_); }

 private:
  void sweep(std::uint64_t most);

  Database& db_;
  Statement add_, last_, delete_rows_, delete_ended_, changes_;
  std::uint64_t waiting_ = 0;
  std::uint64_t added_ = 0;    // since the last sweep()
  std::int64_t swept_to_ = 0;  // the generation where the next stretch begins
};

}  // namespace berth
