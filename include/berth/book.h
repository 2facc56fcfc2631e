// book.h - the one door to Berth: assign addresses, and remember who had them.
//
// A Book owns an allocator and a store. Every change is durable before it is answered: many
// callers share one sync (group commit), and a lone caller pays one. All calls may come from
// any thread, at any time. The *_async forms return at once; their callback runs once: on
// whichever thread commits (the Book's own, or one that is inside a call), or within the *_async
// call itself where the answer needs no commit (a refusal, a retry). It must not block, throw
// or destroy the Book, and may call the Book again, *_async forms only.
//
//   auto book = Book::open(plan, {.path = "leases.db"});
//   Result<Grant> grant = (*book)->assign({.user = "ana", .server = "vpn1", .session = "17"});
//
// examples/embed.cc is a whole program. Refusals carry a stable Code (error.h); the state is
// the same as before the call, with these exceptions. store_unavailable: the change may have been
// written, if the store could not tell; the same call again finds out. store_* of server_booted,
// erase_owner and forget_history: the change may stand and its clean-up be unfinished; the same
// call again goes on with it. Destroying a Book finishes what is under way.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "berth/event.h"
#include "berth/lease.h"
#include "berth/plan.h"
#include "berth/time.h"

namespace berth {

// What the time between two processes is to hold, cool-down and lease times.
enum class TimeAway : std::uint8_t {
  starts_again,  // nothing: they begin anew in full, so that a wall clock that was set wrong
                 // meanwhile ends nothing early. For a service.
  counts,        // it has passed, as the wall clock has it. For a process that makes one call and
                 // ends, as the command line does; it calls tick() after open().
};

// Where and how a Book keeps its leases.
struct StoreOptions {
  std::string path;          // of the SQLite file; empty: in memory, gone with the process
  Clock* clock = nullptr;    // nullptr: system_clock(); with a clock of your own, call tick()
  Chance* chance = nullptr;  // nullptr: system_chance()
  TimeAway time_away = TimeAway::starts_again;
  // Told of what somebody should look after: on the Book's own thread, or within tick() where the
  // clock is yours. It must not block, throw or call the Book. Empty: nobody is told.
  std::function<void(const Event&)> on_event = nullptr;
};

// How explain() tells its story: one line a step, in the order of choice.
struct Explanation {
  std::string owner;               // what the name became
  std::string rule;                // the rule that matched
  std::vector<std::string> steps;  // "reservation: none", "last address: 10.8.0.7, free", …
  Result<Grant> outcome;           // what assign() would answer now; id and generation are 0
};

// What server_booted() did.
struct Booted {
  // Leases that the boot ended. About so many: those that other calls begin or end at this very
  // moment may be missing, or be counted too.
  std::uint64_t ended = 0;
  bool known = false;  // this epoch was the last one reported: nothing was done
};

// What server_listed() found. Sessions are told by where they stand in the list.
struct Listed {
  std::uint64_t known = 0;           // have their leases
  std::vector<std::size_t> adopted;  // had none, and have one now
  struct Refused {
    std::size_t session = 0;
    Error why;
  };
  std::vector<Refused> refused;  // could not get one
  // Active leases of the server that the list does not have: sessions whose end got lost, or that
  // began or ended while the server wrote the list. They stay. The oldest first, at most 10,000.
  std::vector<Lease> ghosts;
  std::uint64_t ghost_count = 0;
  bool awaited = false;  // since a restore the server was awaited: it is no longer
};

// An assignment that is not made yet, for a RAS side that asks administration modules about it
// first. What was chosen is out of everybody's reach meanwhile, and so are the owner, the
// connection and its port: so be quick. One thread at a time; the Book must outlive it.
class Draft {
 public:
  // Gives back what it holds.
  virtual ~Draft() = default;

  // What commit() would give; id and generation come with that. Or why nothing is to be had: as of
  // assign(), or of substitute().
  [[nodiscard]] virtual const Result<Grant>& grant() const = 0;
  // This connection has its lease already: ask nobody, commit() answers it again.
  [[nodiscard]] virtual bool is_known() const = 0;

  // A module chose these in place of what was proposed for their kinds, or where nothing was to be
  // had. `outside_pools`: addresses in no pool will do. address_taken: somebody else has one, or a
  // right to it; it is excluded, or just being given to somebody else. no_pool: it is in none.
  // After an error nothing is held any more.
  [[nodiscard]] virtual Done substitute(const Addresses& chosen, bool outside_pools) = 0;

  // Makes it, with the modules that answered; once. As of assign(), address_taken.
  [[nodiscard]] virtual Result<Grant> commit(std::span<const Provider> providers) = 0;
};

class Book {
 public:
  virtual ~Book() = default;

  // Opens or makes the store and loads it. settings_invalid: the plan cannot be.
  // store_locked: another process writes it. store_newer, store_corrupt, store_unavailable.
  // owners_collide: the owner rules changed and would make two owners one.
  [[nodiscard]] static Result<std::unique_ptr<Book>> open(const Plan& plan,
                                                          const StoreOptions& options);

  using Granted = std::function<void(Result<Grant>)>;
  using Finished = std::function<void(Done)>;

  // The right address for this connection. The same request again is answered with the same
  // lease. invalid, no_pool, pool_exhausted, second_login, store_*. Here and in every change below,
  // busy: 65,536 changes are waiting for the store, or 64 for this owner, connection or port.
  [[nodiscard]] virtual Result<Grant> assign(const Request& request) = 0;
  virtual void assign_async(Request request, Granted granted) = 0;

