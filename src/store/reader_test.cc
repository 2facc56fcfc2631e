// reader_test.cc - a look beside the writer sees what the writer's store would say.
#include "store/reader.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "store/store_files_test.h"

namespace berth::testing {
namespace {

// How far the tables are when somebody looks.
enum class Tables { applied, behind };
void PrintTo(Tables tables, std::ostream* out) {
  *out << (tables == Tables::applied ? "applied" : "behind");
}

class ReaderTest : public ::testing::TestWithParam<Tables> {
 protected:
  void SetUp() override {
    SqliteOptions options{.history = {.run_rows = 2, .fan_in = 2, .part_rows = 4},
                          .batch_time = std::chrono::hours(1)};
    store_ = files_.open(options);
    ASSERT_TRUE(store_);
  }
  // Makes them durable; in the tables only where that is what is tried.
  void commit(const std::vector<std::string>& changes) {
    ASSERT_EQ(berth::testing::commit(*store_, changes).outcome, Outcome::durable);
    if (GetParam() == Tables::applied) {
      ASSERT_TRUE(store_->scrub());
    }
  }
  [[nodiscard]] std::unique_ptr<Reader> reader() const {
    auto reader = open_reader(files_.path());
    EXPECT_TRUE(reader) << reader.error().what;
    return *std::move(reader);
  }
  [[nodiscard]] std::vector<std::string> leases(std::string_view owner = {},
                                                std::string_view server = {}) const {
    std::vector<std::string> all;
    EXPECT_TRUE(reader()->leases(owner, server, [&](const Lease& lease) -> Done {
      all.push_back(lease.owner + " " + std::string(state_name(lease.state)) + " " +
                    lease.addresses.to_string());
      return {};
    }));
    return all;
  }
  // As seen at `now`; else when nobody has set the clock back.
  [[nodiscard]] std::vector<std::string> who(const char* where, WallTime when,
                                             WallTime now = WallTime::max()) const {
    std::vector<std::string> all;
    const auto found = reader()->who_had(*AnyRange::parse(where), when, {}, now);
    for (const Interval& each : *found) {
      all.push_back(each.owner + (each.ended ? " ended" : " live"));
    }
    return all;
  }
  [[nodiscard]] Result<std::vector<Interval>> history(std::string_view owner, const Span& span,
                                                      WallTime now = WallTime::max()) const {
    return reader()->history(owner, span, now);
  }
  using Lines = std::vector<std::string>;

