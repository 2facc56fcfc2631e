// reservation_import.h - many reservations at once: all of them, or none and the wrong line.
//
// Before the store is touched the whole file is rehearsed: a book in memory with the same plan
// and the reservations that are there already is asked to make each of them. So every line meets
// the very checks that will be made later, and a wrong one is found while nothing has changed.
//
//   name_owners(…), then rehearse(…), then reserve_all(…): each needs the one before.
//
// One thread calls; reserve_all() uses more inside.
#pragma once

#include <string>
#include <vector>

#include "berth/book.h"
#include "cli/reservation_file.h"
#include "cli/world.h"

namespace berth::cli {

// Fills in the owners. import_invalid: a name cannot be one, or two lines keep addresses of one
// kind for one owner, which cannot both be meant.
[[nodiscard]] Done name_owners(const OwnerRules& rules, const std::string& file,
                               std::vector<ReservationLine>& lines);

// import_invalid: a line that cannot be reserved, and why. `existing`: what is reserved now.
[[nodiscard]] Done rehearse(World& world, const Plan& plan,
                            const std::vector<Reservation>& existing, const std::string& file,
                            const std::vector<ReservationLine>& lines);

// Only the world can fail here (a full disk), and then running the import again goes on where it
// stopped: a line that is reserved already is passed over.
[[nodiscard]] Done reserve_all(World& world, Book& book, const std::vector<Reservation>& existing,
                               const std::vector<ReservationLine>& lines);

}  // namespace berth::cli
