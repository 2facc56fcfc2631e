// sqlite_store_test.cc - the promises of every store on disk, and those of a disk.
#include "store/sqlite_store.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>

#include "store/forgetful_vfs.h"
#include "store/store_contract_test.h"

namespace berth::testing {
namespace {

// Tables that follow at once; tables that never do, so that the tail of the journal says it all;
// and an index that takes every interval and often starts a part.
const SqliteOptions kQuick{.batch_time = Milliseconds(0)};
const SqliteOptions kSlow{.batch_time = std::chrono::hours(1)};
const SqliteOptions kIndexed{
    .history = {.run_rows = 1, .fan_in = 2, .part_rows = 4, .slice_rows = 2},
    .batch_time = Milliseconds(0)};

StoreMaker maker(const char* name, const SqliteOptions& options) {
  return {name, [options](StoreFiles& files) { return files.open(options); }};
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract,
                         ::testing::Values(maker("quick", kQuick), maker("slow", kSlow),
                                           maker("indexed", kIndexed)));

// What a store says at a start, its tail applied or not, does not depend on when it was applied.
class SqliteStore : public ::testing::Test {
 protected:
  // A store's life: these changes, then an orderly end.
  void live(const SqliteOptions& options, const std::vector<std::string>& changes) {
    const std::unique_ptr<Store> store = files_.open(options);
    ASSERT_TRUE(store);
    if (!changes.empty()) {
      ASSERT_EQ(commit(*store, changes).outcome, Outcome::durable);
    }
  }
  // Everything told at the next start, with all of the journal in the tables.
  Told told() {
    {
      const std::unique_ptr<Store> store = files_.open(kQuick);
      EXPECT_TRUE(store->scrub());
    }
    Told told;
    EXPECT_TRUE(files_.open(kSlow, &told));
    return told;
  }
  static std::vector<std::string> names(const Store& store) {
    std::vector<std::string> all;
    EXPECT_TRUE(store.for_each_name([&all](std::string_view owner, std::string_view user) -> Done {
      all.push_back(std::string(owner) + " " + std::string(user));
      return {};
    }));
    std::ranges::sort(all);
    return all;
  }

