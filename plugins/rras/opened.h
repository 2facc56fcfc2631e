// opened.h - a book that is open, and what belongs to it. The inside of desk.h.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/owner_name.h"
#include "core/policy.h"
#include "rras/desk.h"
#include "rras/spool.h"

namespace berth::rras {

// Releases that wait for a book, or for a store that takes them. More are dropped: what they would
// have ended ends at the next boot, or when its port is used again.
inline constexpr std::size_t kMostOwed = 4096;

struct Desk::Opened {
  Opened(const Settings& settings, Policy policy_as_written, std::string server_name);

  // Puts RAS's own choice into the request, where there is one.
  void propose(const Address& candidate, Request& request) const;
  // The settings say take_over for this request.
  [[nodiscard]] bool takes_over(const Request& request) const;
  // A release that the store did not take is owed.
  void note_release(const LeaseRef& which, const Done& done);
  [[nodiscard]] std::vector<LeaseRef> take_owed();
  // What was given to connections that have ended, as the spool has it; its lines are gone then.
  [[nodiscard]] std::vector<LeaseRef> take_ended();

  const std::string server;
  const std::vector<Ipv6Prefix> prefixes;  // of the pools that give identifiers
  const OwnerNamer namer;
  const Policy as_written;
  Spool spool;
  Given given;
  OwnAddresses own;  // what is reserved; of the thread that opens, and under the desk's lock

  std::mutex owed_mutex;
  std::vector<LeaseRef> owed;

  std::unique_ptr<Book> book;  // last: callbacks use the others until it is gone
};

[[nodiscard]] LeaseRef reference(LeaseId id, Generation generation, Kind kind);
[[nodiscard]] bool is_own(const OwnAddresses& own, const Address& address);
[[nodiscard]] std::unexpected<Error> not_usable(const Address& address);
[[nodiscard]] std::unexpected<Error> no_identifier();

}  // namespace berth::rras
