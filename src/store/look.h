// look.h - one moment of a store, for those who only read: the tables, and the journal's tail
// over them.
//
// As long as a Look is there both files stay at its moment, whatever others write meanwhile. One
// at a time for a pair of connections, and not longer than they are there.
//
//   auto look = Look::take(journal, tables);
//   if (!look) return std::unexpected(look.error());
//   return (*look)->each_lease({}, each);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"
#include "core/change.h"
#include "store/history_lookup.h"
#include "store/sqlite.h"
#include "store/tail_view.h"

namespace berth {

class Look {
 public:
  // store_corrupt, store_unavailable: the journal's tail cannot be read.
  [[nodiscard]] static Result<std::unique_ptr<Look>> take(Database& journal, Database& tables);
  ~Look();
  Look(const Look&) = delete;
  Look& operator=(const Look&) = delete;

  [[nodiscard]] const TailView& tail() const { return tail_; }

  // Live leases of one owner, or of all where that is empty, in the order of their generations:
  // those of the tables that the tail leaves alone, and those of the tail. Stops at the first error
  // that `each` returns.
  using EachLease = std::function<Done(const LeaseRecord& lease)>;
  [[nodiscard]] Done each_lease(std::string_view owner, const EachLease& each) const;
  // Live leases that may have an address in `where`: those that the indexes of the tables find
  // there, once for each kind, and all of the tail, in no order. `lookup` is one into these tables.
  [[nodiscard]] Done each_holder(const AnyRange& where, HistoryLookup& lookup,
                                 const EachLease& each) const;

  // In the order of their owners.
  [[nodiscard]] Result<std::vector<Reservation>> reservations() const;

  // Addresses that were given back, and when: what the tail says comes first. The tables' may be
  // held again by a lease of the tail.
  using EachBack = std::function<void(const Addresses& addresses, WallTime ended)>;
  [[nodiscard]] Done each_back(const EachBack& each) const;

 private:
  Look(Database& journal, Database& tables);
  [[nodiscard]] Done each_row(Statement& rows, const EachLease& each) const;
  [[nodiscard]] std::set<std::uint64_t> generations_of(std::string_view owner) const;

  Database& journal_;
  Database& tables_;
  TailView tail_;
};

}  // namespace berth
