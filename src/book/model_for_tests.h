// model_for_tests.h - what a Book should do, in plain maps and plain words.
//
// The model is told of every call and its answer, one call at a time. It knows from the promises
// which answers are right: it says what is wrong with one that is not, and else does in its maps
// what the answer says. Written from docs/architecture.md and include/berth, not from the code
// that it judges; slow, and only for pools that can be listed.
//
//   Model model(plan, clock);
//   std::string complaint = model.assigned(request, book.assign(request));
//
// What the promises leave open (which of two equally old addresses, whether an address that had
// cooled cools again after a crash) the model leaves open too.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "berth/book.h"
#include "book/world_for_tests.h"
#include "core/change.h"
#include "core/kinds.h"

namespace berth::testing {

class Model {
 public:
  Model(const Plan& plan, const HandClock& clock) : clock_(clock) { adopt(plan); }

  // Each returns what is wrong with the answer, or nothing.
  [[nodiscard]] std::string assigned(const Request& request, const Result<Grant>& answer);
  [[nodiscard]] std::string released(const LeaseRef& which, Cause cause, const Done& answer);
  [[nodiscard]] std::string confirmed(const LeaseRef& which, const Done& answer);
  [[nodiscard]] std::string renewed(const LeaseRef& which, const Done& answer);
  [[nodiscard]] std::string booted(const std::string& server, const std::string& epoch,
                                   const Result<Booted>& answer);
  [[nodiscard]] std::string reserved(const std::string& user, const Addresses& addresses,
                                     const Done& answer);
  [[nodiscard]] std::string unreserved(const std::string& user, const Addresses& addresses,
                                       const Done& answer);
  [[nodiscard]] std::string erased(const std::string& user, const Done& answer);
  [[nodiscard]] std::string forgot(WallTime before, const Result<std::uint64_t>& answer);
  void ticked();
  // The Boot was written, and then the power went.
  void booted_half(const std::string& server, const std::string& epoch);
  // A new Book was opened on the same store.
  void restarted(const Plan& plan);

  // After commits that failed: the order of the queues is not promised any more.
  void expect_no_order() { ordered_ = false; }

  // Whether the Book shows what the model knows.
  [[nodiscard]] std::string leases_differ(const Book& book) const;
  [[nodiscard]] std::string history_differs(const Book& book) const;
  [[nodiscard]] std::string pools_differ(const Book& book) const;

  // For making up messages about leases that are, or were.
  struct Lease {
    LeaseId id;
    Generation generation;
    KeyKind key = KeyKind::session;
    State state = State::held;
    bool second = false;
    std::string owner, user, server, port, session;
    Addresses addresses;
    std::array<WallTime, kKinds> started{};
    WallTime renewed;
    WallTime last_start;  // of any kind that it ever had
    Milliseconds hold{0}, term{0};
    std::optional<SteadyTime> deadline;
  };
  [[nodiscard]] const std::vector<Lease>& leases() const { return leases_; }
  // Addresses that somebody reserved at some time: their turn in the queue is not promised.
  [[nodiscard]] const std::set<std::string>& ever_reserved() const { return ever_reserved_; }

 private:
  using Place = std::pair<Kind, Ipv6Prefix>;  // IPv4 as a host
  struct Known {                              // of one address
    std::size_t pool = kNoPool;               // today's
    std::string from;                         // who had it last
    bool remembered = false;                  // for that owner
    bool sure = false;                        // and no newer address took its place
    std::uint64_t last_use = 0;               // order of last use; 0: never
    SteadyTime cool_by{};                     // nobody else may have it before this
    SteadyTime free_by{};                     // and it must be free from then on
  };
  struct Row {  // of history, one address each
    Place place;
    WallTime started, ended;
    std::string owner, user, server, port, session;
    std::uint64_t generation = 0;
    Cause cause = Cause::released;
    std::uint64_t number = 0;  // of the row that it shares with others that began and ended as one
    auto operator<=>(const Row&) const = default;
  };
  struct KnownServer {
    std::string epoch;
    std::uint64_t before = 0;
  };
  struct Decision {
    std::vector<std::size_t> pools;
    SecondLogin second_login = SecondLogin::second;
    Milliseconds hold{0}, term{0};
  };
  static constexpr std::size_t kNoPool = 1'000'000;