  StoreFiles files_;
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Reader, ReaderTest, ::testing::Values(Tables::applied, Tables::behind));

TEST_P(ReaderTest, ListsLiveLeasesAndNarrowsThem) {
  commit({begin({.id = 1, .generation = 1}),
          begin({.id = 2,
                 .generation = 2,
                 .owner = "ben",
                 .user = "ben",
                 .addresses = {.ipv4 = ip("10.8.0.8")},
                 .server = "vpn2"}),
          begin({.id = 3, .generation = 3, .addresses = {.ipv4 = ip("10.8.0.9")}}),
          end({.id = 3, .generation = 3, .addresses = {.ipv4 = ip("10.8.0.9")}}, at(200), 4)});
  commit({change(Alive{{2}, {2}, at(150)})});
  EXPECT_EQ(leases(), Lines({"ana held 10.8.0.7", "ben active 10.8.0.8"}));
  EXPECT_EQ(leases("ben"), Lines({"ben active 10.8.0.8"}));
  EXPECT_EQ(leases("", "vpn1"), Lines({"ana held 10.8.0.7"}));
  EXPECT_TRUE(leases("nobody").empty());
}

// What the tail changed stands between what it left alone.
TEST_P(ReaderTest, ListsTheOldestLeaseFirst) {
  const auto lease = [](std::uint64_t generation) {
    return LeaseSaid{.id = generation,
                     .generation = generation,
                     .session = std::to_string(generation),
                     .addresses = {.ipv4 = Ipv4(static_cast<std::uint32_t>(generation))}};
  };
  commit({begin(lease(1)), begin(lease(2)), begin(lease(3)), begin(lease(4)), begin(lease(5))});
  ASSERT_TRUE(store_->scrub());  // all of these are in the tables
  commit({change(Alive{{2}, {2}, at(150)}), end(lease(4), at(200), 6), begin(lease(7)),
          change(Alive{{1}, {1}, at(160)})});
  const Lines oldest_first({"ana active 0.0.0.1", "ana active 0.0.0.2", "ana held 0.0.0.3",
                            "ana held 0.0.0.5", "ana held 0.0.0.7"});
  EXPECT_EQ(leases(), oldest_first);
  EXPECT_EQ(leases("ana"), oldest_first);
  commit({change(Rename{"ana", "Ana", "anna"})});
  EXPECT_EQ(leases("anna").front(), "anna active 0.0.0.1");
  EXPECT_EQ(leases("anna").size(), 5U);
}

TEST_P(ReaderTest, SeesALeaseThatShrank) {
  const Addresses both{.ipv4 = ip("10.8.0.7"), .ipv6 = prefix("2001:db8::7/128")};
  const LeaseSaid lease{.addresses = both};
  const LeaseSaid part{.addresses = {.ipv4 = both.ipv4}};
  commit({begin(lease)});
  commit({change(End{part.record(), at(200), Cause::released, false, true, 2})});
  EXPECT_EQ(leases(), Lines({"ana held 2001:db8::7/128"}));
  EXPECT_EQ(who("10.8.0.7", at(150)), Lines({"ana ended"}));
  EXPECT_EQ(who("2001:db8::7", at(150)), Lines({"ana live"}));
}

TEST_P(ReaderTest, NamesWhoHasAndWhoHadAnAddress) {
  commit({end({.id = 1, .generation = 1, .owner = "old", .started = at(50)}, at(100), 1),
          end({.id = 2, .generation = 2, .owner = "cid", .started = at(100)}, at(200), 2),
          end({.id = 3, .generation = 3, .owner = "ben", .started = at(200)}, at(300), 3)});
  commit({begin({.id = 4, .generation = 4, .owner = "ana", .started = at(300)})});
  EXPECT_EQ(who("10.8.0.7", at(150)), Lines({"cid ended"}));
  EXPECT_EQ(who("10.8.0.7", at(250)), Lines({"ben ended"}));
  EXPECT_EQ(who("10.8.0.7", at(999)), Lines({"ana live"}));
  EXPECT_EQ(who("10.8.0.0/24", at(999)), Lines({"ana live"}));
  EXPECT_TRUE(who("10.8.0.7", at(10)).empty());
}

TEST_P(ReaderTest, NamesAllWhoMayHaveHadAnAddressWhenTheClockWasSetBack) {
  commit({begin({.id = 1, .generation = 1, .started = at(7100)}),
          begin({.id = 2,
                 .generation = 2,
                 .owner = "ben",
                 .addresses = {.ipv4 = ip("10.8.0.8")},
                 .started = at(7200)})});
  commit({change(ClockStepped{at(7380), at(3600)})});
  commit({end({.id = 2,
               .generation = 2,
               .owner = "ben",
               .addresses = {.ipv4 = ip("10.8.0.8")},
               .started = at(7200)},
              at(7200), 3)});
  EXPECT_EQ(who("10.8.0.7", at(3780)), Lines({"ana live"}));
  EXPECT_EQ(who("10.8.0.8", at(3780)), Lines({"ben ended"}));
  EXPECT_EQ(who("10.8.0.8", at(3599)), Lines());
}

// Nobody was running when the clock was set back, so no step says so.
TEST_P(ReaderTest, NamesWhoHasAnAddressThoughTheLeaseSeemsToBeginLaterThanNow) {
  commit({begin({.started = at(7200)})});
  EXPECT_EQ(who("10.8.0.7", at(3600), at(3600)), Lines({"ana live"}));
  EXPECT_EQ(who("10.8.0.7", at(100), at(3600)), Lines({"ana live"}));
  EXPECT_EQ(who("10.8.0.7", at(3600), at(7200)), Lines());
  EXPECT_EQ(history("ana", {.until = at(3600)}, at(3600))->size(), 1U);
  EXPECT_TRUE(history("ana", {.until = at(3600)}, at(7200))->empty());
}

TEST_P(ReaderTest, FindsALiveLeaseByAnAddressInsideItsPrefix) {
  commit({begin({.id = 1,
                 .generation = 1,
                 .addresses = {.ipv6 = prefix("2001:db8:0:7::/64"),
                               .delegated = prefix("2001:db8:0:100::/56")}})});
  EXPECT_EQ(who("2001:db8:0:7::1234", at(150)), Lines({"ana live"}));
  EXPECT_EQ(who("2001:db8:0:1ab::1", at(150)), Lines({"ana live"}));
  EXPECT_EQ(who("2001:db8::/32", at(150)), Lines({"ana live"}));
  EXPECT_TRUE(who("2001:db8:0:200::1", at(150)).empty());
}

TEST_P(ReaderTest, TellsAnOwnersHistoryFromNowBackwards) {
  commit({end({.id = 1, .generation = 1, .session = "a"}, at(200), 1),
          end({.id = 2, .generation = 2, .session = "b"}, at(300), 2),
          begin({.id = 3, .generation = 3, .session = "c", .started = at(300)})});
  const auto all = history("ana", {}).value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].session, "c");
  EXPECT_EQ(all[1].session, "b");
  EXPECT_EQ(history("ana", {.limit = 2})->size(), 2U);
}