  StoreFiles files_;
};

TEST_F(SqliteStore, TellsALeaseInFullAfterAReopen) {
  LeaseSaid said{.addresses = {.ipv4 = ip("10.8.0.7"),
                               .ipv6 = prefix("2001:db8::7/128"),
                               .delegated = prefix("2001:db8:0:100::/56")},
                 .second = true};
  LeaseRecord lease = said.record();
  lease.state = State::active;
  lease.key = KeyKind::port;
  lease.started[2] = at(170);
  lease.lease_time = std::chrono::minutes(15);
  live(kQuick, {change(Begin{lease})});
  const Told now = told();
  EXPECT_EQ(now.leases, (std::map<std::uint64_t, std::string>{{1, Told::text_of(lease)}}));
  EXPECT_EQ(now.serial, 1U);
  EXPECT_EQ(now.key, (StoreKey{1, 2}));
}

TEST_F(SqliteStore, KeepsItsKeyForEver) {
  live(kQuick, {});
  const Told first = told();
  EXPECT_EQ(told().key, first.key);
}

TEST_F(SqliteStore, TellsTheTailChangeByChange) {
  const std::vector<std::string> changes = {begin({.generation = 1}),
                                            end({.generation = 1}, at(200), 2)};
  const std::unique_ptr<Store> store = files_.open(kSlow);
  commit(*store, {changes[0]});
  commit(*store, {changes[1]});
  // A copy of the files as they are now is what a kill leaves behind.
  StoreFiles killed;
  files_.copy_to(killed);
  Told told;
  const std::unique_ptr<Store> next = killed.open(kSlow, &told);
  EXPECT_EQ(told.changes, changes);
  EXPECT_TRUE(told.leases.empty());
  EXPECT_EQ(next->history("ana", {})->size(), 1U);
}

TEST_F(SqliteStore, BringsTheTablesUpToDateBeforeARename) {
  const std::unique_ptr<Store> store = files_.open(kSlow);
  commit(*store, {begin({}), change(Rename{"ana", "Ana", "anna"}), change(RulesChanged{"v2"})});
  StoreFiles killed;
  files_.copy_to(killed);
  Told told;
  const std::unique_ptr<Store> next = killed.open(kSlow, &told);
  EXPECT_TRUE(told.changes.empty());
  EXPECT_EQ(told.rules, "v2");
  EXPECT_NE(told.leases[1].find(" anna Ana "), std::string::npos) << told.leases[1];
}

TEST_F(SqliteStore, AddsUpStepsOnALease) {
  const LeaseSaid first{.id = 7, .generation = 1};
  LeaseSaid joined = first;
  joined.addresses.ipv6 = prefix("2001:db8::7/128");
  const LeaseSaid next{.id = 7, .generation = 3, .addresses = joined.addresses};
  live(kQuick, {begin(first)});
  live(kQuick, {begin(joined), change(Alive{{7}, {1}, at(150)})});
  EXPECT_EQ(told().leases.size(), 1U);
  EXPECT_NE(told().leases[1].find("7 active"), std::string::npos);
  live(kQuick, {change(End{first.record(), at(160), Cause::released, false, true, 2})});
  EXPECT_NE(told().leases[1].find(" 2001:db8::7/128 "), std::string::npos) << told().leases[1];
  LeaseSaid rest = first;
  rest.addresses = {.ipv6 = joined.addresses.ipv6};
  live(kQuick, {change(End{rest.record(), at(170), Cause::superseded, true, false, 0},
                       Begin{next.record()})});
  EXPECT_EQ(told().leases.size(), 1U);
  EXPECT_TRUE(told().leases.contains(3));
}

TEST_F(SqliteStore, GivesTheSameStateHoweverTheStepsWereCut) {
  // The same steps in one batch, and in a batch each.
  LeaseSaid lease{.id = 7, .generation = 1};
  const std::vector<std::string> changes = {
      begin(lease),
      change(Alive{{7}, {1}, at(150)}),
      end(lease, at(160), 2),
      begin({.id = 8, .generation = 3, .owner = "ben", .user = "ben"}),
      end({.id = 8, .generation = 3, .owner = "ben", .user = "ben"}, at(170), 4),
      begin({.id = 9, .generation = 5})};
  live(kSlow, changes);
  const Told together = told();
  StoreFiles apart;
  {
    const std::unique_ptr<Store> store = apart.open(kQuick);
    for (const std::string& each : changes) {
      commit(*store, {each});
      EXPECT_TRUE(store->scrub());
    }
  }
  Told alone;
  EXPECT_TRUE(apart.open(kSlow, &alone));
  EXPECT_EQ(alone.leases, together.leases);
  EXPECT_EQ(alone.lasts, together.lasts);
  EXPECT_EQ(alone.serial, together.serial);
}

TEST_F(SqliteStore, TellsLastAddressesInTheOrderOfTheirUse) {
  const Addresses second{.ipv4 = ip("10.8.0.2")};
  const Addresses third{.delegated = prefix("2001:db8:0:300::/56")};
  live(kQuick, {end({.generation = 1, .addresses = third}, at(200), 6),
                end({.generation = 2, .addresses = second, .second = true}, at(200), 5),
                end({.generation = 3}, at(200), 4)});
  EXPECT_EQ(told().lasts, (std::vector<std::string>{"10.8.0.7 ana 4", "10.8.0.2 ana 5 second",
                                                    "2001:db8:0:300::/56 ana 6"}));
}

TEST_F(SqliteStore, TellsNoLastAddressThatIsHeldAgain) {
  const Addresses both{.ipv4 = ip("10.8.0.7"), .ipv6 = prefix("2001:db8::f00:0:0:1/128")};
  live(kQuick, {end({.generation = 1, .addresses = both}, at(200), 2)});
  EXPECT_EQ(told().lasts.size(), 2U);
  live(kQuick, {begin({.id = 2, .generation = 3, .owner = "ben", .addresses = both})});
  EXPECT_TRUE(told().lasts.empty());
}

TEST_F(SqliteStore, MovesAnAddressWithoutCooling) {
  const LeaseSaid old{.id = 1, .generation = 1};
  const LeaseSaid next{.id = 2, .generation = 2, .session = "s2"};
  live(kQuick, {begin(old)});
  live(kQuick, {change(Begin{next.record()},
                       End{old.record(), at(150), Cause::taken_over, true, false, 0})});
  EXPECT_TRUE(told().lasts.empty());
  EXPECT_EQ(told().leases.size(), 1U);
}

TEST_F(SqliteStore, DropsUnlistedIdentifiersThatHaveCooled) {
  const Addresses stable{.ipv6 = prefix("2001:db8::f00:0:0:1/128")};
  live(kQuick, {end({.generation = 1, .addresses = stable}, at(200), 5)});
  live(kQuick, {change(Cooled{"p", Kind::ipv6, 4})});
  EXPECT_EQ(told().lasts.size(), 1U);
  live(kQuick, {change(Cooled{"p", Kind::ipv6, 5})});
  EXPECT_TRUE(told().lasts.empty());
  EXPECT_EQ(told().cooled_marks, (std::map<std::string, Serial>{{"p ipv6", 5}}));
}

// The first pool cools for a day, the second for a second: only the second has told a mark.
TEST_F(SqliteStore, KeepsIdentifiersThatStillCoolWhateverCoolsInOtherPools) {
  const Addresses slow{.ipv6 = prefix("2001:db8:0:a:f00::1/128")};
  const Addresses quick{.ipv6 = prefix("2001:db8:0:b:f00::1/128")};
  live(kQuick, {end({.generation = 1, .addresses = slow}, at(200), 2),
                end({.generation = 3, .addresses = quick}, at(201), 4),
                change(Cooled{"quick", Kind::ipv6, 4})});
  EXPECT_EQ(told().lasts, (std::vector<std::string>{"2001:db8:0:a:f00::1/128 ana 2"}));
}

TEST_F(SqliteStore, KeepsIdentifiersThatStillCoolHoweverMuchIsGivenBackMeanwhile) {
  constexpr Serial kMany = Serial{1} << 30;
  const Addresses slow{.ipv6 = prefix("2001:db8:0:a:f00::1/128")};
  const Addresses quick{.ipv6 = prefix("2001:db8:0:b:f00::1/128")};
  live(kQuick, {end({.generation = 1, .addresses = slow}, at(200), 2),
                change(Cooled{"slow", Kind::ipv6, 2}),
                end({.generation = 3, .addresses = slow}, at(300), 4),
                end({.generation = kMany, .addresses = quick}, at(301), kMany + 1),
                change(Cooled{"quick", Kind::ipv6, kMany + 1})});
  EXPECT_EQ(told().lasts, (std::vector<std::string>{"2001:db8:0:a:f00::1/128 ana 4"}));
}

// Nobody may lean on what else is in a transaction of the tables.
TEST_F(SqliteStore, DropsACooledIdentifierThatWasGivenAndGivenBackAgainAtOnce) {
  const Addresses one{.ipv6 = prefix("2001:db8:0:a:f00::1/128")};
  const Addresses other{.ipv6 = prefix("2001:db8:0:a:f00::2/128")};
  live(kSlow,
       {end({.generation = 1, .addresses = other}, at(200), 2),
        end({.generation = 3, .addresses = one}, at(200), 4), change(Cooled{"p", Kind::ipv6, 4}),
        end({.generation = 5, .addresses = one}, at(201), 6)});
  EXPECT_EQ(told().lasts, (std::vector<std::string>{"2001:db8:0:a:f00::1/128 ana 6"}));
}

TEST_F(SqliteStore, TellsServersAndWhichAreAwaited) {
  live(kQuick, {begin({}), change(Boot{"vpn2", "pid 7", {4}, at(100)})});
  EXPECT_EQ(told().servers, (std::map<std::string, std::string>{{"vpn1", " before 0"},
                                                                {"vpn2", "pid 7 before 4"}}));
  live(kQuick, {change(Restored{at(90), at(200), false})});
  EXPECT_EQ(told().servers["vpn2"], "pid 7 before 4 awaited");
  live(kQuick, {change(Boot{"vpn2", "pid 8", {9}, at(300)})});
  EXPECT_EQ(told().servers["vpn2"], "pid 8 before 9");
  EXPECT_EQ(told().servers["vpn1"], " before 0 awaited");
  live(kQuick, {change(Restored{at(90), at(400), true})});
  EXPECT_EQ(told().servers["vpn1"], " before 0");
}

TEST_F(SqliteStore, SerialsThatARestoreLostDoNotComeAgain) {
  live(kQuick, {begin({.generation = 3})});
  live(kQuick, {change(Restored{at(90), at(200), true})});
  EXPECT_EQ(told().serial, 3 + kLostSerials);
}

TEST_F(SqliteStore, AddsReservationsKindByKind) {
  live(kQuick, {change(Reserve{"ana", "Ana", {.ipv4 = ip("10.8.0.9")}}),
                change(Reserve{"ana", "ANA", {.delegated = prefix("2001:db8:0:300::/56")}})});
  EXPECT_EQ(told().reservations["ana"], "ANA 10.8.0.9 2001:db8:0:300::/56");
  live(kQuick, {change(Unreserve{"ana", {.ipv4 = ip("10.8.0.9")}})});
  EXPECT_EQ(told().reservations["ana"], "ANA 2001:db8:0:300::/56");
  live(kQuick, {change(Unreserve{"ana", {.delegated = prefix("2001:db8:0:300::/56")}})});
  EXPECT_TRUE(told().reservations.empty());
}

TEST_F(SqliteStore, KeepsAnErasedAddressCoolingWithoutAName) {
  live(kQuick, {end({.generation = 1}, at(200), 2), change(Erase{"ana", at(300)})});
  EXPECT_EQ(told().lasts, (std::vector<std::string>{"10.8.0.7  2 second"}));
}

TEST_F(SqliteStore, LeavesNoTraceOfAnErasedNameInAnyFile) {
  {
    // Enough names that pages split and rows move between them.
    const std::unique_ptr<Store> store = files_.open(kQuick);
    std::uint64_t generation = 0;
    for (int round = 0; round < 40; ++round) {
      std::vector<std::string> changes;
      for (int i = 0; i < 50; ++i) {
        const std::string name = (i % 2 == 0 ? "secret-" : "public-") +
                                 std::to_string(i * 37 % 50) + "-" + std::to_string(round);
        const LeaseSaid lease{
            .id = ++generation, .generation = generation, .owner = name, .user = "USER-" + name};
        changes.push_back(begin(lease));
        changes.push_back(end(lease, at(200), ++generation));
      }
      commit(*store, changes);
    }
    for (int round = 0; round < 40; ++round) {
      for (int i = 0; i < 50; i += 2) {
        commit(*store,
               {change(Erase{"secret-" + std::to_string(i * 37 % 50) + "-" + std::to_string(round),
                             at(300)})});
      }
    }
    ASSERT_NE(files_.bytes().find("secret-"), std::string::npos);
    ASSERT_TRUE(store->scrub());
    EXPECT_EQ(files_.bytes().find("secret-"), std::string::npos);
    EXPECT_NE(files_.bytes().find("public-"), std::string::npos);
  }
  EXPECT_EQ(files_.bytes().find("secret-"), std::string::npos);
}

TEST_F(SqliteStore, DropsNamesThatNothingUsesWhenItIsScrubbed) {
  const std::unique_ptr<Store> store = files_.open(kQuick);
  commit(*store, {end({.generation = 1, .addresses = {.ipv6 = prefix("2001:db8::f00:0:0:1/128")}},
                      at(200), 2),
                  change(Cooled{"p", Kind::ipv6, 2}), change(Forget{at(300), at(400)})});
  ASSERT_TRUE(store->scrub());
  EXPECT_EQ(files_.bytes().find("ana"), std::string::npos);
}

TEST_F(SqliteStore, SaysEveryNameOnce) {
  for (const SqliteOptions& options : {kQuick, kSlow, kIndexed}) {
    StoreFiles files;
    const std::unique_ptr<Store> store = files.open(options);
    commit(*store, {begin({.generation = 1}), begin({.id = 2, .generation = 2}),
                    begin({.id = 3, .generation = 3, .user = "ANA"}),
                    end({.id = 4, .generation = 4, .owner = "cid", .user = "cid"}, at(200), 5),
                    change(Reserve{"ben", "Ben", {.ipv4 = ip("10.8.0.9")}})});
    EXPECT_EQ(names(*store),
              (std::vector<std::string>{"ana ANA", "ana Ana", "ben Ben", "cid cid"}));
    commit(*store, {change(Erase{"cid", at(500)})});
    EXPECT_TRUE(store->scrub());
    EXPECT_EQ(names(*store), (std::vector<std::string>{"ana ANA", "ana Ana", "ben Ben"}));
  }
}

TEST_F(SqliteStore, StopsAtTheErrorOfWhoeverLooksAtNames) {
  const std::unique_ptr<Store> store = files_.open(kQuick);
  commit(*store, {begin({})});
  const Done done = store->for_each_name(
      [](std::string_view, std::string_view) -> Done { return fail(Code::busy, "enough"); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::busy);
}

TEST_F(SqliteStore, RefusesASecondWriterAndNamesTheFirst) {
  const std::unique_ptr<Store> store = files_.open(kQuick);
  CountingChance chance;
  const auto second = open_sqlite_store({.path = files_.path(), .chance = &chance});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::store_locked);
  std::string holder;
  std::ifstream(files_.path("leases.db.lock")) >> holder;
  EXPECT_FALSE(holder.empty());
  EXPECT_NE(second.error().what.find("process " + holder), std::string::npos)
      << second.error().what;
}

TEST_F(SqliteStore, RefusesAStoreWhoseJournalIsMissing) {
  live(kQuick, {begin({})});
  std::filesystem::remove(files_.path("leases.db.journal"));
  CountingChance chance;
  const auto store = open_sqlite_store({.path = files_.path(), .chance = &chance});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::store_corrupt);
  EXPECT_NE(store.error().what.find("missing"), std::string::npos);
}

TEST_F(SqliteStore, RefusesAJournalThatLostItsBytes) {
  live(kQuick, {begin({})});
  std::filesystem::resize_file(files_.path("leases.db.journal"), 0);
  CountingChance chance;
  const auto store = open_sqlite_store({.path = files_.path(), .chance = &chance});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::store_corrupt);
}

