// batch.h - many changes on their way into the tables, folded into what they add up to.
//
// Most of a batch is leases that begin and end. Written one by one they would touch pages all
// over the tables again and again; folded and sorted, each row is written once, and rows beside
// each other right after each other. Only steps on leases are folded. The few others act on
// whole tables and must find them up to date: flush first.
//
// A Batch points into the bytes of the changes; they must stay until it is flushed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/change.h"
#include "store/ended_leases.h"
#include "store/rows.h"
#include "store/sqlite.h"

namespace berth {

// The rows of `name`, `server` and `prefix_length`, made where they are missing.
class NameRows {
 public:
  explicit NameRows(Database& db);
  [[nodiscard]] std::int64_t name(std::string_view owner, std::string_view user);
  [[nodiscard]] std::int64_t server(std::string_view name);
  // Remembers that there are prefixes of this length: a look at an address inside one tries
  // each length that was ever given.
  void see_length(Kind kind, const std::optional<Ipv6Prefix>& prefix);
  // What is kept in memory, after a transaction that was let go.
  void forget();

 private:
  Database& db_;
  Statement find_name_, add_name_, find_server_, add_server_, add_length_;
  std::unordered_map<std::string, std::int64_t> servers_;  // those met lately
  std::array<std::array<bool, 129>, kKinds> lengths_{};    // those that are there for certain
};

class Batch {
 public:
  Batch(Database& db, NameRows& names, EndedLeases& ended_leases);

  void add(const Begin& step);
  // Its rows of history get the numbers behind `sequence`.
  void add(const End& step, std::uint64_t sequence);
  void add(const Alive& step);
  // Writes all that was added; what fails sticks to the database.
  void flush();
  // Drops what was added.
  void clear();

 private:
  enum class Move : std::uint8_t { begin, end, alive };
  struct LeaseMove {
    std::uint64_t generation = 0;
    std::uint32_t order = 0;
    std::uint32_t record = 0;  // in records_; of an alive: in alives_
    Move move = Move::begin;
    bool whole = false;
  };
  struct Slot {  // what happened to an address
    std::uint32_t order = 0;
    std::uint32_t record = 0;
    Serial serial = 0;
    std::optional<WallTime> ended{};  // nothing: it is held from here on
  };
  template <class Key>
  struct KeyedSlot : Slot {
    Key key{};
  };
  struct Ended {
    std::uint32_t record = 0;
    WallTime ended{};
    Cause cause = Cause::released;
    std::uint64_t sequence = 0;
  };
  struct OfName {
    std::int64_t name = 0;
    std::uint64_t generation = 0;
    bool lives = false;
    auto operator<=>(const OfName&) const = default;
  };
  // What the moves of one lease add up to.
  struct Folded {
    Addresses left;                    // of `put`
    Addresses taken;                   // from the row that is in the table
    const LeaseRecord* put = nullptr;  // the row to be
    std::optional<WallTime> renewed;
    std::uint32_t record = 0;  // of `put`, or of the end where it is gone
    bool gone = false;
    bool active = false;
  };

  std::uint32_t keep(const LeaseRecord& record);
  void touch_slots(const Slot& slot);
  void resolve_names();
  void write_leases();
  void write_leases_of_names();
  void write_lease(std::uint64_t generation, const Folded& folded);
  template <class Key>
  void write_slots(Kind kind, std::vector<KeyedSlot<Key>>& slots, Statement& put);
  void write_intervals();

  NameRows& names_;
  EndedLeases& ended_leases_;
  Statement put_lease_, shrink_lease_, renew_lease_;
  Statement add_of_name_, drop_of_name_;
  Statement put_ipv4_, put_ipv6_, put_delegated_, drop_ipv6_, put_cooling_, put_interval_;

  std::uint32_t order_ = 0;
  std::vector<LeaseRecord> records_;
  std::vector<std::int64_t> record_names_, record_servers_;  // beside records_, once resolved
  std::vector<WallTime> alives_;
  std::vector<LeaseMove> moves_;
  std::vector<KeyedSlot<std::uint32_t>> ipv4_;
  std::vector<KeyedSlot<PrefixKey>> ipv6_, delegated_;
  std::vector<OfName> of_names_;
  std::vector<Ended> ended_;
};

}  // namespace berth
