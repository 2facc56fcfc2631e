// host.cc - one action after the other, and what each should have led to.
#include "rashost/host.h"

#include <chrono>
#include <set>

#include "core/utf16.h"
#include "rashost/boot_epoch.h"
#include "rashost/trace.h"

namespace berth::ras {
namespace {

// The same numbers on every system for one seed: splitmix64, by Sebastiano Vigna, in the public
// domain.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t n) {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (z ^ (z >> 31)) % n;
  }

 private:
  std::uint64_t state_;
};

// Leases that are counted when there should be none.
constexpr std::size_t kMostCounted = 10'000;

std::u16string numbered(std::u16string_view prefix, std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::u16string(prefix) + std::u16string(digits.begin(), digits.end());
}

std::string plain(const std::u16string& text) { return utf8_of(text).value_or("?"); }

}  // namespace

Host::Host(Registration registration, LoadOptions options, OnCall on_call, OnEvent on_event,
           std::optional<Settings> settings)
    : registration_(std::move(registration)),
      options_(std::move(options)),
      on_call_(std::move(on_call)),
      on_event_(std::move(on_event)),
      settings_(std::move(settings)) {
  options_.chain.observer = [this](const Made& made) { heard(made); };
  if (!settings_) return;
  // As RAS is, where the settings do not say otherwise: the first that matches counts.
  settings_->plan.servers.push_back(
      {.name = settings_->ras.server, .place = "", .exclusive_ports = true, .confirms = false});
}

Host::~Host() { die(); }

void Host::heard(const Made& made) {
  on_call_(++judged_.calls, made);
  for (const std::string& fault : faults_of(made)) find(fault);
}

void Host::find(const std::string& finding) {
  ++judged_.finding_count;
  if (judged_.findings.size() == Judged::kMostFindings) return;
  judged_.findings.push_back(line_ == 0 ? finding
                                        : "line " + std::to_string(line_) + ": " + finding);
}

// --- The service ---

// Another one for each start, of this host or of any other on this machine.
std::string Host::next_epoch() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return "rashost-" + std::to_string(now.count()) + "-" + std::to_string(++starts_);
}

Loaded<void> Host::start(const Scenario& scenario) {
  ipv6_prefix_ = scenario.ipv6_prefix;
  const std::string epoch = next_epoch();
  hand_over_boot_epoch(epoch);
  Loaded<LoadedChain> loaded = load_chain(registration_, options_);
  if (!loaded) return std::unexpected(loaded.error());
  chain_ = std::move(loaded->chain);
  if (!settings_) {
    pool_ = std::make_unique<StaticPool>(scenario.pool, scenario.server);
    source_ = pool_.get();
    return {};
  }
  if (Done opened = open_book(scenario, epoch); !opened) {
    die();
    return std::unexpected(Refusal{.rule = {},
                                   .module = {},
                                   .callout = {},
                                   .what = opened.error().what,
                                   .remedy = opened.error().remedy});
  }
  return {};
}

// What was connected before this start is over, and modules hear of what they asked to hear of.
Done Host::open_book(const Scenario& scenario, const std::string& epoch) {
  Result<std::unique_ptr<Book>> book = Book::open(
      settings_->plan, {.path = settings_->store, .on_event = [this](const Event& event) {
                          const std::lock_guard lock(events_mutex_);
                          events_.push_back(event_text(event));
                        }});
  if (!book) return std::unexpected(book.error());
  book_ = *std::move(book);
  const OnTrouble on_trouble = [this](const std::string& what) { find(what); };
  std::vector<Ipv4> own = settings_->ras.own;
  own.push_back(scenario.server);
  book_source_ =
      std::make_unique<BookSource>(*book_, BookSourceOptions{.server = settings_->ras.server,
                                                             .own = std::move(own),
                                                             .ipv6_prefix = scenario.ipv6_prefix,
                                                             .foreign = settings_->ras.foreign,
                                                             .on_trouble = on_trouble});
  source_ = book_source_.get();
  administered_.ask(book_.get(), settings_->ras.server);
  const Result<Booted> booted = book_->server_booted(settings_->ras.server, epoch);
  if (!booted) return std::unexpected(booted.error());
  const Result<std::size_t> made = make_owed_releases(*book_, *chain_, on_trouble);
  if (!made) return std::unexpected(made.error());
  return {};
}

