// tables.cc - opening the tables, and what each step does to them.
#include "store/tables.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "store/schema.h"
#include "store/views.h"

namespace berth {
namespace {

// Pages kept in memory: enough for the upper levels of every tree and one sorted pass.
constexpr std::string_view kPragmas =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA "
    "temp_store=MEMORY";

// Events are few; a clock that jumps for ever must not fill the disk.
constexpr std::int64_t kMostEvents = 10'000;

// Unused names are looked for when one interval in so many is forgotten: looking through all of
// them then costs a few rows for each that went.
constexpr std::uint64_t kForgottenShare = 8;

// The key under which files say that they stand alone. Stores and backups have it already.
constexpr std::string_view kAlone = "fresh";

}  // namespace

Result<std::unique_ptr<Tables>> Tables::open(const Options& options) {
  auto db = Database::open(options.path, Database::Mode::create, options.vfs);
  if (!db) return std::unexpected(db.error());
  (*db)->exec(std::string(kPragmas));
  if (Done done = migrate(**db, tables_schema()); !done) return std::unexpected(done.error());
  // The statements need the tables, so the object comes after them.
  std::unique_ptr<Tables> tables(new Tables(*std::move(db), options));
  if (Done done = tables->prepare(options); !done) return std::unexpected(done.error());
  return tables;
}

Tables::Tables(std::unique_ptr<Database> db, const Options& options)
    : db_(std::move(db)),
      names_(*db_),
      ended_leases_(*db_),
      batch_(*db_, names_, ended_leases_),
      index_(*db_, options.history),
      most_log_pages_(options.logs.tables_pages),
      begin_(db_->prepare("BEGIN IMMEDIATE")),
      commit_(db_->prepare("COMMIT")),
      put_state_(db_->prepare("INSERT OR REPLACE INTO state VALUES (?, ?)")),
      put_cooled_(db_->prepare("INSERT OR REPLACE INTO cooled VALUES (?, ?, ?)")) {}

Tables::~Tables() = default;

Done Tables::prepare(const Options& options) {
  if (db_->number("SELECT count(*) FROM state") == 0) make(options);
  const auto state = [this](const std::string& key) {
    return db_->number("SELECT value FROM state WHERE key = '" + key + "'");
  };
  state_.applied = static_cast<Revision>(state("applied"));
  state_.sequence = static_cast<std::uint64_t>(state("sequence"));
  state_.serial = static_cast<Serial>(state("serial"));
  state_.newest = state("newest");
  state_.scrub_owed = static_cast<Revision>(state("scrub_owed"));
  state_.forgotten = static_cast<std::uint64_t>(state("forgotten"));
  committed_ = state_;
  identity_ = static_cast<std::uint64_t>(state("identity"));
  alone_ = stands_alone(*db_);
  ended_leases_.load();
  index_.load();
  return db_->check();
}

void Tables::make(const Options& options) {
  begin_.run();
  put_state_.run("identity", options.new_identity);
  put_state_.run("key_0", options.new_key[0]);
  put_state_.run("key_1", options.new_key[1]);
  put_state_.run(kAlone, true);
  put_state_.run("indexed", 0);
  put_state_.run("rules", std::string_view());
  write_state();
  index_.make_views();
  make_people_views(*db_);
  commit_.run();
}

bool Tables::stands_alone(Database& tables) {
  Statement alone = tables.prepare("SELECT value FROM state WHERE key = ?");
  return alone.with(kAlone).step() && alone.number(0) != 0;
}

Done Tables::lean_on_journal() { return set_alone(false); }

Done Tables::do_without_journal() { return set_alone(true); }

void Tables::part_from_journal(std::uint64_t chance) {
  identity_ = (identity_ ^ chance) * 0x9e3779b97f4a7c15U;
  put_state_.run("identity", identity_);
}

Done Tables::set_alone(bool alone) {
  if (alone_ == alone) return {};
  put_state_.run(kAlone, alone);
  if (Done done = db_->check(); !done) return done;
  alone_ = alone;
  return {};
}

void Tables::write_state() {
  put_state_.run("applied", state_.applied);
  put_state_.run("sequence", state_.sequence);
  put_state_.run("serial", state_.serial);
  put_state_.run("newest", state_.newest);
  put_state_.run("scrub_owed", state_.scrub_owed);
  put_state_.run("forgotten", state_.forgotten);
}

void Tables::begin() { begin_.run(); }

Done Tables::apply(std::string_view change) {
  for (StepReader reader(change); !reader.done();) {
    const Result<Step> step = reader.next();
    if (!step) return std::unexpected(step.error());
    std::visit([this](const auto& each) { on(each); }, *step);
  }
  ++state_.applied;
  return {};
}

Done Tables::commit() {
  batch_.flush();
  ended_leases_.sweep();
  drop_cooled();
  write_state();
  commit_.run();
  if (Done done = db_->check(); !done) {
    roll_back();
    return done;
  }
  committed_ = state_;
  return {};
}

void Tables::roll_back() {
  db_->roll_back();
  (void)db_->check();
  batch_.clear();
  names_.forget();
  ended_leases_.load();
  index_.load();
  state_ = committed_;
  cooled_.clear();
}

Result<bool> Tables::index_history() {
  if (!index_.has_run(state_.sequence)) return false;
  begin_.run();
  index_.add_run();
  return commit_index();
}

Result<bool> Tables::merge_history() {
  if (!index_.merge_is_due()) return false;
  begin_.run();
  index_.merge();
  return commit_index();
}

Result<bool> Tables::forget_history() {
  if (!index_.forgetting_is_due()) return false;
  begin_.run();
  if (const auto gone = index_.go_on_forgetting()) {
    note_gone(*gone);
    write_state();
  }
  const Result<bool> committed = commit_index();
  if (committed) committed_ = state_;
  return committed;
}

Result<bool> Tables::commit_index() {
  commit_.run();
  if (Done done = db_->check(); !done) {
    roll_back();
    return std::unexpected(done.error());
  }
  return true;
}

// One overload a step, in the order of change.h.

void Tables::on(const Begin& step) {
  state_.serial = std::max(state_.serial, step.lease.generation.value);
  state_.newest = millis(step.lease.renewed);
  batch_.add(step);
}

void Tables::on(const End& step) {
  state_.serial = std::max(state_.serial, step.serial);
  state_.newest = millis(step.ended);
  batch_.add(step, state_.sequence);
  state_.sequence += EndedRows(step.lease).size();
}

void Tables::on(const Alive& step) {
  state_.newest = millis(step.at);
  batch_.add(step);
}

void Tables::on(const Boot& step) {
  batch_.flush();
  state_.newest = millis(step.at);
  const std::int64_t server = names_.server(step.server);
  db_->prepare("UPDATE server SET epoch = ?, before = ?, awaited = 0 WHERE id = ?")
      .run(step.epoch, step.before.value, server);
}

void Tables::on(const Reserve& step) { set_reservation(step.owner, step.user, step.addresses); }

void Tables::set_reservation(std::string_view owner, std::string_view user,
                             const Addresses& addresses) {
  Addresses all = take_reservation(owner).value_or(Addresses{});
  join(all, addresses);
  const PrefixColumn ipv6(all.ipv6);
  const PrefixColumn delegated(all.delegated);
  db_->prepare("INSERT OR REPLACE INTO reservation VALUES (?, ?, ?, ?)")
      .run(names_.name(owner, user), all.ipv4 ? std::optional(all.ipv4->bits()) : std::nullopt,
           ipv6.value(), delegated.value());
}

// What the owner has reserved, under whatever spelling; it is taken out.
std::optional<Addresses> Tables::take_reservation(std::string_view owner) {
  Statement rows = db_->prepare(
      "SELECT r.name, r.ipv4, r.ipv6, r.delegated FROM name n "
      "JOIN reservation r ON r.name = n.id WHERE n.owner = ?");
  if (!rows.with(owner).step()) return std::nullopt;
  const std::int64_t name = rows.number(0);
  const Addresses addresses = addresses_in(rows, 1);
  rows.reset();
  db_->prepare("DELETE FROM reservation WHERE name = ?").run(name);
  return addresses;
}

void Tables::on(const Unreserve& step) {
  Statement rows = db_->prepare(
      "SELECT n.user FROM name n JOIN reservation r ON r.name = n.id WHERE n.owner = ?");
  if (!rows.with(step.owner).step()) return;
  const std::string user(user_of(step.owner, rows.text(0)));
  rows.reset();
  Addresses left = take_reservation(step.owner).value_or(Addresses{});
  take(left, step.addresses);
  if (!left.empty()) set_reservation(step.owner, user, left);
}

void Tables::on(const Cooled& step) {
  put_cooled_.run(step.pool, static_cast<int>(step.kind), step.serial);
  if (step.kind == Kind::ipv6) cooled_.push_back(step.serial);
}

// Identifiers that nobody lists need no memory once they have cooled. A mark is the serial of what
// its pool gave back, and all identifiers of a pool are under one /64: so the row with that serial
// tells which rows the mark is about. It says nothing of other pools, which may cool for longer.
void Tables::drop_cooled() {
  if (cooled_.empty()) return;
  Statement drop = db_->prepare(
      "DELETE FROM cooling WHERE serial <= ?1 AND substr(ipv6, 1, 8) = "
      "(SELECT substr(ipv6, 1, 8) FROM cooling WHERE serial = ?1)");
  for (const Serial mark : cooled_) drop.run(mark);
  cooled_.clear();
}

void Tables::on(const ClockStepped& step) {
  note(state_.applied + 1, std::nullopt, "clock_stepped", step.from, step.to);
  state_.newest = millis(step.to);
}

// Addresses that still cool keep their row, without a name. A table of slots is gone through once
// for all spellings: it has no index by name.
void Tables::on(const Erase& step) {
  batch_.flush();
  ended_leases_.sweep_all();
  state_.newest = millis(step.at);
  state_.scrub_owed = state_.applied + 1;
  std::vector<std::int64_t> names;
  Statement rows = db_->prepare("SELECT id FROM name WHERE owner = ?");
  rows.with(step.owner);
  while (rows.step()) names.push_back(rows.number(0));
  index_.erase(names);
  const std::string of_owner = " name IN (SELECT id FROM name WHERE owner = ?)";
  for (const char* table : {"slot_ipv4", "slot_ipv6", "slot_delegated"}) {
    db_->prepare("UPDATE " + std::string(table) +
                 " SET name = 0, second = 1 WHERE lease IS NULL AND" + of_owner)
        .run(step.owner);
  }
  db_->prepare("UPDATE cooling SET name = 0, second = 1 WHERE" + of_owner).run(step.owner);
  db_->prepare("DELETE FROM reservation WHERE" + of_owner).run(step.owner);
  db_->prepare(
         "DELETE FROM name WHERE owner = ? AND NOT EXISTS "
         "(SELECT 1 FROM lease_of_name o WHERE o.name = name.id)")
      .run(step.owner);
  note(state_.applied + 1, step.at, "erased");
}

void Tables::on(const Forget& step) {
  batch_.flush();
  ended_leases_.sweep_all();
  state_.newest = millis(step.at);
  if (const auto gone = index_.forget(state_.applied + 1, step)) note_gone(*gone);
}

// Most find nothing that is old enough; those leave no note, or they would crowd out the others.
void Tables::note_gone(const HistoryForget::Gone& gone) {
  if (gone.rows == 0) return;
  state_.forgotten += gone.rows;
  note(gone.revision, gone.step.at, "forgot", gone.step.before);
}

void Tables::on(const Rename& step) {
  batch_.flush();
  const std::string_view user = user_column(step.owner, step.user);
  db_->prepare("UPDATE name SET owner = ?, user = ? WHERE owner = ? AND user = ?")
      .run(step.renamed, user_column(step.renamed, step.user), step.owner, user);
}

void Tables::on(const Restored& step) {
  batch_.flush();
  state_.serial += kLostSerials;
  state_.newest = millis(step.at);
  db_->exec(step.trusted ? "UPDATE server SET awaited = 0" : "UPDATE server SET awaited = 1");
  note(state_.applied + 1, step.at, step.trusted ? "restored_trusted" : "restored", step.taken);
}

void Tables::on(const RulesChanged& step) { put_state_.run("rules", step.rules); }

void Tables::on(const Provided& step) {
  const PrefixColumn ipv6(step.address.ipv6);
  const PrefixColumn delegated(step.address.delegated);
  db_->prepare("INSERT OR REPLACE INTO provided VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .run(step.generation.value, static_cast<int>(step.kind), step.id.value, step.release,
           step.module, names_.name(step.owner, step.user), names_.server(step.server), step.port,
           step.address.ipv4 ? std::optional(step.address.ipv4->bits()) : std::nullopt,
           ipv6.value(), delegated.value());
}

void Tables::on(const Paid& step) {
  db_->prepare("DELETE FROM provided WHERE generation = ? AND kind = ?")
      .run(step.generation.value, static_cast<int>(step.kind));
}

void Tables::note(Revision revision, std::optional<WallTime> at, std::string_view what,
                  std::optional<WallTime> time, std::optional<WallTime> other) {
  const auto column = [](std::optional<WallTime> value) {
    return value ? std::optional(millis(*value)) : std::nullopt;
  };
  db_->prepare("INSERT INTO event VALUES (?, ?, ?, ?, ?)")
      .run(revision, column(at), what, column(time), column(other));
  db_->prepare("DELETE FROM event WHERE rowid <= (SELECT max(rowid) FROM event) - ?")
      .run(kMostEvents);
}

// Texts are only in `name` and its index; but pages that were balanced keep shadows of rows
// that moved, which secure_delete does not know of. So the whole table is written anew.
Done Tables::clear_traces() {
  begin_.run();
  drop_unused_names();
  db_->exec(
      "CREATE TABLE name_anew (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, user TEXT NOT NULL);"
      "INSERT INTO name_anew SELECT * FROM name ORDER BY id; DELETE FROM name;"
      "INSERT INTO name SELECT * FROM name_anew ORDER BY id; DROP TABLE name_anew");
  if (Done done = commit(); !done) return done;
  auto emptied = checkpoint(*db_, Checkpoint::truncate);
  if (!emptied) return std::unexpected(emptied.error());
  return {};
}

Done Tables::scrubbed(Revision owed) {
  if (state_.scrub_owed != owed) return {};  // another Erase came meanwhile
  begin_.run();
  state_.scrub_owed = 0;
  return commit();
}

Done Tables::drop_forgotten_names() {
  if (state_.forgotten == 0) return {};
  if (state_.forgotten * kForgottenShare < index_.most_rows(state_.sequence)) return {};
  begin_.run();
  drop_unused_names();
  return commit();
}

void Tables::drop_unused_names() {
  const auto most = static_cast<std::size_t>(db_->number("SELECT max(id) FROM name"));
  std::vector<bool> used(most + 1);
  index_.mark_names(used);
  for (const char* table : {"lease_of_name", "slot_ipv4", "slot_ipv6", "slot_delegated", "cooling",
                            "reservation", "provided"}) {
    Statement rows = db_->prepare("SELECT name FROM " + std::string(table));
    while (rows.step()) {
      const auto name = static_cast<std::size_t>(rows.number(0));
      if (name < used.size()) used[name] = true;
    }
  }
  std::vector<std::int64_t> unused;
  Statement names = db_->prepare("SELECT id FROM name");
  while (names.step()) {
    if (!used[static_cast<std::size_t>(names.number(0))]) unused.push_back(names.number(0));
  }
  Statement drop = db_->prepare("DELETE FROM name WHERE id = ?");
  for (const std::int64_t name : unused) drop.run(name);
  state_.forgotten = 0;
}

Done Tables::copy_back() {
  if (db_->pages_in_log() < most_log_pages_) return {};
  auto copied = checkpoint(*db_, Checkpoint::passive);
  if (!copied) return std::unexpected(copied.error());
  return {};
}

}  // namespace berth
