// play_test.cc - what the player does with a Book, whatever the Book answers.
#include "play/play.h"

#include <algorithm>
#include <limits>
#include <thread>

#include <gtest/gtest.h>

#include "play/fake_book.h"

namespace berth::play {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kMorning = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 9h;

class Listed : public EventSource {
 public:
  explicit Listed(std::vector<Event> events) : events_(std::move(events)) {}
  Result<bool> next(Event& event) override {
    if (next_ == events_.size()) {
      if (fails_at_end) return fail(Code::import_invalid, "day.csv:9: time: is odd", "mend it");
      return false;
    }
    event = events_[next_++];
    return true;
  }
  std::optional<double> progress() const override {
    return static_cast<double>(next_) / static_cast<double>(events_.size());
  }
  bool fails_at_end = false;

 private:
  std::vector<Event> events_;
  std::size_t next_ = 0;
};

// A clock for speed: a look at it takes time, so that waiting ends.
class StepClock : public Clock {
 public:
  WallTime wall() const override { return WallTime(now_); }
  SteadyTime steady() const override { return SteadyTime(now_ += 60ms); }

 private:
  mutable Milliseconds now_{0};
};

Event event(Milliseconds at, EventKind kind, std::string user, std::string session = "1") {
  return {.time = kMorning + at,
          .kind = kind,
          .server = "vpn1",
          .port = "7",
          .user = std::move(user),
          .session = std::move(session)};
}

Plan some_plan() {
  Plan plan;
  plan.pools.push_back({.name = "p", .ipv4 = {{*Ipv4Range::parse("10.0.0.0/24"), ""}}});
  plan.owners.domain_realms = {{"CORP", "corp.example"}};
  plan.servers.push_back({.name = "rras*", .exclusive_ports = true});
  return plan;
}

// A new address for each connection, so that no double comes by accident.
void grant_in_turn(FakeBook& book) {
  book.on_assign = [last = std::uint32_t{0}](const Request&) mutable {
    ++last;
    return Result<Grant>(Grant{.id = {last},
                               .generation = {last},
                               .state = State::active,
                               .addresses = {.ipv4 = Ipv4(0x0a000000 + last)}});
  };
}

class Playing : public testing::Test {
 protected:
  Result<Played> played(std::vector<Event> events, const PlayOptions& options = {}) {
    Listed source(std::move(events));
    return play(book, clock, source, some_plan(), options);
  }

  PlayClock clock{kMorning};
  FakeBook book;
};

std::vector<std::string> of_user(const FakeBook& book, const std::string& user) {
  std::vector<std::string> found;
  for (const std::string& entry : book.log()) {
    if (entry.ends_with(" " + user)) found.push_back(entry.substr(0, entry.find(' ')));
  }
  return found;
}

TEST_F(Playing, CountsEventsByKind) {
  grant_in_turn(book);
  auto result = played({event(0s, EventKind::connect, "ana"), event(1s, EventKind::confirm, "ana"),
                        event(2s, EventKind::renew, "ana"), event(3s, EventKind::renew, "ana"),
                        event(4s, EventKind::disconnect, "ana"), event(5s, EventKind::boot, "")});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->events(), 6u);
  EXPECT_EQ(result->refused(), 0u);
  EXPECT_EQ(result->answers[static_cast<int>(EventKind::renew)].events, 2u);
  EXPECT_EQ(result->ended_by_boot, 3u);
  EXPECT_EQ(result->live, 7u);  // as the fake says
  EXPECT_EQ(result->most_open, 1u);
  EXPECT_EQ(result->first, kMorning);
  EXPECT_EQ(result->last, kMorning + 5s);
  EXPECT_EQ(result->timeline.series().front().peak, 7u);
  EXPECT_FALSE(result->stopped);
}

TEST_F(Playing, PlaysNothingWithoutAWord) {
  auto result = played({});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->events(), 0u);
}

