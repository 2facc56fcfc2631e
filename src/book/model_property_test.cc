// model_property_test.cc - millions of random calls, and a plain model that judges every answer.
//
// Each episode has a seed, a plan, a few users and small pools, so that pressure is high. It is
// the same every time: one caller, clocks moved by hand, chance from the seed. A failure names
// the seed and tells the calls that led to it.
//
//   BERTH_SEED=7 BERTH_OPERATIONS=100000000 BERTH_LOG=200 berth_book_test --gtest_filter='Model.*'
#include <iostream>
#include <sstream>

#include <gtest/gtest.h>

#include "book/disk_for_tests.h"
#include "book/local_book.h"
#include "book/model_for_tests.h"
#include "store/environment_for_tests.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

constexpr std::size_t kOwners = 10;
constexpr std::size_t kSessions = 8;
constexpr std::size_t kPorts = 4;
constexpr std::size_t kOperations = 2'000;  // of an episode
constexpr std::uint64_t kMillion = 1'000'000;

const char* const kServers[] = {"nas", "ras", "ppp"};

// What an episode is about.
struct Play {
  bool faults = false;     // commits fail, meet conflicts, or nobody knows
  bool new_plans = false;  // a restart may come with other settings
  bool on_disk = false;    // SQLite
};

Milliseconds some(Dice& dice, std::initializer_list<Milliseconds> of) {
  return *(of.begin() + dice.below(of.size()));
}

PoolPlan::Intake some_intake(Dice& dice) {
  if (!dice.one_in(8)) return PoolPlan::Intake::open;
  return dice.one_in(2) ? PoolPlan::Intake::hold_down : PoolPlan::Intake::draining;
}

SecondLogin some_second_login(Dice& dice) {
  return std::array{SecondLogin::second, SecondLogin::take_over,
                    SecondLogin::refuse}[dice.below(3)];
}

Plan some_plan(Dice& dice) {
  Plan plan;
  const auto add = [&](const char* name, const std::string& net, std::size_t most) -> PoolPlan& {
    PoolPlan pool = ipv4_pool(name, net + "10-" + net + std::to_string(11 + dice.below(most)));
    if (dice.one_in(2)) pool.exclude_ipv4 = {{*Ipv4Range::parse(net + "11"), ""}};
    pool.cool_down = some(dice, {0s, 1s, 30s});
    pool.intake = some_intake(dice);
    return plan.pools.emplace_back(std::move(pool));
  };
  PoolPlan& alpha = add("alpha", "10.0.0.", 8);
  alpha.delegated =
      PrefixPool{.from = {{prefix("2001:db8:d000::/53"), ""}}, .length = 56, .exclude = {}};
  alpha.identifiers = IdentifierPool{
      .prefix = prefix("2001:db8:a::/64"), .place = "", .exclude = {{InterfaceId(5), ""}}};
  PoolPlan& beta = add("beta", "10.0.1.", 4);
  beta.prefixes = PrefixPool{.from = {{prefix("2001:db8:b:8::/62"), ""}},
                             .length = 64,
                             .exclude = {{prefix("2001:db8:b:9::/64"), ""}}};
  PoolPlan& gamma = add("gamma", "10.0.2.", 4);
  gamma.identifiers = IdentifierPool{.prefix = prefix("2001:db8:c::/64"),
                                     .place = "",
                                     .choice = dice.one_in(2) ? IdentifierPool::Choice::sequential
                                                              : IdentifierPool::Choice::stable,
                                     .exclude = {}};

  plan.second_login = some_second_login(dice);
  plan.hold_time = some(dice, {1s, 20s, 20min});
  plan.lease_time = some(dice, {0s, 10s, 20min});
  if (dice.one_in(2)) {
    plan.rules.push_back({.name = "few",
                          .match = {.owners = {"u0", "u1", "u2"}},
                          .pools = {"beta", "alpha"},
                          .second_login = some_second_login(dice),
                          .hold_time = 10s,
                          .lease_time = some(dice, {0s, 5s})});
    plan.rules.push_back(
        {.name = "all", .pools = {"gamma", "alpha"}, .second_login = some_second_login(dice)});
  }
  plan.servers = {{.name = "ras", .exclusive_ports = true, .confirms = false},
                  {.name = "ppp", .exclusive_ports = true, .confirms = true}};
  return plan;
}

class Episode {
 public:
  Episode(std::uint64_t seed, Play play)
      : play_(play), dice_(seed), disk_(seed), plan_(some_plan(dice_)), model_(plan_, clock_) {
    if (play.faults) {
      model_.expect_no_order();
      disk_.faults = {.refused = 10, .conflict = 30, .unknown = 10, .unsettled = 300};
    }
  }

