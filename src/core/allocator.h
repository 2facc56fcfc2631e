// allocator.h - chooses addresses and knows who holds which. Pure: no I/O, no clock, no threads.
//
// A change goes through three calls, so that nothing is in force before it is durable:
//
//   Result<Proposal> proposal = allocator.assign(request, name, now);   // chosen, pending
//   …the store makes proposal->bytes durable…
//   allocator.settle(*proposal, Settled::durable, now);                // applied, or taken back
//
// From proposal to settlement its addresses are out of everybody's reach, and nothing else may
// change the same owner, connection or exclusive port: such a request gets a Proposal that says
// what it is blocked on, and is to be made again once that is settled. A proposal without bytes
// changes nothing: its answer stands as it is.
//
// Replaying the journal calls apply() with the same bytes: what runs is what replays. The order
// in which an address is chosen is written down in docs/architecture.md, and once in choose().
//
// Not safe to share between threads: the Book calls it under its lock.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "berth/error.h"
#include "berth/lease.h"
#include "berth/plan.h"
#include "core/change.h"
#include "core/cooling_identifiers.h"
#include "core/debts.h"
#include "core/leases.h"
#include "core/owner_name.h"
#include "core/owners.h"
#include "core/policy.h"
#include "core/pools.h"
#include "core/reservations.h"
#include "core/servers.h"
#include "core/timers.h"

namespace berth {

// Now, on both clocks. Never earlier than the one before on the steady one.
struct Moment {
  WallTime wall{};
  SteadyTime steady{};
};

// What must not be changed by two proposals at once, as a hash: an owner, a connection, a port,
// a slot. Two different things that share a hash wait for each other; nothing worse.
using Key = std::uint64_t;

struct Proposal {
  std::string bytes;              // the change; empty: nothing to write
  std::optional<Key> blocked_on;  // propose again when this is settled; all else is empty then
  Grant grant;                    // of assign()

  // What nothing else may change until this is settled.
  [[nodiscard]] std::span<const Key> keys() const { return keys_; }

 private:
  friend class Allocator;
  boost::container::small_vector<Key, 6> keys_;
  boost::container::small_vector<Slots::Was, 3> pended_;
  std::optional<std::uint16_t> pended_identifier_;  // its group
  std::string new_server_;                          // that it brings; empty: none
};

// What a sign of life is worth: a confirmation does nothing for a lease that is active already, a
// renewal begins its lease time anew.
enum class Sign : std::uint8_t { confirm, renew };

// Addresses that a connection is to have, and no others, since somebody else chose them.
struct Exact {
  // Whose word it is.
  enum class By : std::uint8_t {
    module,  // an administration module wants to give them: the rights of all others are kept
    server,  // a server says that the session has them already: so nobody else may get them,
             // whoever they were meant for
  };
  Addresses addresses;
  By by = By::module;
  bool outside_pools = true;  // one in no pool is taken, too
  std::vector<Provider> providers = {};
};

// How many addresses of one kind of a pool are not free.
struct Taken {
  std::size_t pool = 0;  // in the plan
  Kind kind = Kind::ipv4;
  std::uint64_t taken = 0;
  std::uint64_t size = 0;
};

// Whether a server confirms its leases.
struct Heard {
  std::string server;
  bool silent = false;
};

enum class Settled : std::uint8_t { durable, not_written };

class Allocator {
 public:
  // settings_invalid: Policy::compile refuses the plan, or its pools are too large together.
  [[nodiscard]] static Result<std::unique_ptr<Allocator>> make(const Plan& plan, const SipKey& key,
                                                               Serial last_serial);
  ~Allocator();
  Allocator(const Allocator&) = delete;
  Allocator& operator=(const Allocator&) = delete;

  // --- Proposing. `name` is the canonical form of the request's user. ---

