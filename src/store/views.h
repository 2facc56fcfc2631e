// views.h - the views for people: `sqlite3 leases.db "SELECT * FROM leases"`.
#pragma once

#include "store/sqlite.h"

namespace berth {

// Makes leases, history, addresses and reservations anew. docs/store.md shows how to use them.
void make_people_views(Database& db);

}  // namespace berth
