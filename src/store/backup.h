// backup.h - a copy of a store in one file, and a copy in the place of a store.
//
// A backup is the tables alone, with every change that was acknowledged when its copying began:
// it needs no journal, and a Reader (reader.h) looks into it as into any store. docs/store.md
// says how an operator goes back to what a restore put aside.
//
//   Done copied = backup_store("leases.db", "monday.db");
//   Result<WallTime> newest = restore_store("monday.db", "leases.db", clock.wall(), false);
//
// Both write `to`.unfinished and give it its name when all of it is on the disk. Where they fail
// no such file is left; where the process ends on the way the next call takes it away.
// What both may fail with: not_found: there is no `from`. store_newer: a later Berth wrote it.
// store_corrupt: it is torn, or no store at all. store_full, store_unavailable: a file cannot be
// written, or not be read.
//
// Threads: any. Each call has connections of its own and returns when the disk has everything;
// but not two at a time to one `to`.
#pragma once

#include <string>

#include "berth/error.h"
#include "berth/time.h"

namespace berth {

// Copies a store, consistently and beside whoever writes it, to the new file `to`.
// invalid: `to` exists; it is left alone.
[[nodiscard]] Done backup_store(const std::string& from, const std::string& to);

// Puts a backup in place of the store at `to`, whether there is one or not, adds a Restored change
// (change.h says what `trust` means), and returns when the newest change of the backup was made.
// store_locked: a process writes `to`. invalid: `from` is a store with a journal, no backup.
//
// The old files are kept beside it with ".before-restore" (".before-restore.2" …) behind their
// names, and are whole together: renamed back they are the old store. Cut off at any instant, or
// by an error, the old store is there, or a refusal, or the new one; giving the command again goes
// on with it.
[[nodiscard]] Result<WallTime> restore_store(const std::string& from, const std::string& to,
                                             WallTime now, bool trust);

// For whoever is about to make a store. store_corrupt: there is none at `path`, but something
// that only a lost one leaves, a restore that was cut off for example; no new one may hide it.
[[nodiscard]] Done check_no_remains(const std::string& path);

}  // namespace berth
