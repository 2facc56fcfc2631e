// synthesis.cc - one heap of what comes next, and what each step of a session leads to.
#include "play/synthesis.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "play/dice.h"
#include "play/people.h"

namespace berth::play {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

// How often a RADIUS-like server says that a session is still up.
constexpr Milliseconds kInterim = 1h;
// A session that a boot cuts short is taken up again if there was more than this left of it.
constexpr Milliseconds kWorthRedialling = 5min;
constexpr std::uint64_t kAtHome = 880;  // of 1000 sessions: on the favourite server

using Slot = std::uint32_t;  // of a session

// What happens at a moment.
struct Step {
  enum class What : std::uint8_t { visit, retry, confirm, renew, hang_up, stop, boot, boot_again };
  WallTime at;
  What what = What::visit;
  std::uint32_t user = 0;  // of a visit
  Milliseconds length{0};  // of a visit
  std::uint32_t day = 0;   // of a planned visit, and which of that day
  std::uint32_t visit = 0;
  bool planned = false;
  Slot session = 0;          // of what happens in a session
  std::uint32_t server = 0;  // of a boot
  std::uint64_t order = 0;   // of two at the same moment, the one that was thought of first

  bool operator>(const Step& other) const {
    return std::pair(at, order) > std::pair(other.at, other.order);
  }
};

struct Session {
  std::uint32_t user = 0;
  std::uint32_t server = 0;
  int port = -1;  // on a server with exclusive ports, while it is taken
  std::string port_name;
  std::string id;
  std::string name;  // as the server spells it
  bool contractor = false;
  WallTime began;
  WallTime end;
  bool up = true;    // until it is hung up
  bool cut = false;  // by a boot: nothing more is said about it
  int steps = 0;     // that are still to come; without any, the slot is free
};

// One access server.
struct Server {
  std::string name;
  bool like_rras = false;
  std::uint32_t boots = 0;
  std::uint32_t sessions = 0;  // since the boot
  std::string epoch;
  int ports = 0;  // ever used since the boot
  std::priority_queue<int, std::vector<int>, std::greater<>> free_ports;

  int take_port() {
    if (free_ports.empty()) return ports++;
    const int port = free_ports.top();
    free_ports.pop();
    return port;
  }
};

std::string hex(std::uint32_t value, int digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += kDigits[(value >> shift) & 15];
  }
  return text;
}

bool is_weekend(WallTime time) {
  const std::chrono::weekday day{std::chrono::floor<std::chrono::days>(time)};
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

Done check(std::string_view what, std::uint32_t number, std::uint32_t most) {
  if (number >= 1 && number <= most) return {};
  return fail(Code::invalid,
              std::to_string(number) + " " + std::string(what) + " cannot be synthesised",
              "1 to " + std::to_string(most) + " can");
}

}  // namespace

struct Synthesis::World {
  World(const SynthesisOptions& asked, const Troubles& wrong);

  // The steps of a session, in the order of its life. Each may make an event.
  bool visit(const Step& step, Event& event);
  bool hang_up(const Step& step, Event& event);
  bool tell(const Step& step, EventKind kind, Event& event);
  bool boot(const Step& step, Event& event);
  bool boot_again(const Step& step, Event& event);

  bool act(const Step& step, Event& event);
  void plan_visit(std::uint32_t user, std::uint32_t day, std::uint32_t visit);
  void plan_session(Slot slot);
  void plan_boots();
  void schedule(Step step);
  void in_session(Slot slot, WallTime at, Step::What what);
  Slot open_session(const Step& step);
  void free_port(Session& session);
  void step_done(Slot slot);
  Spelling spelling(const Session& session);
  seconds some(seconds low, seconds high) {
    return seconds(dice.between(low.count(), high.count()));
  }

  SynthesisOptions options;
  Troubles troubles;
  WallTime end;
  WallTime now;
  Dice dice;
  std::uint64_t next_order = 0;
  std::priority_queue<Step, std::vector<Step>, std::greater<>> steps;
  std::vector<Server> servers;
  std::vector<Session> sessions;
  std::vector<Slot> free_slots;
};

Result<std::unique_ptr<Synthesis>> Synthesis::make(const SynthesisOptions& options,
                                                   const Troubles& troubles) {
  if (Done done = check("users", options.users, kMostUsers); !done) {
    return std::unexpected(done.error());
  }
  if (Done done = check("servers", options.servers, kMostServers); !done) {
    return std::unexpected(done.error());
  }
  if (Done done = check("days", options.days, kMostDays); !done) {
    return std::unexpected(done.error());
  }
  return std::unique_ptr<Synthesis>(new Synthesis(std::make_unique<World>(options, troubles)));
}

Synthesis::Synthesis(std::unique_ptr<World> world) : world_(std::move(world)) {}
Synthesis::~Synthesis() = default;

