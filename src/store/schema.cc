// schema.cc - the SQL of the tables, version by version.
#include "store/schema.h"

#include <array>

namespace berth {
namespace {

// Times are milliseconds since 1970. A name is a row of `name`: nothing else holds the name of
// an owner, so that an erasure has one place to look after. IPv4 addresses are numbers, others
// blobs of 17 bytes: the address in network order, the prefix length. What could be indexes of
// SQLite's are tables: they are written in their own order, a sorted pass each. A lease that has
// ended is in `ended` until a sweep takes its row: rows that end lie anywhere (ended_leases.h).
// So does history that is too old in `forgetting` (history_forget.h).
// The few that are SQLite's get few rows, or get them almost in order.
constexpr std::string_view kTables1 = R"(
CREATE TABLE state (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE name (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, user TEXT NOT NULL);
CREATE INDEX name_text ON name (owner, user);

CREATE TABLE server (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, epoch TEXT NOT NULL,
  before INTEGER NOT NULL, awaited INTEGER NOT NULL);

CREATE TABLE lease_row (
  generation INTEGER PRIMARY KEY, id INTEGER NOT NULL,
  active INTEGER NOT NULL, port_key INTEGER NOT NULL, second INTEGER NOT NULL,
  name INTEGER NOT NULL, server INTEGER NOT NULL, port TEXT NOT NULL, session TEXT NOT NULL,
  ipv4 INTEGER, ipv6 BLOB, delegated BLOB,
  started_ipv4 INTEGER, started_ipv6 INTEGER, started_delegated INTEGER,
  renewed INTEGER NOT NULL, hold_ms INTEGER NOT NULL, lease_ms INTEGER NOT NULL);
CREATE TABLE ended (generation INTEGER PRIMARY KEY);
CREATE VIEW lease AS
  SELECT * FROM lease_row WHERE generation NOT IN (SELECT generation FROM ended);
CREATE TABLE lease_of_name (
  name INTEGER NOT NULL, generation INTEGER NOT NULL,
  PRIMARY KEY (name, generation)) WITHOUT ROWID;

CREATE TABLE slot_ipv4 (
  ipv4 INTEGER PRIMARY KEY, lease INTEGER, name INTEGER NOT NULL, serial INTEGER NOT NULL,
  second INTEGER NOT NULL, ended INTEGER);
CREATE TABLE slot_ipv6 (
  ipv6 BLOB PRIMARY KEY, lease INTEGER, name INTEGER NOT NULL, serial INTEGER NOT NULL,
  second INTEGER NOT NULL, ended INTEGER) WITHOUT ROWID;
CREATE TABLE slot_delegated (
  delegated BLOB PRIMARY KEY, lease INTEGER, name INTEGER NOT NULL, serial INTEGER NOT NULL,
  second INTEGER NOT NULL, ended INTEGER) WITHOUT ROWID;
CREATE TABLE cooling (
  serial INTEGER PRIMARY KEY, ipv6 BLOB NOT NULL, name INTEGER NOT NULL,
  second INTEGER NOT NULL, ended INTEGER NOT NULL);
CREATE INDEX cooling_network ON cooling (substr(ipv6, 1, 8), serial);
CREATE TABLE cooled (
  pool TEXT NOT NULL, kind INTEGER NOT NULL, serial INTEGER NOT NULL,
  PRIMARY KEY (pool, kind)) WITHOUT ROWID;

CREATE TABLE reservation (
  name INTEGER PRIMARY KEY, ipv4 INTEGER, ipv6 BLOB, delegated BLOB);

CREATE TABLE interval_row (
  sequence INTEGER PRIMARY KEY, lease INTEGER NOT NULL, generation INTEGER NOT NULL,
  name INTEGER NOT NULL, server INTEGER NOT NULL, port TEXT NOT NULL, session TEXT NOT NULL,
  ipv4 INTEGER, ipv6 BLOB, delegated BLOB,
  started INTEGER NOT NULL, ended INTEGER NOT NULL, cause INTEGER NOT NULL);
CREATE TABLE part (
  id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
  min_started INTEGER NOT NULL, max_ended INTEGER NOT NULL);
CREATE TABLE run (
  first INTEGER PRIMARY KEY, last INTEGER NOT NULL, min_ended INTEGER NOT NULL);
CREATE TABLE forgetting (
  revision INTEGER PRIMARY KEY, before INTEGER NOT NULL, last INTEGER NOT NULL,
  at INTEGER NOT NULL, gone INTEGER NOT NULL);
CREATE VIEW interval AS
  SELECT * FROM interval_row WHERE NOT EXISTS
    (SELECT 1 FROM forgetting f WHERE sequence <= f.last AND ended < f.before);
CREATE TABLE merging (
  part INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  column_number INTEGER NOT NULL);
CREATE TABLE prefix_length (
  kind INTEGER NOT NULL, length INTEGER NOT NULL, PRIMARY KEY (kind, length)) WITHOUT ROWID;

CREATE TABLE event (
  revision INTEGER NOT NULL, at INTEGER, what TEXT NOT NULL, time INTEGER, other_time INTEGER);
CREATE INDEX event_revision ON event (revision);
)";

// What modules answered for and are owed (docs/contract.md): the address as in `lease`.
constexpr std::string_view kTables2 = R"(
CREATE TABLE provided (
  generation INTEGER NOT NULL, kind INTEGER NOT NULL, lease INTEGER NOT NULL,
  release INTEGER NOT NULL, module TEXT NOT NULL, name INTEGER NOT NULL,
  server INTEGER NOT NULL, port TEXT NOT NULL, ipv4 INTEGER, ipv6 BLOB, delegated BLOB,
  PRIMARY KEY (generation, kind)) WITHOUT ROWID;
)";

constexpr std::string_view kJournal1 = R"(
CREATE TABLE state (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE journal (
  revision INTEGER PRIMARY KEY, changes INTEGER NOT NULL, bytes BLOB NOT NULL);
INSERT INTO state VALUES ('settled', 0);
)";

constexpr std::array<std::string_view, 2> kTablesSteps = {kTables1, kTables2};
constexpr std::array<std::string_view, 1> kJournalSteps = {kJournal1};

constexpr Schema kTables = {"the tables", 0x42657274, kTablesSteps};     // "Bert"
constexpr Schema kJournal = {"the journal", 0x4265726a, kJournalSteps};  // "Berj"

// The version of an open file, if it is one of ours and not from the future.
Result<std::size_t> version_of(Database& db, const Schema& schema) {
  const std::int64_t version = db.number("PRAGMA user_version");
  const std::int64_t application = db.number("PRAGMA application_id");
  const std::int64_t tables = db.number("SELECT count(*) FROM sqlite_schema");
  if (Done done = db.check(); !done) return std::unexpected(done.error());
  if (tables != 0 && application != schema.application_id) {
    return fail(Code::store_corrupt,
                db.path() + " is not " + std::string(schema.name) + " of a Berth store",
                "name the right file");
  }
  if (version < 0 || static_cast<std::size_t>(version) > schema.steps.size()) {
    return fail(Code::store_newer,
                db.path() + " has version " + std::to_string(version) + ", this Berth knows " +
                    std::to_string(schema.steps.size()),
                "use the newer Berth that wrote it");
  }
  return static_cast<std::size_t>(version);
}

}  // namespace

