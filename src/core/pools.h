// pools.h - the pools of a plan as places: from an address to where it is kept, and back.
//
// A listed address is a slot (slots.h). A stable identifier is not listed: it is computed from
// its owner, so its place is the identifier itself under a pool's /64.
// Not safe to share between threads.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "berth/plan.h"
#include "core/cool_marks.h"
#include "core/siphash.h"
#include "core/slots.h"

namespace berth {

// Where an address of a pool is kept.
struct Place {
  enum class Form : std::uint8_t { none, slot, identifier };
  Form form = Form::none;
  SlotNumber slot = 0;
  std::uint16_t group = 0;  // of identifiers
  std::uint64_t identifier = 0;

  [[nodiscard]] static Place of_identifier(std::uint16_t group, std::uint64_t identifier) {
    return {.form = Form::identifier, .slot = 0, .group = group, .identifier = identifier};
  }
  [[nodiscard]] explicit operator bool() const { return form != Form::none; }
};

// Stable identifiers under one /64.
struct IdentifierGroup {
  std::uint16_t pool = 0;
  Milliseconds cool_down{0};
  std::uint64_t high = 0;               // the upper half of every address
  std::string name;                     // of the pool: part of what is hashed
  std::vector<std::uint64_t> excluded;  // sorted
  std::uint64_t held = 0;
  std::uint64_t active = 0;
  std::uint64_t pending = 0;
  CoolMarks marks;

  [[nodiscard]] bool excludes(std::uint64_t identifier) const;
};

// First and last address of a range, in the numbers of its family.
[[nodiscard]] std::pair<Uint128, Uint128> bounds(const AnyRange& where);

class Pools {
 public:
  // The plan must have passed Policy::compile.
  Pools(const Plan& plan, const SipKey& key);

  [[nodiscard]] const PoolPlan& plan(std::size_t pool) const { return plans_[pool]; }
  [[nodiscard]] std::size_t size() const { return plans_.size(); }

  // The group of this kind of this pool, where it is listed.
  [[nodiscard]] std::optional<std::size_t> slot_group(std::size_t pool, Kind kind) const;
  [[nodiscard]] std::optional<std::uint16_t> identifier_group(std::size_t pool) const;
  [[nodiscard]] bool gives(std::size_t pool, Kind kind) const {
    return slot_group(pool, kind) || (kind == Kind::ipv6 && identifier_group(pool));
  }

  // Where an address is kept. `none`: in no pool, or excluded or cut differently there. Slots are
  // made.
  [[nodiscard]] Place place(Kind kind, const Addresses& addresses);
  // A live slot or identifier that holds this one address; makes nothing.
  [[nodiscard]] Place look(Kind kind, const Addresses& addresses) const;

  // How many places of this kind lie in `where`, at least in part, whoever has them.
  [[nodiscard]] Uint128 count_inside(Kind kind, const AnyRange& where) const;
  // Calls for each of them, but for slots that nobody ever had, until it returns false; then this
  // does, too.
  bool each_inside(Kind kind, const AnyRange& where,
                   const std::function<bool(const Place&)>& each) const;
  // Where a pool stands in the plan.
  [[nodiscard]] std::size_t turn_of(std::string_view name) const;

  // The address of a place, put into the right member of `addresses`.
  void name(Kind kind, const Place& place, Addresses& addresses) const;

  // The identifier of an owner in a group for the n-th try: RFC 7217 with the pool for the
  // interface and the owner for the network.
  [[nodiscard]] std::uint64_t stable(std::uint16_t group, std::string_view owner,
                                     std::uint64_t counter) const;

  // Whether a pool leaves this one address out of what it gives.
  [[nodiscard]] bool excludes(Kind kind, const Addresses& addresses) const;

  // An address in no pool may yet overlap what a pool gives out: earlier settings cut it to
  // another length, or gave it as another IPv6 kind. The pool with which it overlaps, if any.
  [[nodiscard]] std::optional<std::size_t> cut_differently(Kind kind,
                                                           const Addresses& addresses) const;

  Slots slots;
  std::vector<IdentifierGroup> identifiers;

 private:
  // A stretch of addresses of one kind and what it belongs to.
  struct Stretch {
    Uint128 first = 0;
    Uint128 last = 0;
    std::size_t group = 0;
    bool identifiers = false;
  };
  struct PoolGroups {
    std::array<std::optional<std::size_t>, kKinds> slots;
    std::optional<std::uint16_t> identifiers;
  };

  void add(std::size_t pool, Kind kind, int length, Listing listing);
  [[nodiscard]] const Stretch* stretch(Kind kind, Uint128 address) const;
  // The parts of stretches that lie in `where`; of listed ones as numbers of their members.
  template <class Each>
  bool each_part(Kind kind, const AnyRange& where, Each&& each) const;

  SipKey key_;
  std::vector<PoolPlan> plans_;
  std::vector<PoolGroups> groups_;
  std::array<std::vector<Stretch>, kKinds> stretches_;  // sorted by first
};

}  // namespace berth
