// given.h - what RAS has from us: which lease each address was given out of.
//
// RAS has no number for a connection in its address callouts, and names what it gives back by user,
// port and address (R40). One user may have had the same address on the same port before, and the
// release of then may come after the Get of now. So each Get is kept, the oldest first, and a
// release takes the oldest: it names a generation that the lease no longer has, and ends nothing.
//
// Any thread may call anything here.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "berth/lease.h"

namespace berth::rras {

// An address of one family as RAS has it: the number of an IPv4 address, or an identifier.
struct Address {
  Kind kind = Kind::ipv4;  // never delegated
  std::uint64_t bits = 0;
  auto operator<=>(const Address&) const = default;
  [[nodiscard]] std::string to_string() const;
};

// Nothing: the lease has none that RAS could use.
[[nodiscard]] std::optional<Address> address_of(const Addresses& addresses, Kind kind);

// Who has it, with RAS's own words.
struct Holder {
  std::string user;
  std::string port;
  bool operator==(const Holder&) const = default;
};

struct Holding {
  Holder holder;
  LeaseId id;
  Generation generation;
  WallTime since;                 // when it was given
  std::optional<WallTime> ended;  // the connection has: its release may yet come
};

class Given {
 public:
  // Of one address; more than RAS can owe for one port. The oldest is forgotten.
  static constexpr std::size_t kMostOfOne = 8;

  void add(const Address& address, Holding holding);
  // The oldest, which is gone then. One that ended more than a minute before `now` will not be
  // released any more, and is passed over.
  [[nodiscard]] std::optional<Holding> take(const Address& address, const Holder& holder,
                                            WallTime now);
  // Who had it when a connection was accepted at `accepted`, or, if that is not known, the only one
  // who has it. It is marked as ended, for the release that may yet come. Nothing: nobody had.
  [[nodiscard]] std::optional<Holding> end(const Address& address,
                                           const std::optional<WallTime>& accepted, WallTime ended);
  // What was given out of one generation is now held by another of the same lease.
  void move(const Address& address, Generation from, LeaseId id, Generation to);
  // Forgets all, and takes over what these leases have.
  void begin_with(const std::vector<Lease>& leases);

 private:
  std::mutex mutex_;
  std::map<Address, std::deque<Holding>> by_address_;
};

}  // namespace berth::rras
