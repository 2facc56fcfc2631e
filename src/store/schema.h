// schema.h - the tables of a store's files, and how older ones become today's.
//
// Each file carries its version (PRAGMA user_version) and says that it is Berth's (PRAGMA
// application_id). A version is one step of SQL from the one before; docs/store.md describes
// what they add up to. A step that was released is never changed: the next one is added.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "berth/error.h"
#include "store/sqlite.h"

namespace berth {

struct Schema {
  std::string_view name;  // for errors: "tables", "journal"
  std::int32_t application_id;
  std::span<const std::string_view> steps;  // steps[v] makes version v into v + 1
};

[[nodiscard]] const Schema& tables_schema();
[[nodiscard]] const Schema& journal_schema();

// Brings an open file to the newest version, each step in a transaction of its own.
// store_newer: it is beyond. store_corrupt: it is some other program's file.
[[nodiscard]] Done migrate(Database& db, const Schema& schema);

// For those who copy: says store_newer or store_corrupt, changes nothing. An older version is fine,
// since opening the copy brings it up to date.
[[nodiscard]] Done check_known(Database& db, const Schema& schema);

// For those who only read: says store_newer or store_corrupt, changes nothing. An older version
// is store_unavailable: the writer must open it once.
[[nodiscard]] Done check_version(Database& db, const Schema& schema);

}  // namespace berth