TEST_F(Playing, KeepsTheOrderOfOneOwnerHoweverSpelled) {
  grant_in_turn(book);
  std::vector<Event> events;
  for (int i = 0; i < 400; ++i) {
    const EventKind kind = i % 2 == 0 ? EventKind::connect : EventKind::disconnect;
    const bool domain = i % 4 < 2;
    events.push_back(
        event(i * 1ms, kind, domain ? "CORP\\Ana" : "ANA@corp.example", std::to_string(i / 2)));
    events.push_back(
        event(i * 1ms, EventKind::connect, "u" + std::to_string(i), "s" + std::to_string(i)));
  }
  std::vector<std::string> answered;
  book.on_message = [&](const std::string& what, const LeaseRef& which) {
    answered.push_back(what + " " + which.session);
    return Done{};
  };
  auto result = played(events);
  ASSERT_TRUE(result);
  std::vector<std::string> wanted;
  for (int i = 0; i < 200; ++i) wanted.push_back("disconnect " + std::to_string(i));
  EXPECT_EQ(answered, wanted);
  EXPECT_EQ(result->doubles, 0u);
}

TEST_F(Playing, SendsTheNextBeforeTheFirstIsAnswered) {
  book.on_assign = [&](const Request&) -> Result<Grant> {
    while (book.log().size() < 10) std::this_thread::yield();
    return fail(Code::pool_exhausted, "full", "none");
  };
  std::vector<Event> events;
  for (int i = 0; i < 10; ++i) {
    events.push_back(event(0s, EventKind::connect, "u" + std::to_string(i), std::to_string(i)));
  }
  ASSERT_TRUE(played(events));
}

TEST_F(Playing, KeepsTheOrderOnAnExclusivePort) {
  grant_in_turn(book);
  std::vector<Event> events;
  for (int i = 0; i < 200; ++i) {
    Event connect = event(i * 1ms, EventKind::connect, "u" + std::to_string(i), "");
    connect.server = "rras1";
    events.push_back(connect);
  }
  auto result = played(events);
  ASSERT_TRUE(result);
  EXPECT_EQ(book.most_waiting(), 1u);
  EXPECT_EQ(result->most_open, 1u);
}

TEST_F(Playing, HasNoMoreUnderWayThanIsAllowed) {
  grant_in_turn(book);
  std::vector<Event> events;
  for (int i = 0; i < 500; ++i) {
    events.push_back(event(0s, EventKind::connect, "u" + std::to_string(i), std::to_string(i)));
  }
  ASSERT_TRUE(played(events, {.outstanding = 5}));
  EXPECT_LE(book.most_waiting(), 5u);
  EXPECT_FALSE(played({}, {.outstanding = 0}));
  EXPECT_FALSE(played({}, {.outstanding = kMostOutstanding + 1}));
}

TEST_F(Playing, ShowsTheBookNoTimeAfterTheEventNorLongBefore) {
  std::vector<Event> events;
  for (int i = 0; i < 300; ++i) {
    events.push_back(event(i * 700ms, EventKind::connect, std::to_string(i), std::to_string(i)));
  }
  book.on_assign = [&](const Request& request) {
    const WallTime own = kMorning + std::stoi(request.user) * 700ms;
    const WallTime now = clock.wall();
    EXPECT_LE(now, own);
    EXPECT_GE(now, own - 10s);
    return fail(Code::pool_exhausted, "full", "none");
  };
  auto result = played(events);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->refused(), 300u);
}

TEST_F(Playing, IsExactWhenNothingIsTogether) {
  book.clock = &clock;
  grant_in_turn(book);
  ASSERT_TRUE(played({event(0s, EventKind::connect, "ana"), event(1ms, EventKind::connect, "bea"),
                      event(2s, EventKind::connect, "cem")},
                     {.together = 0ms}));
  const auto log = book.log();
  EXPECT_TRUE(std::ranges::count(log, "connect bea 2026-01-05T09:00:00.001Z"));
  EXPECT_TRUE(std::ranges::count(log, "connect cem 2026-01-05T09:00:02Z"));
}