  [[nodiscard]] Result<Proposal> assign(const Request& request, const OwnerName& name,
                                        const Moment& now);
  // With just these addresses for their kinds; other kinds that are asked for are chosen.
  // address_taken: somebody else has one, or a right to it. no_pool: it is in none.
  [[nodiscard]] Result<Proposal> assign(const Request& request, const OwnerName& name,
                                        const Exact& exact, const Moment& now);
  // The server says that this session is up with these addresses. Its lease shows a sign of life;
  // one that has none gets one: Reason::server_listed. address_taken; foreign: the session's lease
  // has other addresses.
  [[nodiscard]] Result<Proposal> list(const Request& session, const OwnerName& name,
                                      const Addresses& addresses, const Moment& now);
  // `owner` is the canonical form of which.user, empty where that is empty.
  [[nodiscard]] Result<Proposal> alive(const LeaseRef& which, std::string_view owner, Sign sign,
                                       const Moment& now);
  [[nodiscard]] Result<Proposal> release(const LeaseRef& which, std::string_view owner, Cause cause,
                                         const Moment& now);
  // Like release(), by who makes the Releases that are owed: they are added to `owed`, and count as
  // made.
  [[nodiscard]] Result<Proposal> hang_up(const LeaseRef& which, std::string_view owner, Cause cause,
                                         const Moment& now, std::vector<OwedRelease>& owed);
  // Counts Releases that are due as made, at most so many, and adds them to `owed`.
  [[nodiscard]] Proposal take_owed(std::size_t most, std::vector<OwedRelease>& owed);
  // Empty bytes: the epoch is known.
  [[nodiscard]] Result<Proposal> boot(std::string_view server, std::string_view epoch,
                                      const Moment& now);
  [[nodiscard]] Result<Proposal> reserve(const OwnerName& name, std::string_view user,
                                         const Addresses& addresses);
  [[nodiscard]] Result<Proposal> unreserve(std::string_view owner, const Addresses& addresses);
  // conflict: the owner has a live lease.
  [[nodiscard]] Result<Proposal> erase(std::string_view owner, const Moment& now);

  // Ends of leases that are over: past their hold or lease time, or begun before their server's
  // boot. At most `most`; call again until there are none. Those that are blocked come later.
  [[nodiscard]] std::vector<Proposal> due(const Moment& now, std::size_t most);
  // The server has listed all its sessions: after a restore it is awaited no longer. Empty bytes:
  // it was not.
  [[nodiscard]] Proposal listed(std::string_view server, const Moment& now);
  // Leases begun before a boot of this server that still live, whether blocked or not.
  [[nodiscard]] std::uint64_t doomed_on(std::string_view server) const;

  // Steps that record which addresses have cooled since the last call; empty when none have.
  [[nodiscard]] std::string cooled_marks(const Moment& now);

  // --- Settling ---

  void settle(const Proposal& proposal, Settled how, const Moment& now);
  // Applies steps that were not proposed here: a journal's tail, another node's change.
  [[nodiscard]] Done apply(std::string_view bytes, const Moment& now);

  // --- Loading a snapshot, in the order of store.h's Loader ---

  void load_server(std::string_view name, std::string_view epoch, Generation before, bool awaited);
  void load_reservation(const Reserve& reservation);
  void load_cooled(const Cooled& cooled);
  void load_last(Kind kind, const Addresses& address, std::string_view owner, Serial serial,
                 bool remembered, const Moment& now);
  // `since`: from when a lease's hold or lease time counts.
  void load_leases(std::span<const LeaseRecord> leases,
                   const std::function<Moment(const LeaseRecord&)>& since);
  void load_provided(const Provided& provided);
  // After the journal, too. settings_invalid: a lease holds what a pool would give out once more,
  // because it cuts prefixes to another length today, or gives them as another kind.
  [[nodiscard]] Done check_cuts() const;

  // --- Looking. Text in a LeaseRecord is valid until the next change. ---

