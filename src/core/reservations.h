// reservations.h - which addresses belong to one owner for good.
//
// Kept from both ends: what an owner has, and whose an address is. An address that lies in no
// pool of today's settings keeps its reservation; it has no effect until it does.
// Not safe to share between threads.
#pragma once

#include <string>

#include <boost/unordered/unordered_flat_map.hpp>

#include "berth/lease.h"
#include "core/pools.h"

namespace berth {

class Reservations {
 public:
  struct Entry {
    std::string user;  // as it was written
    Addresses addresses;
  };

  // nullptr: the owner has none.
  [[nodiscard]] const Entry* of(Ref owner) const {
    const auto found = by_owner_.find(owner);
    return found == by_owner_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] Ref owner_of(const Place& place) const {
    if (by_place_.empty() || !place) return kNone;
    const auto found = by_place_.find(key_of(place));
    return found == by_place_.end() ? kNone : found->second;
  }

  Entry& obtain(Ref owner) { return by_owner_[owner]; }
  void drop(Ref owner) { by_owner_.erase(owner); }
  void keep(const Place& place, Ref owner) { by_place_[key_of(place)] = owner; }
  void free(const Place& place) { by_place_.erase(key_of(place)); }

  [[nodiscard]] const auto& all() const { return by_owner_; }

 private:
  struct Key {
    std::uint64_t number = 0;
    std::uint32_t group = 0;  // identifier group + 1, or 0 for a slot
    bool operator==(const Key&) const = default;
    friend std::size_t hash_value(const Key& key) {
      return static_cast<std::size_t>((key.number + key.group) * 0x9e3779b97f4a7c15);
    }
  };
  static Key key_of(const Place& place) {
    if (place.form == Place::Form::slot) return {place.slot, 0};
    return {place.identifier, place.group + 1U};
  }

  boost::unordered_flat_map<Ref, Entry> by_owner_;
  boost::unordered_flat_map<Key, Ref> by_place_;
};

}  // namespace berth