TEST_F(Playing, LetsTimePassInAGapSecondBySecond) {
  book.clock = &clock;
  grant_in_turn(book);
  ASSERT_TRUE(played({event(0s, EventKind::connect, "ana"), event(60s, EventKind::renew, "ana")}));
  const auto log = book.log();
  const auto ticks = std::ranges::count_if(
      log, [](const std::string& entry) { return entry.starts_with("tick"); });
  EXPECT_GE(ticks, 60);
  EXPECT_LE(ticks, 62);
}

TEST_F(Playing, FinishesWhatCameBeforeABootAndSendsItsEpoch) {
  grant_in_turn(book);
  std::vector<Event> events;
  for (int i = 0; i < 100; ++i) {
    events.push_back(event(0s, EventKind::connect, "u" + std::to_string(i), std::to_string(i)));
  }
  Event boot = event(0s, EventKind::boot, "");
  events.push_back(boot);
  boot.epoch = "pid 4711";
  events.push_back(boot);
  int answered = 0;
  book.on_assign = [&, next = book.on_assign](const Request& request) {
    ++answered;
    return next(request);
  };
  auto result = played(events);
  ASSERT_TRUE(result);
  const auto log = book.log();
  const auto first = std::ranges::find(log, "boot vpn1 2026-01-05T09:00:00Z");
  ASSERT_NE(first, log.end());
  const auto before = std::ranges::count_if(
      log.begin(), first, [](const std::string& e) { return e.starts_with("connect"); });
  EXPECT_EQ(before, 100);
  EXPECT_EQ(answered, 100);
  EXPECT_EQ(std::ranges::count(log, "boot vpn1 pid 4711"), 1);
}

TEST_F(Playing, CountsRefusalsByEventAndCodeWithAnExample) {
  book.on_assign = [](const Request& request) -> Result<Grant> {
    return fail(Code::pool_exhausted, "no address for " + request.user, "add a range");
  };
  book.on_message = [](const std::string&, const LeaseRef&) {
    return Done(fail(Code::not_found, "no lease", ""));
  };
  auto result = played({event(0s, EventKind::connect, "ana"), event(1s, EventKind::connect, "ana"),
                        event(2s, EventKind::disconnect, "ana")});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->refusals.size(), 2u);
  const Refusals& full = result->refusals.at({EventKind::connect, Code::pool_exhausted});
  EXPECT_EQ(full.count, 2u);
  EXPECT_EQ(full.first.what, "no address for ana");
  EXPECT_EQ(result->refusals.at({EventKind::disconnect, Code::not_found}).count, 1u);
}

TEST_F(Playing, EndsWithTheErrorOfAStoreThatFails) {
  book.on_assign = [](const Request&) -> Result<Grant> {
    return fail(Code::store_full, "no room on the disk", "make room");
  };
  auto result = played({event(0s, EventKind::connect, "ana"), event(1h, EventKind::connect, "b"),
                        event(2h, EventKind::connect, "c")});
  ASSERT_TRUE(result && result->failed);
  EXPECT_EQ(result->failed->code, Code::store_full);
  EXPECT_FALSE(result->stopped);
  EXPECT_TRUE(of_user(book, "c").empty());
}

TEST_F(Playing, EndsWithTheErrorOfItsEvents) {
  grant_in_turn(book);
  Listed source({event(0s, EventKind::connect, "ana")});
  source.fails_at_end = true;
  auto result = play(book, clock, source, some_plan(), {});
  ASSERT_TRUE(result && result->failed);
  EXPECT_EQ(result->failed->what, "day.csv:9: time: is odd");
  EXPECT_EQ(result->events(), 1u);
  EXPECT_EQ(result->answers[0].events, 1u);
}