  [[nodiscard]] Result<LeaseRecord> find(const LeaseRef& which, std::string_view owner) const;
  // Calls for each live lease until it returns false; empty names match all.
  void each_lease(std::string_view owner, std::string_view server,
                  const std::function<bool(const LeaseRecord&)>& each) const;
  // Live leases that hold an address inside `where`, each once.
  void each_holder(const AnyRange& where,
                   const std::function<bool(const LeaseRecord&)>& each) const;
  [[nodiscard]] std::vector<PoolUse> uses() const;
  // How full each kind of each pool is whose addresses are listed; nothing is counted for it.
  void each_listed(const std::function<void(const Taken&)>& each) const;
  // Servers that fell silent, or confirmed again, since the last call: Servers::kSilentAfter.
  [[nodiscard]] std::vector<Heard> take_heard();
  // Those of these addresses that are in no pool.
  [[nodiscard]] Addresses outside_pools(const Addresses& addresses);
  [[nodiscard]] std::vector<Reservation> reservations() const;
  // Fills in owner, rule and steps; the outcome is returned. Changes nothing.
  [[nodiscard]] Result<Grant> explain(const Request& request, const OwnerName& name,
                                      const Moment& now, std::string& rule,
                                      std::vector<std::string>& steps);
  [[nodiscard]] std::uint64_t live() const { return leases_.size(); }
  // How many slots were looked at so far, in whatever state: what promise 6 bounds. For tests.
  [[nodiscard]] std::uint64_t slot_looks() const { return pools_.slots.looks(); }
  [[nodiscard]] Serial last_serial() const { return serial_; }

  // Everything that a restart must bring back, as text in a fixed order: equal for two
  // allocators in the same state. For tests.
  [[nodiscard]] std::string fingerprint() const;

 private:
  // One lease that ends within a change, and why.
  struct Leaving {
    Ref lease = kNone;
    Cause cause = Cause::superseded;
  };
  using LeavingList = boost::container::small_vector<Leaving, 2>;

  // What is known of a request while its addresses are chosen.
  struct Asking {
    const Request& request;
    const OwnerName& name;
    Moment now;
    std::uint64_t owner_hash = 0;
    Ref owner = kNone;
    const Decision* decision = nullptr;
    const Exact* exact = nullptr;  // somebody else has chosen
    [[nodiscard]] bool listed() const { return exact != nullptr && exact->by == Exact::By::server; }
    Ref grows = kNone;  // the lease that this request adds kinds to, if it does
    LeavingList leaving;
    bool second = false;
    std::optional<Key> blocked_on;  // an address that may be somebody else's in a moment
    struct Stable {
      std::uint16_t group = 0;
      std::uint64_t identifier = 0;
    };
    std::optional<Stable> stable;               // the first try in the first group of identifiers
    std::vector<std::string>* steps = nullptr;  // explain() wants to know
  };
  struct Choice {
    Place place;  // none: outside every pool, as Asking::exact has it
    Reason reason = Reason::least_recent;
    std::optional<std::size_t> moved_from;  // index in leaving
  };
  struct Connection {
    LeaseId id;
    KeyKind key = KeyKind::session;
    Ref lease = kNone;  // the one that has this key now
    bool exclusive = false;
    std::uint64_t port_hash = 0;
    Ref on_port = kNone;  // the one that is on this exclusive port now
    ServerTraits traits;
    std::optional<ServerNumber> server;
  };

  Allocator(const Plan& plan, Policy policy, const SipKey& key, Serial last_serial);

  // allocator_assign.cc: the story of an assignment
  Result<Proposal> assign(Asking& asking);
  Connection connection_of(const Request& request, std::string_view owner) const;
  LeaseId id_of(KeyKind key, const Request& request, std::string_view owner,
                std::uint64_t salt) const;
  void find_leases(Connection& connection, const Request& request, std::string_view owner) const;
  Ref renamed_on_port(std::string_view server, std::string_view port, std::string_view owner) const;
  LeaseId port_id_of(Ref lease, std::uint64_t salt) const;
  void note_if_renamed(Ref lease);
  void forget_renamed(Ref lease);
  std::optional<Proposal> same_connection(const Connection& connection, const Asking& asking);
  Ref growing(const Connection& connection, const Asking& asking) const;
  Result<Proposal> plan_assign(const Connection& connection, Asking& asking);
  std::optional<Error> end_earlier(const Connection& connection, Asking& asking);
  Error connected_already(Ref elsewhere, const Asking& asking) const;
  void write_assign(const Connection& connection, const Asking& asking,
                    const std::array<std::optional<Choice>, kKinds>& choices, Proposal& proposal);
  void pend(Kind kind, const Choice& choice, const Asking& asking, Proposal& proposal);
  Grant grant_of(Ref lease) const;