const Schema& tables_schema() { return kTables; }
const Schema& journal_schema() { return kJournal; }

Done migrate(Database& db, const Schema& schema) {
  Result<std::size_t> version = version_of(db, schema);
  if (!version) return std::unexpected(version.error());
  for (std::size_t v = *version; v < schema.steps.size(); ++v) {
    db.exec("BEGIN IMMEDIATE");
    db.exec(std::string(schema.steps[v]));
    db.exec("PRAGMA application_id = " + std::to_string(schema.application_id));
    db.exec("PRAGMA user_version = " + std::to_string(v + 1));
    db.exec("COMMIT");
    if (Done done = db.check(); !done) {
      db.roll_back();
      return done;
    }
  }
  return {};
}

Done check_known(Database& db, const Schema& schema) {
  const Result<std::size_t> version = version_of(db, schema);
  if (!version) return std::unexpected(version.error());
  return {};
}

Done check_version(Database& db, const Schema& schema) {
  Result<std::size_t> version = version_of(db, schema);
  if (!version) return std::unexpected(version.error());
  if (*version != schema.steps.size()) {
    return fail(Code::store_unavailable,
                db.path() + " has version " + std::to_string(*version) + ", this Berth reads " +
                    std::to_string(schema.steps.size()),
                "open it once for writing, which brings it up to date");
  }
  return {};
}

}  // namespace berth