TEST_F(Playing, RefusesASpeedThatCannotBe) {
  for (double speed : {-1.0, 1e-300, 1e300, std::numeric_limits<double>::quiet_NaN(),
                       std::numeric_limits<double>::infinity()}) {
    auto result = played({event(0s, EventKind::connect, "ana")}, {.speed = speed});
    ASSERT_FALSE(result) << speed;
    EXPECT_EQ(result.error().code, Code::invalid);
  }
}

TEST_F(Playing, StopsWhenItIsToldTo) {
  grant_in_turn(book);
  std::vector<Event> events;
  for (int i = 0; i < 100; ++i) {
    events.push_back(event(i * 1min, EventKind::connect, std::to_string(i), std::to_string(i)));
  }
  int asked = 0;
  auto result = played(events, {.stopped = [&] { return ++asked > 20; }});
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->stopped);
  EXPECT_LT(result->events(), 30u);
  EXPECT_GT(result->events(), 0u);
}

TEST_F(Playing, KeepsToItsSpeedAndShowsHowItStands) {
  grant_in_turn(book);
  StepClock real;
  std::vector<double> parts;
  auto result = played({event(0s, EventKind::connect, "ana"), event(20s, EventKind::renew, "ana")},
                       {.speed = 100, .real = &real, .progress = [&](const Progress& now) {
                          parts.push_back(*now.part);
                        }});
  ASSERT_TRUE(result);
  EXPECT_GE(result->elapsed, 200ms);
  EXPECT_FALSE(parts.empty());
  EXPECT_TRUE(std::ranges::is_sorted(parts));
}

TEST_F(Playing, FindsAPlantedDouble) {
  book.on_assign = [last = std::uint64_t{0}](const Request&) mutable {
    ++last;
    return Result<Grant>(Grant{.id = {last},
                               .generation = {last},
                               .state = State::active,
                               .addresses = {.ipv4 = Ipv4(0x0a000001)}});
  };
  auto result = played(
      {event(0s, EventKind::connect, "ana", "1"), event(1h, EventKind::connect, "bea", "2")});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->doubles, 1u);
  EXPECT_NE(result->first_fault.find("\"bea\""), std::string::npos);
}

TEST_F(Playing, AsksForWhatTheEventOrElseTheOptionsWant) {
  std::vector<Request> asked;
  book.on_assign = [&](const Request& request) -> Result<Grant> {
    asked.push_back(request);
    return fail(Code::no_pool, "none", "");
  };
  Event own = event(1min, EventKind::connect, "bea");
  own.wants = *parse_wants("delegated");
  own.groups = {"staff"};
  ASSERT_TRUE(
      played({event(0s, EventKind::connect, "ana"), own}, {.wants = *parse_wants("ipv4? ipv6")}));
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0].ipv4, Want::optional);
  EXPECT_EQ(asked[0].ipv6, Want::required);
  EXPECT_EQ(asked[0].delegated, Want::no);
  EXPECT_EQ(asked[1].ipv4, Want::no);
  EXPECT_EQ(asked[1].delegated, Want::required);
  EXPECT_EQ(asked[1].groups, (std::vector<std::string>{"staff"}));
}

TEST_F(Playing, SaysWhenASessionWithoutAnIdBegan) {
  std::vector<std::optional<WallTime>> began;
  book.on_message = [&](const std::string&, const LeaseRef& which) {
    began.push_back(which.session_started);
    return Done{};
  };
  Event told = event(1min, EventKind::disconnect, "ana", "");
  told.began = kMorning - 1h;
  ASSERT_TRUE(played({event(0s, EventKind::disconnect, "ana", ""), told,
                      event(2min, EventKind::disconnect, "ana", "17")}));
  ASSERT_EQ(began.size(), 3u);
  EXPECT_EQ(began[0], kMorning);  // no id and no time: it means the session that there is
  EXPECT_EQ(began[1], kMorning - 1h);
  EXPECT_EQ(began[2], std::nullopt);
}

}  // namespace
}  // namespace berth::play
