// allocator_reserve.cc - reservations, and the erasure of an owner.
#include "core/allocator.h"
#include "core/kinds.h"

namespace berth {

bool Allocator::blocked(Proposal& proposal, Key key) const {
  if (!busy(key)) return false;
  proposal.blocked_on = key;
  return true;
}

Result<Proposal> Allocator::reserve(const OwnerName& name, std::string_view user,
                                    const Addresses& addresses) {
  Proposal proposal;
  const Key owner_hash = owners_.hash(name.owner);
  if (blocked(proposal, owner_hash)) return proposal;
  const Ref owner = owners_.find(owner_hash, name.owner);
  boost::container::small_vector<Key, kKinds> keys;
  boost::container::small_vector<SlotNumber, kKinds> idle;
  for (Kind kind : kAllKinds) {
    const Addresses one = only(kind, addresses);
    if (one.empty()) continue;
    const Place place = pools_.place(kind, one);
    if (!place) {
      return fail(Code::address_taken, one.to_string() + " lies in no pool, or is excluded from it",
                  "reserve an address that a pool lists");
    }
    const Ref other = reservations_.owner_of(place);
    if (other != kNone && other != owner) {
      return fail(Code::address_taken,
                  one.to_string() + " is reserved for " + std::string(owners_.name(other)),
                  "unreserve it there first");
    }
    // One change at a time for an address, too: two operators may want the same one.
    const Key key = place_key(place);
    if (blocked(proposal, key)) return proposal;
    keys.push_back(key);
    if (place.form != Place::Form::slot) continue;
    const SlotState state = pools_.slots.at(place.slot).state();
    if (state != SlotState::live && state != SlotState::pending) idle.push_back(place.slot);
  }
  if (keys.empty()) {
    return fail(Code::invalid, "no address to reserve was given", "give one or more addresses");
  }
  hold(owner_hash, proposal);
  for (Key key : keys) hold(key, proposal);
  for (SlotNumber slot : idle) proposal.pended_.push_back(pools_.slots.pend(slot));
  ChangeWriter(proposal.bytes).add(Reserve{name.owner, user, addresses});
  return proposal;
}

Result<Proposal> Allocator::unreserve(std::string_view owner, const Addresses& addresses) {
  Proposal proposal;
  const Key owner_hash = owners_.hash(owner);
  if (blocked(proposal, owner_hash)) return proposal;
  const Ref ref = owners_.find(owner_hash, owner);
  const Reservations::Entry* entry = ref == kNone ? nullptr : reservations_.of(ref);
  if (entry == nullptr) {
    return fail(Code::not_found, "nothing is reserved for " + std::string(owner),
                "look at the list of reservations");
  }
  Addresses gone = addresses.empty() ? entry->addresses : addresses;
  for (Kind kind : kAllKinds) {
    if (only(kind, gone).empty() || only(kind, gone) == only(kind, entry->addresses)) continue;
    return fail(Code::not_found,
                only(kind, gone).to_string() + " is not reserved for " + std::string(owner) +
                    ", who has " + entry->addresses.to_string(),
                "name an address that is, or none for all");
  }
  hold(owner_hash, proposal);
  ChangeWriter(proposal.bytes).add(Unreserve{owner, gone});
  return proposal;
}

Result<Proposal> Allocator::erase(std::string_view owner, const Moment& now) {
  Proposal proposal;
  const Key owner_hash = owners_.hash(owner);
  if (blocked(proposal, owner_hash)) return proposal;
  const Ref ref = owners_.find(owner_hash, owner);
  if (ref != kNone && owners_.at(ref).first_lease != kNone) {
    return fail(Code::conflict, std::string(owner) + " is connected now",
                "release the lease first, then erase");
  }
  hold(owner_hash, proposal);
  // A Release with the name in it is never made: nobody is to hear of it any more.
  for (const Debts::Key& each : debts_.due()) {
    if (debts_.find(each)->owner != owner) continue;
    ChangeWriter(proposal.bytes).add(Paid{each.first, each.second});
  }
  ChangeWriter(proposal.bytes).add(Erase{owner, now.wall});
  return proposal;
}

}  // namespace berth
