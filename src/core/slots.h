// slots.h - every listed address of every pool: who had it last, and whose turn it is.
//
// A Slot is one listed address. Each pool and kind is a Group of slots with two queues, in order
// of last use: `free` and `cooling`. Slots that were never used are a counter, not a queue, and
// take no memory until they are. Every step is constant time: take the first, remove any, append.
//
//   fresh ─┐                        ┌──▶ live ──▶ cooling ──▶ free
//   free ──┼──▶ pending ────────────┤             (or idle, where it is reserved)
//   idle ──┘   (proposed, not yet   └──▶ back, when the change was not written
//               durable)
//
// Time is in Ticks of an eighth of a second. Owners and leases are Refs that mean nothing here.
// Not safe to share between threads.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "berth/lease.h"
#include "core/arena.h"
#include "core/change.h"
#include "core/cool_marks.h"
#include "core/listing.h"
#include "core/pieces.h"
#include "core/tick.h"

namespace berth {

using SlotNumber = std::uint32_t;  // over all groups; 0 names none

enum class SlotState : std::uint8_t { fresh, free, cooling, pending, live, idle };
inline constexpr int kSlotStates = 6;

struct Slot {
  Ref owner;        // who has it (live) or had it last and may have it back; or none
  SlotNumber prev;  // in the queue
  SlotNumber next;
  std::uint32_t lease;             // live: the lease. cooling: the Tick at which it is free
  SlotNumber sibling : 28;         // the next slot remembered for the same owner
  std::uint32_t state_number : 3;  // a SlotState; only Slots changes it
  std::uint32_t reserved : 1;

  [[nodiscard]] SlotState state() const { return static_cast<SlotState>(state_number); }
};
static_assert(sizeof(Slot) == 20);

class Slots {
 public:
  // One kind of one pool.
  struct Group {
    std::uint16_t pool = 0;
    Kind kind = Kind::ipv4;
    std::uint8_t length = 32;  // of each member, as a prefix
    Milliseconds cool_down{0};
    Listing listing;
    SlotNumber base = 0;  // number of its first slot
    std::array<std::uint64_t, kSlotStates> counts{};
    std::uint64_t active = 0;  // of the live ones, those whose lease is active

    // The rest is the business of Slots.
    struct Queue {
      SlotNumber head = 0;
      SlotNumber tail = 0;
    };
    Queue free;
    Queue cooling;
    std::uint64_t next_fresh = 0;  // none below this number is fresh
    CoolMarks marks;
  };

  // Adds a group; all together must stay within kMaxListed slots. Returns its index.
  std::size_t add_group(Group group);
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  // How many numbers so many slots take: each group begins on a chunk of its own.
  [[nodiscard]] static std::uint64_t rounded(std::uint64_t slots) {
    return (slots + kChunk - 1) / kChunk * kChunk;
  }
  [[nodiscard]] static bool fits(std::uint64_t slots_so_far, std::uint64_t more);

  [[nodiscard]] const Slot& at(SlotNumber number) const {
    ++looks_;
    return chunks_[number >> kChunkBits].slots[number & (kChunk - 1)];
  }
  [[nodiscard]] std::size_t group_of(SlotNumber number) const {
    return chunks_[number >> kChunkBits].group;
  }
  // The slot of a member; makes room for it.
  [[nodiscard]] SlotNumber number(std::size_t group, std::uint64_t member);
  // The same, or 0 when nothing near it was ever used. Makes no room.
  [[nodiscard]] SlotNumber known(std::size_t group, std::uint64_t member) const {
    const auto number = static_cast<SlotNumber>(groups_[group].base + member);
    return chunks_[number >> kChunkBits].slots != nullptr ? number : 0;
  }
  // The member's address (IPv4 as a number).
  [[nodiscard]] Uint128 address(SlotNumber number) const {
    const Group& group = groups_[group_of(number)];
    return group.listing.at(number - group.base);
  }

  // The slot whose turn it is: never used, else unused longest; 0 when there is none.
  [[nodiscard]] SlotNumber first_free(std::size_t index, Tick now);

  // What pend() needs to be undone.
  struct Was {
    SlotNumber number = 0;
    SlotState state = SlotState::fresh;
  };
  // Takes a slot that is fresh, free, cooling or idle out of everybody's reach.
  Was pend(SlotNumber number);
  // Puts a pending slot back. One that was cooling goes on in its turn; where more than kPassed
  // were given back meanwhile it waits for some of them, at most one cool-down longer.
  void unpend(const Was& was, Tick now);

