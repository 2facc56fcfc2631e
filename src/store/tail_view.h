// tail_view.h - what the journal's tail changes in what the tables say, for those who only read.
//
// A reader may not bring the tables up to date; it lays the tail over them instead. Made anew
// for each look, from one moment of both files: the journal must be looked at first.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"
#include "core/change.h"
#include "store/clock_steps.h"
#include "store/recent.h"
#include "store/sqlite.h"

namespace berth {

// Selects live leases with their names; lease_in(row) reads one. Its texts are the row's.
inline constexpr std::string_view kSelectLease =
    "SELECT l.generation, l.id, l.active, l.port_key, l.second, n.owner, n.user, s.name, l.port, "
    "l.session, l.ipv4, l.ipv6, l.delegated, l.started_ipv4, l.started_ipv6, "
    "l.started_delegated, l.renewed, l.hold_ms, l.lease_ms FROM lease l "
    "JOIN name n ON n.id = l.name JOIN server s ON s.id = l.server ";
[[nodiscard]] LeaseRecord lease_in(const Statement& row);

class TailView {
 public:
  // Reads rows of `journal` behind what `tables` have.
  [[nodiscard]] Done read(Database& journal, Database& tables);

  // Leases that the tail began or changed, as they are now, in the order of their generations;
  // those from `from` on and before `until`, or all.
  using EachLease = std::function<Done(const LeaseRecord& lease)>;
  [[nodiscard]] Done each_lease(std::uint64_t from, std::uint64_t until,
                                const EachLease& each) const;
  [[nodiscard]] Done each_lease(const EachLease& each) const { return each_lease(0, kAll, each); }
  static constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
  // Whether the tables' word on this lease still holds.
  [[nodiscard]] bool leaves_alone(std::uint64_t generation) const {
    return !leases_.contains(generation);
  }
  // Who a name of the tables is now.
  [[nodiscard]] std::string owner_now(std::string_view owner, std::string_view user) const;
  // Owners whose names have become this one, or were it.
  [[nodiscard]] std::set<std::string> owners_before(std::string_view owner) const;
  // Whether an ended interval of the tables is still there.
  [[nodiscard]] bool keeps(const Interval& interval) const;

  // What ended in the tail.
  [[nodiscard]] const Recent& recent() const { return recent_; }
  // Of all time: those of the tables, too.
  [[nodiscard]] const ClockSteps& clock_steps() const { return clock_steps_; }
  // Addresses that were given back in it, and when.
  struct Back {
    Addresses addresses;
    WallTime ended{};
  };
  [[nodiscard]] const std::vector<Back>& backs() const { return backs_; }
  // What the tail says of an owner's reservations: nothing where it is silent.
  [[nodiscard]] const std::map<std::string, Reservation>& reservations() const {
    return reservations_;
  }
  [[nodiscard]] std::optional<WallTime> newest() const { return newest_; }

 private:
  [[nodiscard]] Done apply(std::string_view change);
  void on(const Begin& step);
  void on(const End& step);
  void on(const Alive& step);
  void on(const Boot& step) { newest_ = step.at; }
  void on(const Reserve& step);
  void on(const Unreserve& step);
  void on(const Erase& step);
  void on(const Forget& step);
  void on(const Rename&) {}  // all of a change together: rename()
  void on(const Restored& step) { newest_ = step.at; }
  void on(const ClockStepped& step) {
    clock_steps_.add(step);
    newest_ = step.to;
  }
  void on(const Cooled&) {}
  void on(const RulesChanged&) {}
  void on(const Provided&) {}
  void on(const Paid&) {}
  void rename(const Renames& renames);

  // The lease as it is before this step, from the tail or the tables.
  [[nodiscard]] std::optional<std::string> lease(std::uint64_t generation);
  [[nodiscard]] Reservation reservation(std::string_view owner);

  Database* tables_ = nullptr;
  std::map<std::uint64_t, std::string> leases_;  // a Begin as bytes; empty: it is over
  Recent recent_;
  ClockSteps clock_steps_;
  std::vector<Back> backs_;
  std::map<std::string, Reservation> reservations_;  // no addresses: none
  std::set<std::string, std::less<>> erased_;
  std::map<std::pair<std::string, std::string>, std::string> renamed_;  // owner and user
  WallTime forgotten_ = WallTime::min();
  std::optional<WallTime> newest_;
};

}  // namespace berth