  // The first half of an assignment: nothing is durable before commit(). busy; what else keeps
  // assign() from giving an address stands in the draft, since a module may yet choose one.
  [[nodiscard]] virtual Result<std::unique_ptr<Draft>> propose(const Request& request) = 0;
  // Like release(), by a RAS side. The Releases that are returned count as made: make them now.
  [[nodiscard]] virtual Result<std::vector<OwedRelease>> hang_up(const LeaseRef& which,
                                                                 Cause cause = Cause::released) = 0;
  // Releases that modules wait for though no RAS side has hung up: their leases have expired, were
  // superseded or taken over, or their server has booted. At most so many; they count as made.
  [[nodiscard]] virtual Result<std::vector<OwedRelease>> take_owed(std::size_t most) = 0;

  // The session is up: held becomes active. Again: nothing changes. not_found, stale, foreign.
  [[nodiscard]] virtual Done confirm(const LeaseRef& which) = 0;
  virtual void confirm_async(LeaseRef which, Finished finished) = 0;

  // The session is still up: the lease time starts again. A held lease becomes active.
  [[nodiscard]] virtual Done renew(const LeaseRef& which) = 0;
  virtual void renew_async(LeaseRef which, Finished finished) = 0;

  // The session is over; the addresses cool. With which.kind, that kind only, and the lease
  // ends with its last one. not_found (also for the second of two releases), stale, foreign.
  [[nodiscard]] virtual Done release(const LeaseRef& which, Cause cause = Cause::released) = 0;
  virtual void release_async(LeaseRef which, Cause cause, Finished finished) = 0;

  // The server started anew: its leases that began before this call end. `epoch` is any text
  // that changes with each boot; the last one again ends none, and an earlier one is a new boot.
  // invalid: it is empty, or there is no room for one more server.
  [[nodiscard]] virtual Result<Booted> server_booted(std::string_view server,
                                                     std::string_view epoch) = 0;

  // The server lists all sessions that it has. Each lease of one shows a sign of life, as renew()
  // does; a session without a lease gets one with the addresses that it has (inside a pool or not,
  // and whoever they are meant for) unless somebody else holds one of them, or the session's own
  // lease has others: such are refused, with the reason. No lease ends. After a restore this is as
  // good as a boot: the server's sessions are known. invalid: the server has no name, or a session
  // no user or no address, or there are more than a million; nothing is done then.
  [[nodiscard]] virtual Result<Listed> server_listed(std::string_view server,
                                                     std::span<const Session> sessions) = 0;
  static constexpr std::size_t kMostSessions = 1'000'000;

  // Reservations: for each kind that is there. address_taken: it is reserved for another or lies
  // outside every pool. Made over a live lease of another it waits for that lease's end.
  [[nodiscard]] virtual Done reserve(std::string_view user, const Addresses& addresses) = 0;
  // Takes away those kinds that are there; all of them when `addresses` is empty. not_found.
  [[nodiscard]] virtual Done unreserve(std::string_view user, const Addresses& addresses) = 0;
  [[nodiscard]] virtual std::vector<Reservation> reservations() const = 0;

  // Live leases. find: the one that `which` names. leases: all, or those of an owner or server.
  [[nodiscard]] virtual Result<Lease> find(const LeaseRef& which) const = 0;
  // `user` and `server` narrow the list where they are not empty. Stops at `limit`.
  [[nodiscard]] virtual Result<std::vector<Lease>> leases(std::string_view user,
                                                          std::string_view server,
                                                          std::size_t limit) const = 0;

  // Who had this address, or any inside this range, at this time or within `window` of it (less
  // than zero counts as zero). Every candidate is named, the latest first: all live leases, as
  // intervals without an end, then ended ones; of each the latest 10,000. A live lease that seems
  // to begin later than now, since the clock was set back, is a candidate at any time.
  [[nodiscard]] virtual Result<std::vector<Interval>> who_had(const AnyRange& where, WallTime at,
                                                              Milliseconds window = {}) const = 0;
  // What this owner had.
  [[nodiscard]] virtual Result<std::vector<Interval>> history(std::string_view user,
                                                              const Span& span) const = 0;

  // Why assign() would answer what it would answer. Changes nothing.
  [[nodiscard]] virtual Result<Explanation> explain(const Request& request) const = 0;

  [[nodiscard]] virtual std::vector<PoolUse> pools() const = 0;

  // Takes every trace of an owner out of history, journal and snapshot; the erasure itself is
  // recorded without the name. conflict: the owner is connected now; release first.
  [[nodiscard]] virtual Done erase_owner(std::string_view user) = 0;
  // Deletes intervals that ended before this; recorded. Returns how many.
  [[nodiscard]] virtual Result<std::uint64_t> forget_history(WallTime before) = 0;

  // A consistent copy of the store in a new file, beside running calls. invalid: it exists.
  [[nodiscard]] virtual Done backup(const std::string& path) const = 0;

  // Ends what is due by now: holds, lease times; asks the store again what became of changes
  // that it could not tell of. A thread of the Book does so several times a second; with a clock
  // of your own (StoreOptions), you do. Returns when all it ended is durable.
  virtual void tick() = 0;
};

}  // namespace berth