Result<bool> Synthesis::next(Event& event) {
  World& world = *world_;
  while (!world.steps.empty() && world.steps.top().at < world.end) {
    const Step step = world.steps.top();
    world.steps.pop();
    world.now = step.at;
    event = Event{.time = step.at};
    if (world.act(step, event)) return true;
  }
  world.now = world.end;
  return false;
}

std::optional<double> Synthesis::progress() const {
  const auto span = static_cast<double>((world_->end - world_->options.start).count());
  return static_cast<double>((world_->now - world_->options.start).count()) / span;
}

Synthesis::World::World(const SynthesisOptions& asked, const Troubles& wrong)
    : options(asked),
      troubles(wrong),
      end(asked.start + std::chrono::days(asked.days)),
      now(asked.start),
      dice(mixed(asked.seed, 0)) {
  std::array<int, 2> count{};
  for (std::uint32_t i = 0; i < options.servers; ++i) {
    Server& server = servers.emplace_back();
    server.like_rras = i % 3 == 0;
    server.name = (server.like_rras ? "rras" : "radius") +
                  std::to_string(++count.at(server.like_rras ? 0 : 1));
  }
  plan_boots();
  for (std::uint32_t user = 0; user < options.users; ++user) plan_visit(user, 0, 0);
}

bool Synthesis::World::act(const Step& step, Event& event) {
  using enum Step::What;
  switch (step.what) {
    case visit: return this->visit(step, event);
    case boot: return this->boot(step, event);
    case boot_again: return this->boot_again(step, event);
    case retry: return tell(step, EventKind::connect, event);
    case confirm: return tell(step, EventKind::confirm, event);
    case renew: return tell(step, EventKind::renew, event);
    case stop: return tell(step, EventKind::disconnect, event);
    case hang_up: return this->hang_up(step, event);
  }
  return false;
}

// Somebody connects; the rest of the session is laid out at once.
bool Synthesis::World::visit(const Step& step, Event& event) {
  if (step.planned) plan_visit(step.user, step.day, step.visit + 1);
  const Slot slot = open_session(step);
  sessions[slot].steps += 1;  // this one
  Step connect = step;
  connect.session = slot;
  plan_session(slot);
  tell(connect, EventKind::connect, event);
  return true;
}

// Whether and when the server says that a session is over.
bool Synthesis::World::hang_up(const Step& step, Event& event) {
  Session& session = sessions[step.session];
  if (session.cut) {
    step_done(step.session);
    return false;
  }
  session.up = false;
  if (dice.in_thousand(troubles.redialled)) {
    // The server has not noticed yet: its port stays taken until the stop.
    schedule({.at = now + some(5s, 40s), .user = session.user, .length = some(10min, 1h)});
    in_session(step.session, now + some(90s, 4min), Step::What::stop);
    step_done(step.session);
    return false;
  }
  free_port(session);
  if (dice.in_thousand(troubles.lost)) {
    step_done(step.session);
    return false;
  }
  if (dice.in_thousand(troubles.late)) {
    in_session(step.session, now + some(1min, 20min), Step::What::stop);
    step_done(step.session);
    return false;
  }
  if (dice.in_thousand(troubles.repeated)) {
    in_session(step.session, now + some(3s, 10s), Step::What::stop);
  }
  return tell(step, EventKind::disconnect, event);
}

// What the server says about a session.
bool Synthesis::World::tell(const Step& step, EventKind kind, Event& event) {
  Session& session = sessions[step.session];
  const bool said = !session.cut;
  if (said) {
    const Server& server = servers[session.server];
    event.kind = kind;
    event.server = server.name;
    event.port = session.port_name;
    event.session = session.id;
    event.user = session.name;
    if (kind == EventKind::connect) {
      if (session.contractor) event.groups = {"contractors"};
    } else if (!server.like_rras && dice.in_thousand(troubles.spelled)) {
      event.user = spelled(person(options.seed, session.user, 1), Spelling::realm);
    }
    if (kind == EventKind::disconnect) {
      free_port(session);
      if (session.id.empty()) event.began = session.began;
    }
  }
  step_done(step.session);
  return said;
}

// A server starts anew. It has forgotten its sessions and never speaks of them again; their
// users come back, all within minutes.
bool Synthesis::World::boot(const Step& step, Event& event) {
  Server& server = servers[step.server];
  for (Session& session : sessions) {
    if (session.server != step.server || session.steps == 0) continue;
    session.port = -1;
    if (!session.up || session.cut) continue;
    session.cut = true;
    if (session.end - now < kWorthRedialling) continue;
    schedule({.at = now + some(15s, 4min), .user = session.user, .length = session.end - now});
  }
  server.boots += 1;
  server.sessions = 0;
  server.ports = 0;
  server.free_ports = {};
  server.epoch = format_time(now);
  if (dice.in_thousand(500)) {
    schedule({.at = now + 2s, .what = Step::What::boot_again, .server = step.server});
  }
  return boot_again(step, event);
}