  // Gives a slot, in whatever state but live, to a lease.
  void occupy(SlotNumber number, Ref owner, Ref lease, bool active);
  // The live slot's lease became active.
  void activate(SlotNumber number);
  // Takes a live slot from its lease within one change that gives it to another: occupy() must
  // follow. Between the two it is pending.
  void detach(SlotNumber number, bool was_active);
  // Ends the use of a live slot: it cools until `due`, or is free at once when that is 0.
  // `owner` may have it back; kNone for one that is not remembered.
  void vacate(SlotNumber number, bool was_active, Ref owner, Tick due, Serial serial);
  // For loading: a slot that is not in use and was last used as told, in order of serials.
  void recall(SlotNumber number, Ref owner, Tick due, Serial serial);

  // Nobody remembers this slot any more.
  void forget_owner(SlotNumber number) { slot(number).owner = kNone; }
  void set_sibling(SlotNumber number, SlotNumber sibling) {
    slot(number).sibling = sibling & (kMaxNumber - 1);
  }
  // Keeps a slot for one owner (held by the caller) or for everybody again.
  void set_reserved(SlotNumber number, bool reserved);

  // Moves what is cool by now to the free queues, at most so many. It looks at no more than some
  // groups for each, and goes on with the others at the next call.
  void advance(Tick now, int most);
  // Whether a slot has cooled, moved already or not.
  [[nodiscard]] bool is_cool(SlotNumber number, Tick now) const {
    return at(number).state() == SlotState::cooling && at(number).lease <= now;
  }

  // Up to which serial everything of this group is cool.
  [[nodiscard]] CoolMarks& marks(std::size_t group) { return groups_[group].marks; }

  // The free ones, then the cooling ones, each in order of last use.
  template <class Each>
  void each_waiting(std::size_t group, Each&& each) const {
    for (const Group::Queue& queue : {groups_[group].free, groups_[group].cooling}) {
      for (SlotNumber number = queue.head; number != 0; number = at(number).next) each(number);
    }
  }

  // How often a slot was looked at: what choosing costs, on every machine.
  [[nodiscard]] std::uint64_t looks() const { return looks_; }

  // Asks for the slot's cache line, or lines; for its neighbours' in the queue, once it has come.
  void prefetch(SlotNumber number) const {
    const Chunk& chunk = chunks_[number >> kChunkBits];
    if (chunk.slots == nullptr) return;
    const Slot* const slot = &chunk.slots[number & (kChunk - 1)];
    __builtin_prefetch(slot);
    __builtin_prefetch(&slot->lease);
  }
  void prefetch_neighbours(SlotNumber number) const {
    prefetch(at(number).prev);
    prefetch(at(number).next);
  }

 private:
  static constexpr unsigned kChunkBits = 12;
  static constexpr SlotNumber kChunk = SlotNumber{1} << kChunkBits;
  static constexpr SlotNumber kMaxNumber = SlotNumber{1} << 28;
  // Slots that unpend() passes over: as many as are given back while a change is on its way.
  static constexpr int kPassed = 1024;
  // Groups that advance() looks at for each slot that it may free: a plan can have 12,288.
  static constexpr int kGroupsPerSlot = 32;
  static constexpr Tick kNever = std::numeric_limits<Tick>::max();

  struct Chunk {
    Slot* slots = nullptr;  // in pieces_; made when first used
    std::uint32_t group = 0;
  };

  Slot& slot(SlotNumber number) {
    ++looks_;
    return chunks_[number >> kChunkBits].slots[number & (kChunk - 1)];
  }
  void set_state(Slot& slot, Group& group, SlotState state);
  void leave_queue(SlotNumber number, Slot& left, Group& group);
  void append(Group::Queue& queue, SlotNumber number, Slot& added);
  void insert(Group::Queue& queue, SlotNumber number, Slot& added, SlotNumber before);
  void note_due(Tick due) {
    next_due_ = std::min(next_due_, due);
    round_due_ = std::min(round_due_, due);
  }
  void settle(SlotNumber number, Slot& left, Group& group, Tick due, Serial serial);
  bool cool_first(Group& group, Tick now);

  [[nodiscard]] Slot* make_slots(std::size_t count);

  std::vector<Group> groups_;
  std::vector<Piece> pieces_;
  std::size_t piece_left_ = 0;                         // bytes of the newest one
  std::vector<Chunk> chunks_ = std::vector<Chunk>(1);  // chunk 0 stays empty: 0 is no slot
  mutable std::uint64_t looks_ = 0;
  Tick next_due_ = 0;  // no slot is due before this
  // The round that advance() is on: the next group, and what was seen to be due so far.
  std::size_t turn_ = 0;
  Tick round_due_ = kNever;
};

}  // namespace berth
