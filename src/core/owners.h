// owners.h - every owner that has something: a lease, a remembered address, a reservation.
//
// An owner without any of them is forgotten, so memory follows what is in use and not what was
// ever seen. Not safe to share between threads.
#pragma once

#include <cstring>
#include <string_view>

#include "core/arena.h"
#include "core/index.h"
#include "core/siphash.h"
#include "core/slots.h"

namespace berth {

// The name lies right behind the node.
struct OwnerNode {
  Ref first_lease = kNone;     // its live leases, linked through LeaseNode::owner_next
  SlotNumber first_slot = 0;   // remembered for it, not in use; through Slot::sibling
  std::uint16_t reserved = 0;  // 1: has an entry in Reservations
  std::uint16_t name_size = 0;
};

class Owners {
 public:
  explicit Owners(const SipKey& key) : key_(key) {}

  [[nodiscard]] std::uint64_t hash(std::string_view name) const {
    return SipHash(key_).bytes(name).take();
  }
  [[nodiscard]] Ref find(std::uint64_t hash, std::string_view name) const {
    return index_.find(hash, [&](Ref ref) { return this->name(ref) == name; });
  }
  [[nodiscard]] Ref find(std::string_view name) const { return find(hash(name), name); }

  // The owner of this name, made when it is new.
  [[nodiscard]] Ref obtain(std::string_view name) { return obtain(hash(name), name); }
  [[nodiscard]] Ref obtain(std::uint64_t name_hash, std::string_view name) {
    const Ref known = find(name_hash, name);
    if (known != kNone) return known;
    const Ref ref = arena_.take(sizeof(OwnerNode) + name.size());
    OwnerNode& node = *new (arena_.at(ref)) OwnerNode{};
    node.name_size = static_cast<std::uint16_t>(name.size());
    std::memcpy(&node + 1, name.data(), name.size());
    index_.insert(name_hash, ref);
    return ref;
  }

  // Forgets the owner if nothing is left of it.
  void drop_if_idle(Ref ref) {
    const OwnerNode& node = at(ref);
    if (node.first_lease != kNone || node.first_slot != 0 || node.reserved != 0) return;
    index_.erase(hash(name(ref)), ref);
    arena_.give_back(ref, sizeof(OwnerNode) + node.name_size);
  }

  [[nodiscard]] OwnerNode& at(Ref ref) { return *static_cast<OwnerNode*>(arena_.at(ref)); }
  [[nodiscard]] const OwnerNode& at(Ref ref) const {
    return *static_cast<const OwnerNode*>(arena_.at(ref));
  }
  // Valid until the owner is dropped.
  [[nodiscard]] std::string_view name(Ref ref) const {
    const OwnerNode& node = at(ref);
    return {reinterpret_cast<const char*>(&node + 1), node.name_size};
  }

  // Asks for what a find with this hash, or a look at this owner, will read first.
  void prefetch(std::uint64_t hash) const { index_.prefetch(hash); }
  void prefetch(Ref ref) const { arena_.prefetch(ref, sizeof(OwnerNode)); }

 private:
  SipKey key_;
  Arena arena_;
  Index index_;
};

}  // namespace berth