bool Synthesis::World::boot_again(const Step& step, Event& event) {
  event.kind = EventKind::boot;
  event.server = servers[step.server].name;
  event.epoch = servers[step.server].epoch;
  return true;
}

// Schedules the user's visit of this number on this day, or the first of the next day that has
// one.
void Synthesis::World::plan_visit(std::uint32_t user, std::uint32_t day, std::uint32_t visit) {
  const Habit habit = person(options.seed, user, 1).habit;
  for (; day < options.days; ++day, visit = 0) {
    const WallTime midnight = options.start + std::chrono::days(day);
    const std::vector<Visit> visits =
        visits_of(options.seed, user, habit, day, is_weekend(midnight));
    if (visit >= visits.size()) continue;
    schedule({.at = midnight + visits[visit].begin,
              .user = user,
              .length = visits[visit].length,
              .day = day,
              .visit = visit,
              .planned = true});
    return;
  }
}

Slot Synthesis::World::open_session(const Step& step) {
  if (free_slots.empty()) {
    free_slots.push_back(static_cast<Slot>(sessions.size()));
    sessions.emplace_back();
  }
  const Slot slot = free_slots.back();
  free_slots.pop_back();

  const Person who = person(options.seed, step.user, static_cast<int>(options.servers));
  Session session{.user = step.user, .contractor = who.contractor};
  session.began = now;
  session.end = now + step.length;
  session.server = dice.in_thousand(kAtHome)
                       ? static_cast<std::uint32_t>(who.home)
                       : static_cast<std::uint32_t>(dice.throw_one(options.servers));
  Server& server = servers[session.server];
  server.sessions += 1;
  if (server.like_rras) {
    session.port = server.take_port();
    session.port_name = "VPN2-" + std::to_string(session.port);
  } else {
    // As strongSwan and radius.so have it: one name of a port for everybody.
    session.port_name = session.server % 3 == 1 ? "ipsec" : "0";
    session.id = hex(server.boots, 2) + hex(server.sessions, 6);
  }
  session.name = spelled(who, spelling(session));
  sessions[slot] = std::move(session);
  return slot;
}

Spelling Synthesis::World::spelling(const Session& session) {
  if (servers[session.server].like_rras) return Spelling::domain;
  if (!dice.in_thousand(troubles.spelled)) return Spelling::realm;
  return dice.in_thousand(500) ? Spelling::capitals : Spelling::shouting;
}

// What will be said about a session, from its confirm to its end.
void Synthesis::World::plan_session(Slot slot) {
  const Session session = sessions[slot];
  const bool radius = !servers[session.server].like_rras;
  seconds answered = some(1s, 3s);
  // RRAS calls a function and waits; only what travels in packets is sent again.
  if (radius && dice.in_thousand(troubles.retried)) {
    in_session(slot, now + answered, Step::What::retry);
    answered += some(1s, 3s);
  }
  if (dice.in_thousand(troubles.abandoned)) {
    // RRAS gives its port back and says so; a RADIUS server says nothing more.
    sessions[slot].up = false;
    if (!radius) in_session(slot, now + answered + 2s, Step::What::stop);
    return;
  }
  if (radius) {
    in_session(slot, now + answered, Step::What::confirm);
    for (WallTime at = now + kInterim; at < session.end; at += kInterim) {
      in_session(slot, at, Step::What::renew);
    }
  }
  in_session(slot, std::max(session.end, now + answered + 1s), Step::What::hang_up);
  if (session.end - session.began > kInterim && dice.in_thousand(troubles.second)) {
    schedule({.at = now + some(5min, 40min), .user = session.user, .length = some(10min, 40min)});
  }
}

// The first day has a boot by night, when nobody is there, and one in the middle of work.
void Synthesis::World::plan_boots() {
  auto add = [&](std::uint32_t server, Milliseconds at) {
    schedule({.at = options.start + at, .what = Step::What::boot, .server = server});
  };
  for (std::uint32_t server = 0; server < options.servers; ++server) {
    for (std::uint32_t day = 1; day < options.days; ++day) {
      if (!dice.in_thousand(troubles.boots)) continue;
      add(server, std::chrono::days(day) + some(0s, 86'399s));
    }
  }
  if (troubles.boots == 0) return;
  add(options.servers - 1, 3h + some(0s, 1h));
  add(0, 14h + some(0s, 1h));
}

void Synthesis::World::schedule(Step step) {
  step.order = next_order++;
  steps.push(step);
}

void Synthesis::World::in_session(Slot slot, WallTime at, Step::What what) {
  sessions[slot].steps += 1;
  schedule({.at = at, .what = what, .session = slot});
}

void Synthesis::World::free_port(Session& session) {
  if (session.port < 0) return;
  servers[session.server].free_ports.push(session.port);
  session.port = -1;
}

void Synthesis::World::step_done(Slot slot) {
  sessions[slot].steps -= 1;
  if (sessions[slot].steps == 0) free_slots.push_back(slot);
}

}  // namespace berth::play