void Host::tell_events() {
  std::vector<std::string> events;
  {
    const std::lock_guard lock(events_mutex_);
    events.swap(events_);
  }
  for (const std::string& each : events) on_event_(each);
}

void Host::stop() {
  connections_.clear();
  std::size_t held = pool_ ? pool_->held() : 0;
  if (book_) {
    if (const auto made = make_owed_releases(*book_, *chain_, [](const std::string&) {}); !made) {
      find("the store does not say which Releases are owed: " + made.error().what);
    }
    if (const auto live = book_->leases("", settings_->ras.server, kMostCounted)) {
      held = live->size();
    }
  }
  if (held != 0) find(std::to_string(held) + " addresses are held though nobody is connected");
  if (chain_) chain_->terminate();
  die();
}

// Nobody hears of it.
void Host::die() {
  for (auto& [name, connection] : connections_) connection->abandon();
  connections_.clear();
  chain_.reset();
  source_ = nullptr;
  pool_.reset();
  book_source_.reset();
  administered_.ask(nullptr);
  book_.reset();  // its thread tells no more
  tell_events();
}

Loaded<Judged> Host::play(const Scenario& scenario) {
  judged_ = {};
  line_ = 0;
  if (const Loaded<void> started = start(scenario); !started) {
    return std::unexpected(started.error());
  }
  for (const Action& action : scenario.actions) {
    line_ = action.line;
    drop_asked({});
    if (const auto* restart = std::get_if<Restart>(&action.what)) {
      restart->killed ? die() : stop();
      on_event_(restart->killed ? "the RAS side is killed and starts again"
                                : "the service restarts");
      if (const Loaded<void> started = start(scenario); !started) {
        return std::unexpected(started.error());
      }
      continue;
    }
    std::visit(
        [this](const auto& what) {
          if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(what)>, Restart>) act(what);
        },
        action.what);
    tell_events();
  }
  line_ = 0;
  stop();
  return judged_;
}

// --- Connections ---

Connection* Host::connection(const std::string& name) {
  const auto found = connections_.find(name);
  if (found != connections_.end()) return found->second.get();
  find("there is no connection " + name + " that is up");
  return nullptr;
}

LinkFacts Host::link(const std::u16string& port) {
  LinkFacts facts;
  facts.port = Handle{++handles_};
  facts.port_name = port;
  facts.media_name = u"rastapi";
  facts.device_name = u"WAN Miniport";
  facts.device_type = u"vpn";
  return facts;
}

void Host::act(const Connect& connect) {
  administered_.know(connect.user);
  ConnectionFacts facts;
  facts.handle = Handle{++handles_};
  facts.user = connect.user;
  facts.domain = connect.domain;
  facts.remote_computer = connect.computer;
  facts.tunnel = connect.tunnel;
  facts.ipv6_prefix = ipv6_prefix_;
  const std::string what = "the connection " + connect.name + " of " + plain(connect.user);
  auto begun = Connection::begin(*chain_, *source_, std::move(facts), link(connect.port),
                                 connect.wanted, &administered_.live());
  if (!begun) {
    ++judged_.refused;
    judge_refused(what, connect.expected, begun.error());
    return;
  }
  ++judged_.came_up;
  judge_up(what, connect.expected, (*begun)->facts());
  connections_[connect.name] = *std::move(begun);  // one of this name before it ends
}

void Host::act(const Preauthenticate& client) {
  const PreauthenticationFacts facts{.connection = Handle{++handles_},
                                     .user = client.user,
                                     .domain = client.domain,
                                     .info = client.info};
  const Verdict verdict = chain_->validate(facts);
  const std::string what = "the preauthentication of " + plain(client.user);
  if (verdict.accepted && client.expected.what == Expected::What::refused) {
    find(what + " was let pass, and should have been refused");
  } else if (!verdict.accepted && client.expected.what == Expected::What::up) {
    find(what + " was refused by module " + verdict.refused->path() + " (R96)");
  }
}

void Host::act(const AddLink& add) {
  Connection* const found = connection(add.name);
  if (found == nullptr) return;
  const auto added = found->add_link(link(add.port));
  judge("the link " + plain(add.port) + " of " + add.name, add.expected, added, found->facts());
}