TEST_P(ReaderTest, GivesAllOfHistoryInOrder) {
  commit({end({.id = 1, .generation = 1, .session = "a"}, at(200), 1)});
  commit({end({.id = 2, .generation = 2, .session = "b"}, at(300), 2),
          begin({.id = 3, .generation = 3, .session = "c"})});
  std::string sessions;
  EXPECT_TRUE(reader()->each_interval([&](const Interval& each) -> Done {
    sessions += each.session;
    return {};
  }));
  EXPECT_EQ(sessions, "abc");
}

TEST_P(ReaderTest, HidesWhatWasErasedForgottenOrRenamed) {
  commit({end({.id = 1, .generation = 1, .owner = "eva", .started = at(100)}, at(200), 1),
          end({.id = 2, .generation = 2, .owner = "ben", .user = "Ben", .started = at(200)},
              at(300), 2),
          begin({.id = 3, .generation = 3, .owner = "ben", .user = "Ben", .started = at(300)}),
          end({.id = 4, .generation = 4, .owner = "old", .started = at(10)}, at(20), 3)});
  // Only what acts on the tables is in the tail.
  ASSERT_TRUE(store_->scrub());
  commit({change(Erase{"eva", at(500)}), change(Rename{"ben", "Ben", "benjamin"}),
          change(Forget{at(50), at(600)})});
  EXPECT_TRUE(who("10.8.0.7", at(150)).empty());
  EXPECT_TRUE(who("10.8.0.7", at(15)).empty());
  EXPECT_EQ(who("10.8.0.7", at(250)), Lines({"benjamin ended"}));
  EXPECT_EQ(history("benjamin", {})->size(), 2U);
  EXPECT_TRUE(history("ben", {})->empty());
  EXPECT_EQ(leases("benjamin").size(), 1U);
}