  // choice.cc: the order in which an address is chosen
  std::optional<Choice> choose(Kind kind, Asking& asking);
  std::optional<Choice> choose_reserved(Kind kind, Asking& asking);
  std::optional<Choice> choose_moved(Kind kind, Asking& asking);
  bool waits_for(const Place& place, Asking& asking) const;
  std::optional<Choice> choose_last(Kind kind, Asking& asking);
  std::optional<Choice> choose_proposed(Kind kind, Asking& asking);
  std::optional<Choice> choose_from(std::size_t pool, Kind kind, Asking& asking);
  bool at_home(std::size_t pool, const Asking& asking) const;
  std::optional<Choice> choose_identifier(std::uint16_t group, Asking& asking);
  bool identifier_free(std::uint16_t group, std::uint64_t identifier, const Asking& asking) const;
  bool offered(Kind kind, const Asking& asking) const;
  Error refusal(Kind kind, const Asking& asking);
  bool allowed(std::size_t pool, const Asking& asking) const;
  std::size_t pool_of(const Place& place) const;
  // The text is made only when somebody listens.
  template <class What>
  static void tell(Asking& asking, Kind kind, What&& what) {
    if (asking.steps == nullptr) return;
    asking.steps->push_back(std::string(kind_name(kind)) + ", " + what());
  }
  std::string address_text(Kind kind, const Place& place) const;

  // exact.cc: addresses that somebody else chose
  std::optional<Result<Proposal>> listed_before(const Connection& connection,
                                                const Asking& asking) const;
  Result<Choice> take_exact(Kind kind, Asking& asking);
  Result<Choice> take_inside(Kind kind, const Place& place, Asking& asking);
  Result<Choice> take_outside(Kind kind, Asking& asking);
  std::optional<Choice> moves(const Place& place, Ref holder, const Asking& asking) const;
  Done others_have_no_right(Kind kind, const Place& place, const Asking& asking) const;
  Key outside_key(Kind kind, const Addresses& addresses) const;
  static void write_provided(const LeaseRecord& lease, std::span<const Provider> providers,
                             Proposal& proposal);
  void name(Kind kind, const Choice& choice, const Asking& asking, Addresses& addresses) const;

  // allocator_which.cc: the lease that a message is about
  std::optional<Key> in_flight(const LeaseRef& which, std::string_view owner) const;
  Result<Ref> resolve(const LeaseRef& which, std::string_view owner) const;
  Ref by_port(const LeaseRef& which, std::string_view owner) const;
  Ref by_address(const LeaseRef& which) const;
  Done agrees(Ref lease, const LeaseRef& which, std::string_view owner) const;

  // allocator_end.cc: signs of life, ends, boots
  Result<Proposal> end_by_message(const LeaseRef& which, std::string_view owner, Cause cause,
                                  const Moment& now, std::vector<OwedRelease>* owed);
  void write_paid(Ref lease, const Addresses& ending, std::vector<OwedRelease>* owed,
                  Proposal& proposal) const;
  void write_end(Ref lease, const Addresses& ending, Cause cause, bool whole, bool cools,
                 WallTime at, Proposal& proposal);
  struct Changeable {
    Ref lease = kNone;
    Key owner_key = 0;
  };
  // The lease that a message names. Where something else changes it, `proposal` is blocked on that.
  Result<Changeable> changeable(const LeaseRef& which, std::string_view owner,
                                Proposal& proposal) const;
  void hold_lease(const Changeable& which, Proposal& proposal);
  std::optional<Proposal> end_now(Ref lease, Cause cause, const Moment& now);