TEST_F(SqliteStore, RefusesTheJournalOfAnotherStore) {
  live(kQuick, {begin({})});
  StoreFiles other;
  {
    CountingChance chance;
    for (int i = 0; i < 10; ++i) (void)chance.next();
    EXPECT_TRUE(other.open({.chance = &chance}));
  }
  // Not overwritten in place: mingw's copy_file() cannot.
  std::filesystem::remove(files_.path("leases.db.journal"));
  std::filesystem::copy_file(other.path("leases.db.journal"), files_.path("leases.db.journal"));
  CountingChance chance;
  const auto store = open_sqlite_store({.path = files_.path(), .chance = &chance});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::store_corrupt);
}

TEST_F(SqliteStore, RefusesAFileThatIsNoDatabase) {
  std::ofstream(files_.path()) << std::string(8192, 'x');
  CountingChance chance;
  const auto store = open_sqlite_store({.path = files_.path(), .chance = &chance});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::store_corrupt);
}

// The tables' first sync does not return before the writer has had time for all that it wants.
TEST_F(SqliteStore, MakesWritersWaitWhenTheTablesAreFarBehind) {
  ForgetfulDisk disk("behind");
  SqliteOptions options = kSlow;
  options.vfs = disk.vfs();
  options.most_lag_bytes = 4000;
  std::promise<void> all_answered;
  std::atomic<std::uint64_t> answered = 0;
  std::uint64_t answered_meanwhile = 0;
  std::once_flag blocked;
  const std::thread::id writer = std::this_thread::get_id();
  disk.on_sync([&, all = all_answered.get_future().share()] {
    if (std::this_thread::get_id() == writer) return;
    std::call_once(blocked, [&] {
      all.wait_for(std::chrono::milliseconds(300));
      answered_meanwhile = answered;
    });
  });
  const std::unique_ptr<Store> store = files_.open(options);
  for (std::uint64_t i = 1; i <= 200; ++i) {
    EXPECT_EQ(commit(*store, {begin({.id = i, .generation = i})}).outcome, Outcome::durable);
    ++answered;
  }
  all_answered.set_value();
  EXPECT_TRUE(store->scrub());
  EXPECT_GT(answered_meanwhile, 5U);
  EXPECT_LT(answered_meanwhile, 50U);
}