void Host::act(const DropLink& drop) {
  Connection* const found = connection(drop.name);
  if (found == nullptr) return;
  for (const LinkFacts& each : found->links()) {
    if (each.port_name != drop.port) continue;
    static_cast<void>(found->drop_link(each.port));
    if (!found->is_up()) connections_.erase(drop.name);
    return;
  }
  find(drop.name + " has no link on " + plain(drop.port));
}

void Host::act(const Reauthenticate& again) {
  Connection* const found = connection(again.name);
  if (found == nullptr) return;
  const auto outcome = found->reauthenticate(again.state);
  judge("the reauthentication of " + again.name, again.expected, outcome, found->facts());
  if (!found->is_up()) connections_.erase(again.name);
}

void Host::act(const Move& move) {
  Connection* const found = connection(move.name);
  if (found == nullptr) return;
  const auto outcome = found->change_endpoint(move.client, move.server);
  judge("the change of endpoint of " + move.name, move.expected, outcome, found->facts());
}

bool Host::hang_up(const std::string& name) { return connections_.erase(name) != 0; }

void Host::act(const HangUp& hang_up) {
  if (hang_up.name.empty()) {
    connections_.clear();
  } else if (!this->hang_up(hang_up.name)) {
    find("there is no connection " + hang_up.name + " that is up");
  }
}

// Who comes to a port that is taken finds it free: its user has left.
void Host::act(const Random& random) {
  Dice dice(random.seed);
  for (std::uint64_t made = 0; made < random.connections;) {
    const std::uint64_t port = dice.below(random.ports);
    const std::string name = "random " + std::to_string(port);
    if (hang_up(name)) continue;
    ++made;
    act(Connect{.name = name,
                .user = numbered(u"user", dice.below(random.users)),
                .domain = {},
                .computer = {},
                .port = numbered(u"VPN2-", port),
                .wanted = random.wanted,
                .tunnel = Tunnel::ppp,
                .expected = {}});
    const auto begun = connections_.find(name);
    if (begun == connections_.end() || dice.below(8) != 0) continue;
    // What comes of it is the modules' to say.
    const auto added = begun->second->add_link(link(numbered(u"VPN3-", port)));
    judge("the link of " + name, {}, added, begun->second->facts());
  }
  for (std::uint32_t port = 0; port < random.ports; ++port) {
    static_cast<void>(hang_up("random " + std::to_string(port)));
  }
}

void Host::act(const Wait& wait) {
  const auto until = std::chrono::steady_clock::now() + wait.most;
  while (!connections_.empty() && std::chrono::steady_clock::now() < until) drop_asked(until);
}

// What administrators want to end.
void Host::drop_asked(std::chrono::steady_clock::time_point until) {
  for (const Handle port : administered_.take(until)) {
    for (auto each = connections_.begin(); each != connections_.end(); ++each) {
      if (!each->second->drop_link(port)) continue;
      if (!each->second->is_up()) connections_.erase(each);
      break;
    }
  }
}

// --- Judging ---

void Host::judge_up(const std::string& what, const Expected& expected,
                    const ConnectionFacts& facts) {
  if (expected.what == Expected::What::refused) {
    return find(what + " came up, and should have been refused");
  }
  const auto check = [&](const std::optional<CalloutAddress>& wanted, const Negotiated& got,
                         Family family) {
    if (wanted && got.client != *wanted) {
      find(what + " has " + got.client.to_string(family) + ", and should have " +
           wanted->to_string(family));
    }
  };
  check(expected.ipv4, facts.ipv4, Family::ipv4);
  check(expected.ipv6, facts.ipv6, Family::ipv6);
}

void Host::judge_refused(const std::string& what, const Expected& expected, const Failed& failed) {
  if (expected.what == Expected::What::up) {
    return find(what + " was refused: " + failed.what + " (" + failed.rule + ", error " +
                std::to_string(failed.code) + ")");
  }
  if (expected.code && *expected.code != failed.code) {
    find(what + " was refused with error " + std::to_string(failed.code) + ", and should be with " +
         std::to_string(*expected.code) + ": " + failed.what);
  }
}

void Host::judge(const std::string& what, const Expected& expected,
                 const std::expected<void, Failed>& outcome, const ConnectionFacts& facts) {
  outcome ? judge_up(what, expected, facts) : judge_refused(what, expected, outcome.error());
}

}  // namespace berth::ras
