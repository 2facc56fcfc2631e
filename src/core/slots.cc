// slots.cc - the queues of free and cooling addresses.
#include "core/slots.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace berth {

bool Slots::fits(std::uint64_t slots_so_far, std::uint64_t more) {
  return rounded(slots_so_far) + rounded(more) + kChunk <= kMaxNumber;
}

std::size_t Slots::add_group(Group group) {
  const std::uint64_t size = group.listing.size();
  const auto chunks = static_cast<std::size_t>(rounded(size) / kChunk);
  BERTH_ASSERT((chunks_.size() + chunks) * kChunk <= kMaxNumber);
  group.base = static_cast<SlotNumber>(chunks_.size() * kChunk);
  group.counts[static_cast<std::size_t>(SlotState::fresh)] = size;
  for (std::size_t i = 0; i < chunks; ++i) {
    chunks_.push_back({nullptr, static_cast<std::uint32_t>(groups_.size())});
  }
  groups_.push_back(std::move(group));
  return groups_.size() - 1;
}

SlotNumber Slots::number(std::size_t group, std::uint64_t member) {
  BERTH_ASSERT(member < groups_[group].listing.size());
  const auto number = static_cast<SlotNumber>(groups_[group].base + member);
  Chunk& chunk = chunks_[number >> kChunkBits];
  if (chunk.slots == nullptr) {
    // A small pool does not pay for a whole chunk.
    const Group& owner = groups_[group];
    const std::uint64_t begin = (number & ~(kChunk - 1)) - owner.base;
    const std::uint64_t count = std::min<std::uint64_t>(kChunk, owner.listing.size() - begin);
    chunk.slots = make_slots(static_cast<std::size_t>(count));
  }
  return number;
}

Slot* Slots::make_slots(std::size_t count) {
  const std::size_t bytes = count * sizeof(Slot);
  if (piece_left_ < bytes) {
    pieces_.push_back(make_piece(pieces_.empty() ? Pages::small : Pages::large));
    piece_left_ = kPieceBytes;
  }
  std::byte* const place = pieces_.back().get() + (kPieceBytes - piece_left_);
  piece_left_ -= bytes;
  Slot* const slots = reinterpret_cast<Slot*>(place);
  std::uninitialized_value_construct_n(slots, count);
  return slots;
}

SlotNumber Slots::first_free(std::size_t index, Tick now) {
  Group& group = groups_[index];
  while (group.next_fresh < group.listing.size()) {
    const SlotNumber candidate = number(index, group.next_fresh);
    if (slot(candidate).state() == SlotState::fresh) return candidate;
    ++group.next_fresh;  // taken by name before its turn; passed once and for all
  }
  // Reserved ones do not become free: they may hide one that does.
  while (group.free.head == 0 && cool_first(group, now)) {
  }
  return group.free.head;
}

Slots::Was Slots::pend(SlotNumber number) {
  Slot& taken = slot(number);
  Group& group = groups_[group_of(number)];
  const Was was{number, taken.state()};
  BERTH_ASSERT(was.state != SlotState::pending && was.state != SlotState::live);
  leave_queue(number, taken, group);
  set_state(taken, group, SlotState::pending);
  return was;
}

void Slots::unpend(const Was& was, Tick now) {
  Slot& back = slot(was.number);
  Group& group = groups_[group_of(was.number)];
  BERTH_ASSERT(back.state() == SlotState::pending);
  if (was.state == SlotState::cooling && back.lease > now) {
    set_state(back, group, SlotState::cooling);
    // What was given back meanwhile is due later, and goes behind it.
    SlotNumber before = group.cooling.tail;
    for (int i = 0; i < kPassed && before != 0 && slot(before).lease > back.lease; ++i) {
      before = slot(before).prev;
    }
    insert(group.cooling, was.number, back, before);
    note_due(back.lease);
    return;
  }
  back.lease = 0;
  if (back.reserved != 0) {
    set_state(back, group, SlotState::idle);
  } else {
    set_state(back, group, SlotState::free);
    insert(group.free, was.number, back, 0);
  }
}

void Slots::occupy(SlotNumber number, Ref owner, Ref lease, bool active) {
  Slot& taken = slot(number);
  Group& group = groups_[group_of(number)];
  BERTH_ASSERT(taken.state() != SlotState::live);
  leave_queue(number, taken, group);
  set_state(taken, group, SlotState::live);
  taken.owner = owner;
  taken.lease = lease;
  if (active) ++group.active;
}

void Slots::activate(SlotNumber number) {
  BERTH_ASSERT(at(number).state() == SlotState::live);
  ++groups_[group_of(number)].active;
}