  // What is wrong, or nothing. The log, where one is given, tells all calls.
  std::string run(std::vector<std::string>* log) {
    log_ = log;
    open();
    for (std::size_t i = 0; i < kOperations && wrong_.empty(); ++i) {
      step();
      const std::size_t look = log == nullptr ? 16 : 1;  // sooner, when somebody wants to know
      if (i % look == 0) complain(model_.leases_differ(*book_));
      if (i % look == 0) complain(model_.pools_differ(*book_));
      if (i % 512 == 0) complain(model_.history_differs(*book_));
    }
    complain(model_.leases_differ(*book_));
    complain(model_.history_differs(*book_));
    if (wrong_.empty()) restart_unchanged();
    return wrong_;
  }

 private:
  void tell(const std::string& line) {
    if (log_ != nullptr) log_->push_back(line);
  }
  void complain(const std::string& wrong) {
    if (wrong_.empty()) wrong_ = wrong;
  }
  static bool failed(const Error& error) {
    return error.code == Code::store_unavailable || error.code == Code::store_full ||
           (error.code == Code::conflict && error.what.starts_with("another node"));
  }

  void open() {
    without_faults([this] {
      auto opened =
          LocalBook::open(plan_, [this] { return open_store(); }, {clock_, Upkeep::by_tick});
      ASSERT_TRUE(opened) << opened.error().what;
      book_ = *std::move(opened);
    });
  }
  Result<std::unique_ptr<Store>> open_store() {
    if (!play_.on_disk) return disk_.open();
    if (!files_) files_.emplace();
    return open_sqlite_store({.path = files_->path(), .chance = &dice_});
  }

  void step();
  void assign();
  void release();
  void alive();
  void reserve();
  void boot();
  void erase();
  void move_clock();
  void crash();
  void reopen();
  void restart_unchanged();

  // Makes a call until the store has said whether it was done.
  template <class Call, class Done>
  auto settled(Call&& call, Done&& if_done) {
    for (;;) {
      auto answer = call();
      if (answer || !failed(answer.error())) return answer;
      tell("  " + answer.error().what);
      const bool done = answer.error().code == Code::store_unavailable && disk_.wrote_last();
      without_faults([this] { book_->tick(); });
      if (done) return if_done();
    }
  }
  template <class Call>
  void without_faults(Call&& call) {
    const Faults faults = std::exchange(disk_.faults, {});
    call();
    disk_.faults = faults;
  }

  std::string user() {
    return (dice_.one_in(4) ? "U" : "u") + std::to_string(dice_.below(kOwners));
  }
  std::string session() { return "s" + std::to_string(dice_.below(kSessions)); }
  std::string port() { return "p" + std::to_string(dice_.below(kPorts)); }
  std::string server() { return kServers[dice_.below(std::size(kServers))]; }
  Want want() { return std::array{Want::no, Want::optional, Want::required}[dice_.below(3)]; }
  Ipv4 some_ipv4() {
    return Ipv4(ip("10.0.0.9").bits() + static_cast<std::uint32_t>(256 * dice_.below(3)) +
                static_cast<std::uint32_t>(dice_.below(10)));
  }
  Request some_request();
  Addresses some_addresses();
  LeaseRef some_ref();

  Play play_;
  Dice dice_;
  HandClock clock_;
  Disk disk_;
  std::optional<StoreFiles> files_;
  Plan plan_;
  Model model_;
  std::unique_ptr<LocalBook> book_;
  std::vector<Model::Lease> seen_;  // some leases of before: what late messages are about
  std::vector<std::string>* log_ = nullptr;
  std::string wrong_;
  std::uint64_t epochs_ = 0;
};

// --- Making things up ---

Request Episode::some_request() {
  Request request{.user = user(), .server = server()};
  const std::size_t shape = dice_.below(4);
  if (shape != 0) request.session = session();
  if (shape != 1) request.port = port();
  do {
    request.ipv4 = want();
    request.ipv6 = want();
    request.delegated = want();
  } while (request.ipv4 == Want::no && request.ipv6 == Want::no && request.delegated == Want::no);
  if (dice_.one_in(6)) request.proposed_ipv4 = some_ipv4();
  return request;
}