TEST_F(SqliteStore, StaysSmallUnderEndlessLoad) {
  SqliteOptions options = kQuick;
  options.history = {.run_rows = 16, .fan_in = 3, .part_rows = 400, .slice_rows = 40};
  options.logs = {.copy_bytes = 200'000, .restart_bytes = 400'000, .tables_pages = 100};
  const std::unique_ptr<Store> store = files_.open(options);
  std::uintmax_t early = 0;
  std::uint64_t serial = 0;
  for (std::int64_t round = 0; round < 120; ++round) {
    std::vector<std::string> changes;
    for (int i = 0; i < 100; ++i) {
      const auto number = static_cast<std::uint64_t>(i);
      // Everybody is here once and never again.
      LeaseSaid lease{.id = number,
                      .generation = ++serial,
                      .owner = std::string(200, 'u') + std::to_string(serial),
                      .session = std::string(200, 's'),
                      .addresses = {.ipv4 = Ipv4(static_cast<std::uint32_t>(i)),
                                    .ipv6 = Ipv6Prefix::host(Ipv6(1, InterfaceId(number << 40)))},
                      .started = at(round * 100)};
      changes.push_back(begin(lease));
      changes.push_back(end(lease, at(round * 100 + 50), ++serial));
    }
    changes.push_back(change(Cooled{"p", Kind::ipv6, serial}));
    changes.push_back(change(Forget{at(round * 100 - 200), at(round * 100 + 50)}));
    commit(*store, changes);
    ASSERT_TRUE(store->for_each_name([](auto, auto) -> Done { return {}; }));  // it is applied
    if (round == 20) early = files_.size();
  }
  EXPECT_LT(files_.size(), 2 * early);
}

