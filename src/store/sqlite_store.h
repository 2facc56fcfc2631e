// sqlite_store.h - leases in a SQLite file, durable before they are answered.
//
// Three files, all readable with plain sqlite3 (docs/store.md has the schema):
//
//   leases.db           the snapshot as tables: live leases, last addresses, reservations,
//                       servers; and history with its index. Follows the journal.
//   leases.db.journal   what happened since: one row a commit. Short, and the only file on the
//                       way of an answer: WAL, synchronous=FULL, one sync a commit.
//   leases.db.lock      held by the one process that writes.
//
// A thread of the store applies the journal to the tables in batches and trims what it has
// applied. A start reads the tables and replays the rest of the journal.
#pragma once

#include <memory>
#include <string>

#include "berth/time.h"
#include "store/history_index.h"
#include "store/store.h"

namespace berth {

struct SqliteOptions {
  std::string path;
  Chance* chance = nullptr;  // for the key of a new store; must be there
  std::string vfs;           // a SQLite VFS to use; empty: the default one
  HistoryLimits history;     // how ended intervals are indexed
  LogLimits logs;            // when the logs of both files are made shorter
  // Journal bytes not yet in the tables beyond which commit() waits for the tables. They are in
  // memory, and three times as much besides where all of them end leases (recent.h).
  std::uint64_t most_lag_bytes = std::uint64_t{256} << 20;
  // Longest time that a committed change waits for the tables when there is room.
  Milliseconds batch_time{1000};
};

// Opens or makes the store. store_locked: another process writes it, with its process id.
// store_newer: a later Berth made it. store_corrupt, store_unavailable, store_full.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options);

}  // namespace berth
