// synthesis_test.cc - a made-up day is the same every time, in order, and has every trouble.
#include "play/synthesis.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include <gtest/gtest.h>

#include "core/owner_name.h"
#include "play/events.h"

namespace berth::play {
namespace {

using namespace std::chrono_literals;

constexpr Troubles kNone{};

std::vector<Event> events_of(const SynthesisOptions& options,
                             const Troubles& troubles = kTroubles) {
  auto day = Synthesis::make(options, troubles);
  std::vector<Event> events;
  for (Event event; *(*day)->next(event);) events.push_back(event);
  return events;
}

std::string written(const SynthesisOptions& options) {
  std::ostringstream out;
  EventWriter writer(out);
  for (const Event& event : events_of(options)) writer.write(event);
  return out.str();
}

std::string owner_of(const Event& event) {
  static const OwnerNamer kNamer(
      {.domain_realms = {{"CORP", "corp.example"}, {"PARTNER", "partner.example"}}});
  return kNamer.name(event.user)->owner;
}

// What tells connections apart here.
using Key = std::tuple<std::string, std::string, std::string>;
Key key_of(const Event& event) {
  if (!event.session.empty()) return {event.server, event.session, ""};
  return {event.server, event.port, owner_of(event)};
}

bool is_rras(const Event& event) { return event.server.starts_with("rras"); }

TEST(Synthesis, OfTheSameSeedIsTheSameToTheByte) {
  EXPECT_EQ(written({.seed = 7, .users = 300}), written({.seed = 7, .users = 300}));
  EXPECT_NE(written({.seed = 7, .users = 300}), written({.seed = 8, .users = 300}));
}

// A file that was made by one berth can be made again by a later one, and on another system.
TEST(Synthesis, NeverChangesWhatASeedMeans) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (char c : written({.seed = 1, .users = 300, .days = 2})) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  EXPECT_EQ(hash, 4554968659466958042u);
}

TEST(Synthesis, IsReadBackWithoutAnError) {
  std::istringstream in(written({.users = 300, .days = 2}));
  EventReader reader(in, "day.csv");
  Event event;
  std::size_t count = 0;
  for (Result<bool> more = true; *more; ++count) {
    more = reader.next(event);
    ASSERT_TRUE(more) << more.error().what;
  }
  EXPECT_GT(count, 1000u);
}

TEST(Synthesis, TellsEventsInTheOrderOfTime) {
  WallTime last{};
  for (const Event& event : events_of({.users = 500, .days = 2})) {
    EXPECT_LE(last, event.time);
    last = event.time;
  }
}

TEST(Synthesis, StaysWithinItsDays) {
  const SynthesisOptions options{.users = 500, .days = 2};
  for (const Event& event : events_of(options)) {
    EXPECT_GE(event.time, options.start);
    EXPECT_LT(event.time, options.start + 48h);
  }
}

TEST(Synthesis, RefusesNumbersOutOfBounds) {
  EXPECT_FALSE(Synthesis::make({.users = 0}));
  EXPECT_FALSE(Synthesis::make({.users = kMostUsers + 1}));
  EXPECT_FALSE(Synthesis::make({.servers = 0}));
  EXPECT_FALSE(Synthesis::make({.servers = kMostServers + 1}));
  EXPECT_FALSE(Synthesis::make({.days = 0}));
  EXPECT_FALSE(Synthesis::make({.days = kMostDays + 1}));
  EXPECT_TRUE(Synthesis::make({.users = 1, .servers = kMostServers, .days = kMostDays}));
}

TEST(Synthesis, MakesADayOfTwentyThousandUsersOfAGoodSize) {
  const std::size_t events = events_of({}).size();
  EXPECT_GT(events, 150'000u);
  EXPECT_LT(events, 300'000u);
}

TEST(Synthesis, HasUsersWhoComeBackEveryDay) {
  std::map<std::string, std::set<std::chrono::sys_days>> days;
  for (const Event& event : events_of({.users = 500, .days = 4})) {
    if (event.kind != EventKind::connect) continue;
    days[owner_of(event)].insert(std::chrono::floor<std::chrono::days>(event.time));
  }
  EXPECT_GT(days.size(), 450u);
  const auto faithful =
      std::ranges::count_if(days, [](const auto& user) { return user.second.size() >= 3; });
  EXPECT_GT(faithful, 300);
}

// Without troubles every session is told from beginning to end: what the tests below find is
// what they were looking for.
TEST(Synthesis, WithoutTroublesIsInPerfectOrder) {
  std::set<Key> open;
  std::set<std::pair<std::string, std::string>> ports;
  for (const Event& event : events_of({.users = 500}, kNone)) {
    if (event.kind == EventKind::connect) {
      EXPECT_TRUE(open.insert(key_of(event)).second) << format_time(event.time);
      if (is_rras(event)) {
        EXPECT_TRUE(ports.insert({event.server, event.port}).second);
      }
    } else {
      EXPECT_TRUE(open.contains(key_of(event))) << format_time(event.time);
    }
    if (event.kind == EventKind::disconnect) {
      open.erase(key_of(event));
      if (is_rras(event)) ports.erase({event.server, event.port});
    }
    EXPECT_NE(event.kind, EventKind::boot);
  }
}

TEST(Synthesis, HasServersWithAndWithoutSessionsAndConfirms) {
  for (const Event& event : events_of({.users = 300})) {
    if (event.kind == EventKind::boot) continue;
    EXPECT_EQ(event.session.empty(), is_rras(event));
    if (is_rras(event)) {
      EXPECT_NE(event.kind, EventKind::confirm);
      EXPECT_NE(event.kind, EventKind::renew);
    }
    if (event.kind == EventKind::disconnect) {
      EXPECT_EQ(event.began.has_value(), is_rras(event));
    }
  }
}

// Each trouble alone, in 1000 of 1000 cases where that can be.

TEST(Synthesis, AbandonsConnects) {
  for (const Event& event : events_of({.users = 300}, {.abandoned = 1000})) {
    if (!is_rras(event)) {
      EXPECT_EQ(event.kind, EventKind::connect);
    }
  }
}

TEST(Synthesis, RetriesConnects) {
  std::map<Key, int> connects;
  for (const Event& event : events_of({.users = 300}, {.retried = 1000})) {
    if (event.kind == EventKind::connect && !is_rras(event)) connects[key_of(event)] += 1;
  }
  EXPECT_GT(connects.size(), 300u);
  const auto once = std::ranges::count_if(connects, [](const auto& c) { return c.second != 2; });
  EXPECT_LE(once, 5);  // the last ones before midnight
}

TEST(Synthesis, LogsUsersInTwice) {
  std::map<std::string, std::set<Key>> open;
  int twice = 0;
  for (const Event& event : events_of({.users = 300}, {.second = 1000})) {
    std::set<Key>& keys = open[owner_of(event)];
    if (event.kind == EventKind::connect && !keys.empty()) ++twice;
    if (event.kind == EventKind::connect) keys.insert(key_of(event));
    if (event.kind == EventKind::disconnect) keys.erase(key_of(event));
  }
  EXPECT_GT(twice, 100);
}

TEST(Synthesis, LosesStops) {
  for (const Event& event : events_of({.users = 300}, {.lost = 1000})) {
    EXPECT_NE(event.kind, EventKind::disconnect);
  }
}

// So a port of a server like RRAS is given to the next user while Berth still counts it taken.
TEST(Synthesis, GivesThePortOfALostStopToTheNextUser) {
  std::map<std::pair<std::string, std::string>, std::string> users;
  int taken = 0;
  for (const Event& event : events_of({.users = 300}, {.lost = 1000})) {
    if (event.kind != EventKind::connect || !is_rras(event)) continue;
    std::string& user = users[{event.server, event.port}];
    if (!user.empty() && user != owner_of(event)) ++taken;
    user = owner_of(event);
  }
  EXPECT_GT(taken, 50);
}

TEST(Synthesis, RepeatsStops) {
  std::map<Key, int> stops;
  for (const Event& event : events_of({.users = 300}, {.repeated = 1000})) {
    if (event.kind == EventKind::disconnect && !is_rras(event)) stops[key_of(event)] += 1;
  }
  EXPECT_GT(std::ranges::count_if(stops, [](const auto& s) { return s.second == 2; }), 200);
}

// A stop that comes when the port has been given to somebody else, or the user is back.
TEST(Synthesis, BringsStopsLate) {
  std::map<std::string, std::string> on_port;
  int foreign = 0;
  for (const Event& event : events_of({.users = 3000}, {.late = 1000})) {
    if (!is_rras(event)) continue;
    std::string& user = on_port[event.port];
    if (event.kind == EventKind::connect) user = owner_of(event);
    if (event.kind == EventKind::disconnect && user != owner_of(event)) ++foreign;
  }
  EXPECT_GT(foreign, 100);
}

TEST(Synthesis, RedialsBeforeTheStopComes) {
  std::map<std::string, std::set<Key>> open;
  int back = 0;
  for (const Event& event : events_of({.users = 300}, {.redialled = 500})) {
    std::set<Key>& keys = open[owner_of(event)];
    if (event.kind == EventKind::connect) keys.insert(key_of(event));
    if (event.kind == EventKind::disconnect) {
      keys.erase(key_of(event));
      if (!keys.empty()) ++back;
    }
  }
  EXPECT_GT(back, 100);
}

TEST(Synthesis, SpellsNamesInManyWays) {
  std::map<std::string, std::set<std::string>> spellings;
  for (const Event& event : events_of({.users = 300})) {
    if (event.kind != EventKind::boot) spellings[owner_of(event)].insert(event.user);
  }
  EXPECT_LE(spellings.size(), 300u);
  EXPECT_GT(std::ranges::count_if(spellings, [](const auto& s) { return s.second.size() > 1; }),
            50);
  std::set<std::string> all;
  for (const auto& [owner, names] : spellings) all.insert(names.begin(), names.end());
  auto any = [&](auto test) { return std::ranges::any_of(all, test); };
  EXPECT_TRUE(any([](const std::string& name) { return name.starts_with("CORP\\"); }));
  EXPECT_TRUE(any([](const std::string& name) { return name.ends_with("@CORP.EXAMPLE"); }));
  EXPECT_TRUE(any([](const std::string& name) { return name.ends_with("@partner.example"); }));
}

TEST(Synthesis, BootsServersThatForgetTheirSessions) {
  std::set<Key> before;
  std::map<std::string, int> boots;
  std::map<std::string, std::set<std::string>> epochs;
  for (const Event& event : events_of({.users = 2000}, {.boots = 1})) {
    if (event.kind == EventKind::boot) {
      boots[event.server] += 1;
      epochs[event.server].insert(event.epoch);
      std::erase_if(before, [&](const Key& key) { return std::get<0>(key) == event.server; });
    } else if (event.kind == EventKind::connect) {
      before.insert(key_of(event));
    } else {
      EXPECT_TRUE(before.contains(key_of(event))) << format_time(event.time);
    }
  }
  EXPECT_EQ(epochs["rras1"].size(), 1u);
  EXPECT_EQ(epochs["radius2"].size(), 1u);
}

}  // namespace
}  // namespace berth::play