  using Leavings = std::vector<std::pair<LeaseId, Cause>>;

  static std::string owner_of(const std::string& user) {
    std::string owner = user;
    for (char& c : owner) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return owner;
  }
  static Place place_of(Kind kind, const Addresses& addresses) {
    switch (kind) {
      case Kind::ipv4: return {kind, Ipv6Prefix::host(Ipv6(addresses.ipv4->bits()))};
      case Kind::ipv6: return {kind, *addresses.ipv6};
      case Kind::delegated: break;
    }
    return {kind, *addresses.delegated};
  }
  static bool overlap(const Place& a, const Place& b) {
    return (a.first == Kind::ipv4) == (b.first == Kind::ipv4) && a.second.overlaps(b.second);
  }
  static std::string text(const Place& place) {
    return place.first == Kind::ipv4
               ? Ipv4(static_cast<std::uint32_t>(place.second.address().bits())).to_string()
               : place.second.to_string();
  }

  void adopt(const Plan& plan);
  std::size_t pool_of(const Place& place) const;
  bool excluded(const Place& place) const;
  bool computed(const Place& place) const;
  bool takes_in(std::size_t pool) const {
    return plan_.pools[pool].intake == PoolPlan::Intake::open;
  }
  bool draining(std::size_t pool) const {
    return plan_.pools[pool].intake == PoolPlan::Intake::draining;
  }
  const ServerPlan* server_plan(const std::string& server) const;
  bool exclusive(const std::string& server) const;
  Decision decide(const std::string& owner) const;
  const std::string* reserved_for(const Place& place) const;
  const Lease* holder(const Place& place) const;
  Lease* holder(const Place& place);

  Lease* by_key(const Request& request, KeyKind key);
  Lease* on_port(const std::string& server, const std::string& port);
  bool doomed(const Lease& lease) const;
  Result<Lease*> find(const LeaseRef& which);
  std::string agree(const char* call, const Result<Lease*>& found, const Done& answer) const;

  std::string leave_for(const Request& request, const Lease* same, const Lease* grows,
                        const Decision& decision, Leavings& leaving);
  std::string judge(Kind kind, const Request& request, const Grant& grant, const Decision& decision,
                    const Leavings& leaving) const;
  std::string judge_turn(const Place& place, const Request& request, const Decision& decision,
                         Reason reason) const;
  std::string judge_refusal(const Request& request, const Error& error, const Decision& decision,
                            const Leavings& leaving, const Addresses& had) const;
  // An address of this kind that the owner must be able to get now, if there is one.
  std::optional<Place> to_be_had(Kind kind, const std::string& owner, const Decision& decision,
                                 const Leavings& leaving) const;
  std::optional<Place> sure_reservation(Kind kind, const std::string& owner,
                                        const Leavings& leaving) const;
  std::vector<Place> moving(Kind kind, const std::string& owner, const Decision& decision,
                            const Leavings& leaving) const;
  std::optional<Place> sure_last(Kind kind, const std::string& owner,
                                 const Decision& decision) const;
  enum class Sure : std::uint8_t { no, yes };
  bool at_home(std::size_t pool, const std::string& owner, Sure sure) const;
  std::optional<Place> sure_computed(std::size_t pool, const std::string& owner) const;
  bool surely_free(const Place& place, const Known& known) const;

  void end(Lease& lease, const Addresses& ending, Cause cause, bool cools);
  void end_due();
  void take(const Place& place);
  void arm(Lease& lease);

  bool ordered_ = true;
  const HandClock& clock_;
  Plan plan_;
  std::vector<Lease> leases_;
  std::map<Place, Known> known_;
  std::map<std::string, Addresses> reservations_;
  std::set<std::string> ever_reserved_;
  std::map<std::string, KnownServer> servers_;
  // The identifier of an owner in a pool; learned until somebody reserves one.
  std::map<std::pair<std::string, std::size_t>, Place> stable_;
  bool named_ = false;
  std::vector<Row> rows_;
  std::uint64_t row_numbers_ = 0;
  std::uint64_t uses_ = 0;
  std::uint64_t newest_ = 0;  // the largest generation that was ever told
};

}  // namespace berth::testing