void Slots::detach(SlotNumber number, bool was_active) {
  Slot& moved = slot(number);
  Group& group = groups_[group_of(number)];
  BERTH_ASSERT(moved.state() == SlotState::live);
  if (was_active) --group.active;
  moved.owner = kNone;
  set_state(moved, group, SlotState::pending);
}

void Slots::vacate(SlotNumber number, bool was_active, Ref owner, Tick due, Serial serial) {
  Slot& left = slot(number);
  Group& group = groups_[group_of(number)];
  BERTH_ASSERT(left.state() == SlotState::live);
  if (was_active) --group.active;
  left.owner = owner;
  settle(number, left, group, due, serial);
}

void Slots::recall(SlotNumber number, Ref owner, Tick due, Serial serial) {
  Slot& known = slot(number);
  BERTH_ASSERT(known.state() == SlotState::fresh || known.state() == SlotState::idle);
  known.owner = owner;
  settle(number, known, groups_[group_of(number)], due, serial);
}

void Slots::set_reserved(SlotNumber number, bool reserved) {
  Slot& kept = slot(number);
  Group& group = groups_[group_of(number)];
  kept.reserved = reserved ? 1 : 0;
  const SlotState state = kept.state();
  if (reserved && (state == SlotState::free || state == SlotState::fresh)) {
    leave_queue(number, kept, group);
    set_state(kept, group, SlotState::idle);
  } else if (!reserved && state == SlotState::idle) {
    set_state(kept, group, SlotState::free);
    append(group.free, number, kept);
  }
}

// Goes round the groups, a few at a call. What is due next is known after a whole round; until
// then each call goes on where the one before stopped.
void Slots::advance(Tick now, int most) {
  if (now < next_due_) return;
  for (int looks = most * kGroupsPerSlot; most > 0 && looks > 0; --looks) {
    if (turn_ == groups_.size()) {
      turn_ = 0;
      next_due_ = std::exchange(round_due_, kNever);
      if (now < next_due_) return;
    }
    Group& group = groups_[turn_++];
    while (most > 0 && cool_first(group, now)) --most;
    if (group.cooling.head != 0) note_due(slot(group.cooling.head).lease);
  }
}

void Slots::set_state(Slot& slot, Group& group, SlotState state) {
  --group.counts[slot.state_number];
  slot.state_number = static_cast<std::uint32_t>(state) & 7U;
  ++group.counts[slot.state_number];
}

void Slots::leave_queue(SlotNumber number, Slot& left, Group& group) {
  if (left.state() != SlotState::free && left.state() != SlotState::cooling) return;
  Group::Queue& queue = left.state() == SlotState::free ? group.free : group.cooling;
  (left.prev == 0 ? queue.head : slot(left.prev).next) = left.next;
  (left.next == 0 ? queue.tail : slot(left.next).prev) = left.prev;
  BERTH_ASSERT(queue.head != number && queue.tail != number);
  left.prev = 0;
  left.next = 0;
}

void Slots::append(Group::Queue& queue, SlotNumber number, Slot& added) {
  insert(queue, number, added, queue.tail);
}

// Puts a slot behind `before`; 0: at the head.
void Slots::insert(Group::Queue& queue, SlotNumber number, Slot& added, SlotNumber before) {
  added.prev = before;
  added.next = before == 0 ? queue.head : slot(before).next;
  (before == 0 ? queue.head : slot(before).next) = number;
  (added.next == 0 ? queue.tail : slot(added.next).prev) = number;
}

// Where a slot goes when its use has ended.
void Slots::settle(SlotNumber number, Slot& left, Group& group, Tick due, Serial serial) {
  group.marks.add(due, serial);
  if (due != 0) {
    left.lease = due;
    set_state(left, group, SlotState::cooling);
    append(group.cooling, number, left);
    note_due(due);
    return;
  }
  left.lease = 0;
  if (left.reserved != 0) {
    set_state(left, group, SlotState::idle);
    return;
  }
  set_state(left, group, SlotState::free);
  append(group.free, number, left);
}

// Frees the slot that has cooled longest, if it is cool by now.
bool Slots::cool_first(Group& group, Tick now) {
  const SlotNumber number = group.cooling.head;
  if (number == 0) return false;
  Slot& cooled = slot(number);
  if (cooled.lease > now) return false;
  leave_queue(number, cooled, group);
  if (group.cooling.head != 0) prefetch(slot(group.cooling.head).next);  // for the next call
  cooled.lease = 0;
  if (cooled.reserved != 0) {
    set_state(cooled, group, SlotState::idle);
  } else {
    set_state(cooled, group, SlotState::free);
    append(group.free, number, cooled);
  }
  return true;
}

}  // namespace berth
