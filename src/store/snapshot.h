// snapshot.h - reading the tables into a Loader, at a start.
#pragma once

#include "berth/error.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace berth {

// Gives the loader what the tables hold: all but its change() calls. `db` and `ahead` are two
// connections to the tables, which nobody writes meanwhile; a thread of its own reads the second.
[[nodiscard]] Done load_snapshot(Database& db, Database& ahead, Loader& loader);

}  // namespace berth