TEST_P(ReaderTest, ShowsEveryoneUnderTheNameThatOneChangeGaveThem) {
  commit({begin({.id = 1, .generation = 1, .owner = "ana@corp", .user = "ana@corp"}),
          change(Reserve{"ana@corp", "ana@corp", {.ipv4 = ip("10.8.0.9")}}),
          end({.id = 2, .generation = 2, .owner = "ben@corp", .user = "ben@corp"}, at(200), 2)});
  commit({begin({.id = 3, .generation = 3, .owner = "ben@corp", .user = "ben@corp"}),
          change(Reserve{"ben@corp", "ben@corp", {.ipv4 = ip("10.8.0.8")}}),
          change(Rename{"ana@corp", "ana@corp", "ana"}, Rename{"ben@corp", "ben@corp", "ben"},
                 RulesChanged{"v2"})});
  EXPECT_EQ(leases("ana"), Lines({"ana held 10.8.0.7"}));
  EXPECT_EQ(leases("ben"), Lines({"ben held 10.8.0.7"}));
  EXPECT_TRUE(leases("ben@corp").empty());
  EXPECT_EQ(history("ben", {})->size(), 2U);
  const auto reserved = reader()->reservations().value();
  ASSERT_EQ(reserved.size(), 2U);
  EXPECT_EQ(reserved[0].owner + " " + reserved[0].addresses.to_string(), "ana 10.8.0.9");
  EXPECT_EQ(reserved[1].owner + " " + reserved[1].addresses.to_string(), "ben 10.8.0.8");
}

TEST_P(ReaderTest, TellsReservations) {
  commit({change(Reserve{"ana", "Ana", {.ipv4 = ip("10.8.0.9")}}),
          change(Reserve{"ben", "Ben", {.ipv4 = ip("10.8.0.8")}})});
  commit({change(Reserve{"ana", "ANA", {.delegated = prefix("2001:db8:0:100::/56")}}),
          change(Unreserve{"ben", {.ipv4 = ip("10.8.0.8")}})});
  const auto all = reader()->reservations().value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].user, "ANA");
  EXPECT_EQ(all[0].addresses.to_string(), "10.8.0.9 2001:db8:0:100::/56");
}

TEST_P(ReaderTest, CountsWhatIsInUseOfEachPool) {
  Plan plan;
  plan.pools.push_back({.name = "dial-in", .ipv4 = {{*Ipv4Range::parse("10.8.0.0/28"), ""}}});
  plan.pools[0].cool_down = std::chrono::seconds(60);
  const auto address = [](const char* text) { return Addresses{.ipv4 = ip(text)}; };
  commit({begin({.id = 1, .generation = 1, .addresses = address("10.8.0.1")}),
          begin({.id = 2, .generation = 2, .addresses = address("10.8.0.2")}),
          change(Alive{{2}, {2}, at(150)}),
          end({.id = 3, .generation = 3, .addresses = address("10.8.0.3")}, at(1000), 4),
          end({.id = 4, .generation = 5, .addresses = address("10.8.0.4")}, at(900), 6),
          change(Reserve{"ana", "Ana", address("10.8.0.1")}),
          change(Reserve{"ben", "Ben", address("10.8.0.5")})});
  commit({begin({.id = 5, .generation = 7, .addresses = address("10.8.0.3")}),
          end({.id = 6, .generation = 8, .addresses = address("10.8.0.6")}, at(1000), 9)});
  const auto uses = reader()->pools(plan, at(1010)).value();
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0].size, 16U);
  EXPECT_EQ(uses[0].held, 2U);
  EXPECT_EQ(uses[0].active, 1U);
  EXPECT_EQ(uses[0].cooling, 1U);
  EXPECT_EQ(uses[0].reserved, 1U);
  EXPECT_EQ(uses[0].free, 11U);
}

TEST_P(ReaderTest, SaysWhenTheNewestChangeWasMade) {
  EXPECT_EQ(reader()->newest().value(), WallTime{});
  commit({end({}, at(200), 2)});
  EXPECT_EQ(reader()->newest().value(), at(200));
}

TEST_P(ReaderTest, StopsAtTheErrorOfWhoeverLooks) {
  commit({begin({})});
  const Done done =
      reader()->leases("", "", [](const Lease&) -> Done { return fail(Code::busy, "enough"); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::busy);
}

TEST(Reader, SaysThatThereIsNoStore) {
  StoreFiles files;
  EXPECT_EQ(open_reader(files.path()).error().code, Code::not_found);
}

}  // namespace
}  // namespace berth::testing