  // allocator_apply.cc: what a durable step does
  void apply_step(const Begin& step, const Moment& now);
  void apply_step(const End& step, const Moment& now);
  void apply_step(const Alive& step, const Moment& now);
  void apply_step(const Boot& step, const Moment& now);
  void apply_step(const Reserve& step, const Moment& now);
  void apply_step(const Unreserve& step, const Moment& now);
  void apply_step(const Cooled& step, const Moment& now);
  void apply_step(const ClockStepped& step, const Moment& now);
  void apply_step(const Erase& step, const Moment& now);
  void apply_step(const Forget& step, const Moment& now);
  void apply_step(const Rename& step, const Moment& now);
  void apply_step(const Restored& step, const Moment& now);
  void apply_step(const RulesChanged& step, const Moment& now);
  void apply_step(const Provided& step, const Moment& now);
  void apply_step(const Paid& step, const Moment& now);
  Ref begin_lease(const LeaseRecord& record, std::uint64_t owner_hash, const Moment& now);
  static void set_times(LeaseNode& node, WallTime started, WallTime renewed);
  void take_place(Kind kind, Ref lease, const Addresses& addresses);
  void leave_place(Kind kind, Ref lease, const End& step, const Moment& now);
  bool is_computed_for(std::string_view owner, const Place& place) const;
  void cool_identifier(const Place& place, std::uint64_t owner_hash, const Moment& now);
  void remove_lease(Ref lease);
  void arm(Ref lease, Milliseconds wait, const Moment& now);
  void remember(Ref owner, SlotNumber number);
  void unremember(SlotNumber number);
  void set_reservation(Ref owner, Kind kind, const Addresses& addresses, bool reserved);
  // Addresses that are freed at once, of those that have cooled, where there is time for it.
  static constexpr int kMostFreed = 1024;
  void advance(const Moment& now, int most = 1);
  // When an address that is given back now has cooled; 0 where nothing cools.
  static Tick cool_until(Milliseconds cool_down, const Moment& now) {
    return cool_down.count() == 0 ? 0 : tick_after(now.steady, cool_down);
  }
  void foresee_begin(const LeaseRecord& record, std::uint64_t owner_hash);
  void foresee_end(Ref lease) const;
  void foresee_identifier(Asking& asking) const;
  void foresee(const Place& place) const;

  // Addresses outside every pool; IPv4 as its number.
  using StrayKey = std::pair<Kind, Ipv6Prefix>;
  static StrayKey stray_key(Kind kind, const Addresses& addresses);

  // Looking at records
  Addresses addresses_of(Ref lease) const;
  LeaseRecord record_of(Ref lease) const;
  Place place_of(Kind kind, Ref lease) const;
  bool doomed(Ref lease) const {
    const LeaseNode& node = leases_.at(lease);
    return Generation{node.generation} < servers_.at(node.server).before;
  }
  // A place as something that only one proposal may change at a time.
  Key place_key(const Place& place) const;
  Ref holder_of(const Place& place) const;
  Ref holder_of(std::uint16_t group, std::uint64_t identifier) const;
  bool busy(Key key) const { return busy_.contains(key); }
  bool blocked(Proposal& proposal, Key key) const;  // the key is busy, and the proposal says so
  void hold(Key key, Proposal& proposal);
  void expect_server(std::string_view name, Proposal& proposal);  // one that is not known yet
  Key owner_key(Ref owner) const { return owners_.hash(owners_.name(owner)); }

  Policy policy_;
  SipKey key_;
  Serial serial_;  // the last one that was used
  Pools pools_;
  Owners owners_;
  Servers servers_;
  Leases leases_;
  Index by_identifier_;
  Reservations reservations_;
  CoolingIdentifiers cooling_identifiers_;
  Timers timers_;
  Debts debts_;
  boost::unordered_flat_set<Key> busy_;
  std::map<StrayKey, Ref> stray_holders_;  // of one kind no two overlap
  // Leases whose ids were made from earlier names of their owners, by the ids of today's.
  boost::unordered_flat_map<std::uint64_t, Ref> renamed_;
};

}  // namespace berth
