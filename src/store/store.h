// store.h - where leases outlive the process.
//
// A Store keeps a journal of Changes (core/change.h) and the state that they add up to. A
// change is durable when commit() says so and survives kill -9 and power loss from then on.
// History and lookups follow the journal a moment later, but every read through this interface
// sees all that was committed before it.
//
//   auto store = or_exit(open_sqlite_store({.path = "leases.db", ...}));
//   or_exit(store->load(loader));            // once, before the first commit
//   Commit commit{change_bytes};
//   store->commit({&commit, 1});             // one sync for the whole span
//   if (commit.outcome == Outcome::durable) …
//
// What a store asks of the changes: a lease that goes on under a new generation comes with the
// End of the old one in the same change, and an End of all that a lease has says `whole`.
//
// Threads: commit(), settle() by one thread at a time; all reads and the maintenance calls by any
// thread at any time, beside a commit.
// Every Store passes the same tests: store_contract_test.h. Memory and SQLite today; the
// interface is made so that a store with several writers fits: load gives a revision, a commit
// can meet a conflict, and what others committed comes back through follow.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"
#include "core/change.h"

namespace berth {

// A place in the order of all changes of a store; the first change has 1.
using Revision = std::uint64_t;

// The secret of a store, made with it: identifiers and ids are hashes under this key.
using StoreKey = std::array<std::uint64_t, 2>;

enum class Outcome : std::uint8_t {
  pending,   // not tried yet
  durable,   // it is written and stays
  refused,   // it is not written and never will be: `error` says why (store_full, …)
  conflict,  // another node was first; nothing is written
  unknown,   // it may be written or not: settle() will tell
};

// One change on its way into the journal.
struct Commit {
  std::string_view bytes;  // steps; must stay valid during the call
  Outcome outcome = Outcome::pending;
  Revision revision = 0;  // where it is durable; of an unknown one, where it is if it is
  Error error{};          // where it is not
};

// What load() finds, in this order. Text is valid during the call only.
class Loader {
 public:
  virtual ~Loader() = default;
  // First: the key, the largest serial ever used, the owner rules in force ("" if none yet), and
  // when the newest change in the snapshot was made, by the wall clock of that moment.
  virtual void start(const StoreKey& key, Serial last_serial, std::string_view owner_rules,
                     WallTime newest) = 0;
  // Each server that was ever seen, and its last boot: leases of it with a generation below
  // `before` are over. `awaited`: the store was restored from a backup and this server has not
  // booted since (change.h, Restored).
  virtual void server(std::string_view name, std::string_view epoch, Generation before,
                      bool awaited) = 0;
  virtual void reservation(const Reserve& reservation) = 0;
  // The last Cooled of each kind of each pool.
  virtual void cooled(const Cooled& cooled) = 0;
  // An address that is not held now, and who had it last; in the order of last use. Identifiers
  // that nobody lists (rows.h, is_stable) may be left out once they have cooled. The owner is
  // empty where it was erased.
  struct Last {
    Kind kind = Kind::ipv4;
    Addresses address;  // just this kind
    std::string_view owner;
    Serial serial = 0;
    bool remembered = true;  // false: of a second login; it only counts for order and cool-down
    WallTime ended{};        // when it was given back
  };
  virtual void last(const Last& last) = 0;
  // In ascending order of generation, many at a time.
  virtual void live(std::span<const LeaseRecord> leases) = 0;
  // What modules answered for, whether the lease still lives or not.
  virtual void provided(const Provided& provided) = 0;
  // Then the journal behind the snapshot, change by change. A store whose journal holds a Rename
  // or RulesChanged brings its snapshot up to date first, so that none comes through here.
  virtual Done change(std::string_view bytes) = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  // Gives the loader everything up to the returned revision. Call once, first.
  [[nodiscard]] virtual Result<Revision> load(Loader& loader) = 0;

  // Writes them in order with one sync, and sets each one's outcome. At most kMaxCommits.
  virtual void commit(std::span<Commit> commits) = 0;
  static constexpr std::size_t kMaxCommits = 4096;

  // After an unknown outcome: looks at what the store really holds and says the last durable
  // revision. store_unavailable: it cannot tell yet; ask again later. Until it has told,
  // commit() refuses.
  [[nodiscard]] virtual Result<Revision> settle() = 0;

  // Whether other nodes commit to it as well, so that a commit may meet a conflict.
  [[nodiscard]] virtual bool is_shared() const { return false; }
  // Changes that other nodes committed since the last call, in order. A store with one writer
  // has none.
  [[nodiscard]] virtual Done follow(const std::function<Done(std::string_view bytes)>& each) = 0;

  // Ended intervals only, the latest first, at most kMostIntervals; live leases are the
  // allocator's. `where` is matched against every kind; a prefix that was held matches the
  // addresses inside. Kinds of a lease that began at different times are intervals of their own.
  [[nodiscard]] virtual Result<std::vector<Interval>> who_had(const AnyRange& where, WallTime at,
                                                              Milliseconds window) const = 0;
  [[nodiscard]] virtual Result<std::vector<Interval>> history(std::string_view owner,
                                                              const Span& span) const = 0;

  static constexpr std::size_t kMostIntervals = 10'000;

  // Every (owner, raw name) that is kept for a next start, each once, in no order.
  [[nodiscard]] virtual Done for_each_name(
      const std::function<Done(std::string_view owner, std::string_view user)>& each) const = 0;

  // Returns when every trace of what was erased or forgotten by changes committed so far is gone
  // from the snapshot, the journal and their files. An error: it is erased all the same; the
  // store goes on trying to remove its traces, also in its next life.
  [[nodiscard]] virtual Done scrub() = 0;

  // How many ended intervals a Forget of this time would delete.
  [[nodiscard]] virtual Result<std::uint64_t> ended_before(WallTime before) const = 0;

  // No interval that is kept ended earlier; none where there is none. The earliest end, but for
  // a while after an Erase or a Forget, which may have taken that one.
  [[nodiscard]] virtual Result<std::optional<WallTime>> oldest_end() const = 0;

  // Writes a consistent copy to a new file at `path`, beside running commits. invalid: the file
  // exists already. A store in memory refuses.
  [[nodiscard]] virtual Done backup(const std::string& path) const = 0;

  // How far the lookup tables are behind the journal, in changes.
  [[nodiscard]] virtual std::uint64_t lag() const = 0;
};

}  // namespace berth