Addresses Episode::some_addresses() {
  Addresses some;
  if (dice_.one_in(2)) some.ipv4 = some_ipv4();
  switch (dice_.below(6)) {
    case 0:
      some.ipv6 = Ipv6Prefix::around(
          Ipv6(prefix("2001:db8:b:8::/62").address().bits() + (Uint128{dice_.below(4)} << 64)), 64);
      break;
    case 1:
      some.ipv6 = Ipv6Prefix::host(
          Ipv6(prefix(dice_.one_in(2) ? "2001:db8:a::/64" : "2001:db8:c::/64").address().bits() +
               dice_.below(8)));
      break;
    case 2:
      for (const Model::Lease& each : seen_) {
        if (each.addresses.ipv6 && dice_.one_in(4)) some.ipv6 = each.addresses.ipv6;
      }
      break;
    case 3:
      some.delegated = Ipv6Prefix::around(
          Ipv6(prefix("2001:db8:d000::/53").address().bits() + (Uint128{dice_.below(8)} << 72)),
          56);
      break;
    default: break;
  }
  if (some.empty()) some.ipv4 = some_ipv4();
  return some;
}

// A message about a lease that is, or was; what it says besides may be wrong.
LeaseRef Episode::some_ref() {
  const auto& live = model_.leases();
  Model::Lease about;
  if (!live.empty() && !dice_.one_in(4)) {
    about = live[dice_.below(live.size())];
  } else if (!seen_.empty()) {
    about = seen_[dice_.below(seen_.size())];
  }
  if (seen_.size() < 32) {
    seen_.push_back(about);
  } else {
    seen_[dice_.below(seen_.size())] = about;
  }
  LeaseRef which;
  switch (dice_.below(4)) {
    case 0:
      which.id = about.id;
      which.generation = about.generation;
      break;
    case 1:
      which.server = about.server;
      which.session = about.session.empty() ? session() : about.session;
      break;
    case 2:
      which.server = about.server;
      which.port = about.port;
      which.user = about.user;
      break;
    default: which.ipv4 = about.addresses.ipv4 ? *about.addresses.ipv4 : some_ipv4(); break;
  }
  if (dice_.one_in(4)) which.user = dice_.one_in(2) ? about.user : user();
  if (dice_.one_in(6)) which.generation = about.generation;
  if (dice_.one_in(8)) which.session = session();
  if (dice_.one_in(4)) {
    which.session_started = clock_.wall() - std::chrono::seconds(dice_.below(30));
  }
  return which;
}

// --- The calls ---

std::string text(const LeaseRef& which) {
  return (which.id ? "id " + std::to_string(which.id->value) + " " : "") +
         (which.generation ? "generation " + std::to_string(which.generation->value) + " " : "") +
         which.user + " " + which.server + "/" + which.port + "/" + which.session + " " +
         (which.ipv4 ? which.ipv4->to_string() : "") +
         (which.kind ? " " + std::string(kind_name(*which.kind)) : "") +
         (which.session_started ? " began " + format_time(*which.session_started) : "");
}

template <class T>
std::string code_of(const Result<T>& answer) {
  return answer ? "done" : std::string(code_name(answer.error().code));
}

void Episode::step() {
  const std::size_t throw_of = dice_.below(1000);
  if (throw_of < 430) return assign();
  if (throw_of < 650) return release();
  if (throw_of < 800) return alive();
  if (throw_of < 960) return move_clock();
  if (throw_of < 975) return reserve();
  if (throw_of < 988) return boot();
  if (throw_of < 991) return erase();
  crash();
}

void Episode::assign() {
  const Request request = some_request();
  const bool ask = play_.faults || dice_.one_in(8);
  const auto explained = ask ? book_->explain(request) : fail(Code::invalid, "");
  const std::uint64_t commits = disk_.commits();
  Result<Grant> answer =
      settled([&] { return book_->assign(request); },
              [&]() -> Result<Grant> {
                LeaseRef which{.server = request.server, .session = request.session};
                if (request.session.empty()) {
                  which.port = request.port;
                  which.user = request.user;
                }
                const Result<Lease> lease = book_->find(which);
                if (!lease) return std::unexpected(lease.error());
                Grant grant = *explained->outcome;
                grant.id = lease->id;
                grant.generation = lease->generation;
                grant.addresses = lease->addresses;
                return grant;
              });
  tell("assign " + request.user + " " + request.server + "/" + request.port + "/" +
       request.session + ": " +
       (answer ? answer->addresses.to_string() + " generation " +
                     std::to_string(answer->generation.value)
               : code_of(answer)));
  if (ask && disk_.commits() <= commits + 1) {  // else it was chosen once more
    if (!explained || explained->outcome.has_value() != answer.has_value()) {
      return complain("explain said otherwise than assign");
    }
    if (answer) {
      Grant grant = *answer;
      grant.id = {};
      grant.generation = {};
      if (*explained->outcome != grant) {
        return complain("explain said " + explained->outcome->addresses.to_string());
      }
    } else if (explained->outcome.error() != answer.error()) {
      return complain("explain said " + explained->outcome.error().what);
    }
  }
  complain(model_.assigned(request, answer));
}