TEST_F(SqliteStore, RefusesWhatAFullDiskCannotHoldAndGoesOnAfterwards) {
  ForgetfulDisk disk("full");
  SqliteOptions options = kQuick;
  options.vfs = disk.vfs();
  Told told;
  {
    const std::unique_ptr<Store> store = files_.open(options);
    ASSERT_EQ(commit(*store, {begin({.id = 1, .generation = 1})}).outcome, Outcome::durable);
    disk.fail_at(disk.steps(), ForgetfulDisk::Failure::full);
    const Commit refused = commit(*store, {begin({.id = 2, .generation = 2})});
    EXPECT_EQ(refused.outcome, Outcome::refused);
    EXPECT_EQ(refused.error.code, Code::store_full);
    disk.fail_at(0, ForgetfulDisk::Failure::none);
    const Commit after = commit(*store, {begin({.id = 3, .generation = 3})});
    EXPECT_EQ(after.outcome, Outcome::durable);
    EXPECT_EQ(after.revision, 2U);
    EXPECT_TRUE(store->scrub());
  }
  EXPECT_TRUE(files_.open(options, &told));
  EXPECT_EQ(told.leases.size(), 2U);
  EXPECT_FALSE(told.leases.contains(2));
}

// Whatever the failed sync left on the disk, nothing or all of it, must not come back after this.
TEST_F(SqliteStore, SettlesWhatAFailedSyncLeftOpen) {
  using Unsynced = ForgetfulDisk::Unsynced;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    ForgetfulDisk disk("unsynced");
    SqliteOptions options = kSlow;
    options.vfs = disk.vfs();
    Told told;
    {
      const std::unique_ptr<Store> store = files_.open(options);
      commit(*store, {begin({.id = 1, .generation = 1})});
      disk.fail_at(disk.steps(), ForgetfulDisk::Failure::sync_error);
      EXPECT_EQ(commit(*store, {begin({.id = 2, .generation = 2})}).outcome, Outcome::unknown);
      EXPECT_EQ(commit(*store, {begin({.id = 3, .generation = 3})}).outcome, Outcome::refused);
      EXPECT_EQ(store->settle().error().code, Code::store_unavailable);
      disk.fail_at(0, ForgetfulDisk::Failure::none);
      EXPECT_EQ(store->settle().value(), 1U);
      disk.cut_power(seed, seed == 0 ? Unsynced::all : Unsynced::some);
    }
    disk.restart();
    EXPECT_TRUE(files_.open(options, &told));
    EXPECT_EQ(told.changes.size(), 1U) << "seed " << seed;
  }
}

TEST_F(SqliteStore, SaysSoWhenTheTablesCannotFollow) {
  ForgetfulDisk disk("tables-full");
  SqliteOptions options = kSlow;
  options.vfs = disk.vfs();
  const std::unique_ptr<Store> store = files_.open(options);
  commit(*store, {end({.generation = 1}, at(200), 2), change(Forget{at(100), at(300)})});
  disk.fail_at(disk.steps(), ForgetfulDisk::Failure::full);
  // A look must see the Forget, for which the tables are needed.
  const auto looked = store->history("ana", {});
  ASSERT_FALSE(looked);
  EXPECT_EQ(looked.error().code, Code::store_full);
  disk.fail_at(0, ForgetfulDisk::Failure::none);
  EXPECT_TRUE(store->scrub());
  EXPECT_EQ(store->history("ana", {})->size(), 1U);
}

}  // namespace
}  // namespace berth::testing
