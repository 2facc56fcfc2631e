// reservation_change.h - what reserve and unreserve have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "berth/book.h"
#include "berth/lease.h"
#include "cli/verb.h"

namespace berth::cli {

struct NamedReservation {
  std::string user;
  std::vector<std::string> addresses;
};

// Makes the call for the user and the addresses that were named, and shows what became of it: to
// people as `in_words` has it.
Outcome change_reservation(World& world, const NamedReservation& asked,
                           Done (Book::*call)(std::string_view user, const Addresses& addresses),
                           std::string (*in_words)(const Reservation& changed));

}  // namespace berth::cli
