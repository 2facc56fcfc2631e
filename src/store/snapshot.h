// snapshot.h - reading the tables into a Loader, at a start.
#pragma once

#include "berth/error.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace berth {

// Gives the loader what the tables hold: all but its change() calls.
[[nodiscard]] Done load_snapshot(Database& db, Loader& loader);

}  // namespace berth