void Episode::release() {
  LeaseRef which = some_ref();
  if (dice_.one_in(3)) which.kind = kAllKinds[dice_.below(kKinds)];
  const Done answer =
      settled([&] { return book_->release(which, Cause::released); }, [] { return Done{}; });
  tell("release " + text(which) + ": " + code_of(answer));
  complain(model_.released(which, Cause::released, answer));
}

void Episode::alive() {
  const LeaseRef which = some_ref();
  if (dice_.one_in(2)) {
    const Done answer = settled([&] { return book_->confirm(which); }, [] { return Done{}; });
    tell("confirm " + text(which) + ": " + code_of(answer));
    return complain(model_.confirmed(which, answer));
  }
  const Done answer = settled([&] { return book_->renew(which); }, [] { return Done{}; });
  tell("renew " + text(which) + ": " + code_of(answer));
  complain(model_.renewed(which, answer));
}

void Episode::reserve() {
  const std::string who = user();
  without_faults([&] {
    if (dice_.one_in(2)) {
      const Addresses addresses = some_addresses();
      const Done answer = book_->reserve(who, addresses);
      tell("reserve " + addresses.to_string() + " for " + who + ": " + code_of(answer));
      complain(model_.reserved(who, addresses, answer));
    } else {
      const Addresses addresses = dice_.one_in(4) ? some_addresses() : Addresses{};
      const Done answer = book_->unreserve(who, addresses);
      tell("unreserve " + who + " " + addresses.to_string() + ": " + code_of(answer));
      complain(model_.unreserved(who, addresses, answer));
    }
  });
}

void Episode::boot() {
  const std::string who = server();
  if (!dice_.one_in(3)) ++epochs_;
  const std::string epoch = std::to_string(epochs_);
  without_faults([&] {
    const Result<Booted> answer = book_->server_booted(who, epoch);
    tell("boot " + who + " " + epoch + ": " + code_of(answer));
    complain(model_.booted(who, epoch, answer));
  });
}

void Episode::erase() {
  without_faults([&] {
    if (dice_.one_in(4)) {
      const WallTime before = clock_.wall() - std::chrono::minutes(dice_.below(60));
      return complain(model_.forgot(before, book_->forget_history(before)));
    }
    const std::string who = user();
    const Done answer = book_->erase_owner(who);
    tell("erase " + who + ": " + code_of(answer));
    complain(model_.erased(who, answer));
  });
}

void Episode::move_clock() {
  const Milliseconds by = some(dice_, {125ms, 250ms, 1s, 4s, 30s, 10min});
  clock_.advance(by);
  tell("advance " + format_duration(by));
  if (dice_.one_in(40)) {
    const Milliseconds jump = some(dice_, {-2h, -3s, 3s, 24h});
    clock_.jump(jump);
    tell("the wall clock jumps");
  }
  if (!play_.faults && dice_.one_in(4)) return;  // the thread was late
  without_faults([this] { book_->tick(); });
  tell("tick");
  model_.ticked();
}

// --- The end, and a new beginning ---

void Episode::reopen() {
  book_.reset();
  disk_.mend();
  if (dice_.one_in(2)) disk_.fold();
  open();
  model_.restarted(plan_);
}

void Episode::crash() {
  if (play_.on_disk) {
    tell("restart");
    return reopen();
  }
  const Faults faults = std::exchange(disk_.faults, {});
  if (dice_.one_in(4)) {
    // The server had booted, but the power went before its leases had ended.
    disk_.cut_after(1);
    const std::string who = server();
    const std::string epoch = std::to_string(++epochs_);
    clock_.jump(0ms);
    static_cast<void>(book_->explain({.user = "u0", .server = who}));  // notes a clock jump
    const Result<Booted> answer = book_->server_booted(who, epoch);
    tell("boot " + who + " " + epoch + ", then the power goes");
    if (!answer || answer->ended == 0) model_.booted_half(who, epoch);
  } else if (dice_.one_in(2)) {
    disk_.cut();
    const Request request = some_request();
    const Result<Grant> answer = book_->assign(request);
    tell("the power goes: " + code_of(answer));
    if (answer) complain(model_.assigned(request, answer));  // a retry
  } else {
    tell("restart");
  }
  if (play_.new_plans && dice_.one_in(2)) {
    Plan other = some_plan(dice_);
    other.servers = plan_.servers;
    plan_ = std::move(other);
    tell("with new settings");
  }
  reopen();
  // Settling an unknown outcome ends what is due: let that be nothing.
  if (play_.faults) {
    book_->tick();
    model_.ticked();
  }
  disk_.faults = faults;
}

