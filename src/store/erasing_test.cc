// erasing_test.cc - what is erased leaves no trace, whatever happens on the way.
#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

const SqliteOptions kQuick{.batch_time = Milliseconds(0)};
const SqliteOptions kSlow{.batch_time = std::chrono::hours(1)};

class Erasing : public ::testing::Test {
 protected:
  static std::string end_of(const std::string& owner, std::uint64_t generation,
                            WallTime ended = at(200)) {
    return end({.generation = generation,
                .owner = owner,
                .user = owner,
                .addresses = {.ipv6 = prefix("2001:db8::f00:0:0:1/128")}},
               ended, generation);
  }
  static std::int64_t number(const StoreFiles& files, const std::string& sql) {
    auto db = Database::open(files.path(), Database::Mode::read).value();
    return db->number(sql);
  }
  [[nodiscard]] std::int64_t number(const std::string& sql) const { return number(files_, sql); }
  StoreFiles files_;
};

TEST_F(Erasing, IsFinishedByTheNextProcessWhenOneIsKilledOnTheWay) {
  StoreFiles killed;
  {
    const auto store = files_.open(kQuick);
    commit(*store, {end_of("secret", 1), end_of("public", 2), change(Erase{"secret", at(300)})});
    ASSERT_TRUE(store->for_each_name([](auto, auto) -> Done { return {}; }));  // it is applied
    files_.copy_to(killed);
  }
  ASSERT_NE(killed.bytes().find("secret"), std::string::npos);
  EXPECT_NE(number(killed, "SELECT value FROM state WHERE key = 'scrub_owed'"), 0);
  EXPECT_TRUE(killed.open(kQuick));
  EXPECT_EQ(number(killed, "SELECT value FROM state WHERE key = 'scrub_owed'"), 0);
  EXPECT_EQ(killed.bytes().find("secret"), std::string::npos);
  EXPECT_NE(killed.bytes().find("public"), std::string::npos);
}

TEST_F(Erasing, IsFinishedWhenItWasOnlyInTheJournal) {
  StoreFiles killed;
  {
    const auto store = files_.open(kSlow);
    commit(*store, {end_of("secret", 1), end_of("public", 2), change(Erase{"secret", at(300)})});
    files_.copy_to(killed);
  }
  EXPECT_TRUE(killed.open(kSlow));
  EXPECT_EQ(killed.bytes().find("secret"), std::string::npos);
  EXPECT_NE(killed.bytes().find("public"), std::string::npos);
}

TEST_F(Erasing, SaysThatItIsDoneWhenAReaderKeepsTheTraces) {
  {
    const auto store = files_.open(kQuick);
    commit(*store, {end_of("secret", 1)});
    ASSERT_TRUE(store->for_each_name([](auto, auto) -> Done { return {}; }));
    auto reader = Database::open(files_.path(), Database::Mode::read).value();
    reader->exec("BEGIN; SELECT count(*) FROM name");
    commit(*store, {change(Erase{"secret", at(300)})});
    const Done done = store->scrub();
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().what.find("it is done"), std::string::npos) << done.error().what;
    EXPECT_NE(files_.bytes().find("secret"), std::string::npos);
  }
  // Nobody asked again.
  EXPECT_EQ(files_.bytes().find("secret"), std::string::npos);
}

TEST_F(Erasing, OwesNothingOnceItIsClean) {
  const auto store = files_.open(kQuick);
  commit(*store, {end_of("secret", 1), change(Erase{"secret", at(300)})});
  ASSERT_TRUE(store->scrub());
  EXPECT_EQ(number("SELECT value FROM state WHERE key = 'scrub_owed'"), 0);
}

TEST_F(Erasing, KeepsANameThatIsConnected) {
  const auto store = files_.open(kQuick);
  commit(*store, {begin({.generation = 1}), change(Erase{"ana", at(300)})});
  ASSERT_TRUE(store->scrub());
  EXPECT_EQ(number("SELECT count(*) FROM name WHERE owner = 'ana'"), 1);
}

// With keep_history names must not stay when all that they had is forgotten.
TEST_F(Erasing, DropsNamesWithTheHistoryThatHadThem) {
  SqliteOptions options = kQuick;
  options.history = {.run_rows = 4, .fan_in = 2, .part_rows = 16, .slice_rows = 5};
  {
    const auto store = files_.open(options);
    std::vector<std::string> changes;
    for (std::uint64_t i = 1; i <= 30; ++i) {
      changes.push_back(end_of("user" + std::to_string(i), i, at(static_cast<int>(i))));
    }
    changes.push_back(begin({.id = 40, .generation = 40, .owner = "user1", .user = "user1"}));
    changes.push_back(change(Reserve{"user2", "user2", {.ipv4 = ip("10.8.0.9")}}));
    changes.push_back(change(Cooled{"p", Kind::ipv6, 30}));
    commit(*store, changes);
  }
  {
    const auto store = files_.open(options);
    commit(*store, {change(Forget{at(21), at(1000)})});
  }
  EXPECT_EQ(number("SELECT count(*) FROM interval"), 10);
  // A store that is closed does not wait for it; each that is opened goes on.
  while (number("SELECT count(*) FROM forgetting") != 0) EXPECT_TRUE(files_.open(options));
  EXPECT_EQ(number("SELECT count(*) FROM interval_row"), 10);
  // Those of the ten, the one who is connected, the one who has a reservation.
  EXPECT_EQ(number("SELECT count(*) FROM name"), 12);
}

TEST_F(Erasing, NotesNoForgettingThatDeletedNothing) {
  {
    const auto store = files_.open(kQuick);
    commit(*store, {end_of("ana", 1), change(Restored{at(90), at(250), false})});
    for (int i = 0; i < 10; ++i) commit(*store, {change(Forget{at(100), at(300 + i)})});
    commit(*store, {change(Forget{at(201), at(400)})});
  }
  EXPECT_EQ(number("SELECT count(*) FROM event"), 2);
  EXPECT_EQ(number("SELECT count(*) FROM event WHERE what = 'forgot'"), 1);
}

}  // namespace
}  // namespace berth::testing