// The queues of a fingerprint, group by group, without those addresses whose turn is open.
using Queues = std::vector<std::vector<std::pair<std::string, std::string>>>;
Queues queues_of(const std::string& fingerprint, const std::set<std::string>& open) {
  Queues queues;
  std::size_t at = fingerprint.find("\nqueue 0");
  while (at != std::string::npos && at + 1 < fingerprint.size()) {
    const std::size_t end = fingerprint.find('\n', at + 1);
    std::istringstream line(fingerprint.substr(at + 1, end - at - 1));
    std::string word;
    line >> word >> word;
    auto& queue = queues.emplace_back();
    while (line >> word) {
      // "10.0.0.7/32/ana" is an address and an owner behind the last slash
      const std::size_t slash = word.rfind('/');
      if (!open.contains(word.substr(0, slash))) {
        queue.emplace_back(word.substr(0, slash), word.substr(slash + 1));
      }
    }
    at = end;
  }
  return queues;
}

// A start brings back the same state, but for cool-downs: so all of them are over before.
void Episode::restart_unchanged() {
  const auto cooled = [this] {
    clock_.advance(10min);
    static_cast<void>(book_->explain({.user = "u0", .server = "nas"}));
    return book_->fingerprint();
  };
  const std::string before = cooled();
  reopen();
  const std::string after = cooled();
  const auto leases = [&](const std::string& text) {
    const std::size_t from = play_.faults ? text.find('\n') : 0;  // a serial may have been lost
    return text.substr(from, text.find("\nqueue 0") - from);
  };
  if (leases(before) != leases(after)) {
    return complain("after a start the state is another:\n" + leases(before) + "\nand then\n" +
                    leases(after));
  }
  if (play_.faults) return;  // what failed has moved queues
  const Queues was = queues_of(before, model_.ever_reserved());
  const Queues is = queues_of(after, model_.ever_reserved());
  for (std::size_t i = 0; i < was.size(); ++i) {
    const bool same =
        was[i].size() == is[i].size() &&
        std::equal(was[i].begin(), was[i].end(), is[i].begin(), [](const auto& a, const auto& b) {
          // An owner may get an older last address back.
          return a.first == b.first && (a.second.empty() || a.second == b.second);
        });
    if (!same) return complain("after a start a queue is another:\n" + before + "\n" + after);
  }
}

void play_episodes(const char* name, Play play, std::uint64_t operations) {
  const std::uint64_t first = number_from_environment("BERTH_SEED", 1);
  // What is asked for is of the first test; the others take their part.
  operations = operations * number_from_environment("BERTH_OPERATIONS", kMillion) / kMillion;
  const std::uint64_t episodes = (operations + kOperations - 1) / kOperations;
  std::cout << name << ": " << episodes << " episodes from seed " << first << "\n" << std::flush;
  for (std::uint64_t seed = first; seed < first + episodes; ++seed) {
    if (Episode(seed, play).run(nullptr).empty()) continue;
    std::vector<std::string> log;
    const std::string wrong = Episode(seed, play).run(&log);
    std::string calls;
    const std::size_t most = number_from_environment("BERTH_LOG", 40);
    for (std::size_t i = log.size() > most ? log.size() - most : 0; i < log.size(); ++i) {
      calls += "\n  " + log[i];
    }
    FAIL() << "seed " << seed << ", after " << log.size() << " calls: " << wrong << calls;
  }
}

TEST(Model, EveryAnswerIsRight) { play_episodes("answers", {}, kMillion); }
TEST(Model, EveryAnswerIsRightAfterNewSettings) {
  play_episodes("settings", {.new_plans = true}, 500'000);
}
TEST(Model, EveryAnswerIsRightOnAStoreThatFails) {
  play_episodes("faults", {.faults = true}, 500'000);
}
TEST(Model, EveryAnswerIsRightOnSqlite) { play_episodes("sqlite", {.on_disk = true}, 4'000); }

}  // namespace
}  // namespace berth::testing
