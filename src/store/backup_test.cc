// backup_test.cc - a copy taken beside running commits is a store; putting it back says its age.
#include "store/backup.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

class Backup : public ::testing::Test {
 protected:
  [[nodiscard]] std::string copy() const { return files_.path("copy.db"); }
  // What a store made of the backup tells.
  Told restored(bool trust = true) {
    StoreFiles other;
    const auto taken = restore_store(copy(), other.path(), at(1000), trust);
    EXPECT_TRUE(taken) << taken.error().what;
    Told told;
    EXPECT_TRUE(other.open({}, &told));
    return told;
  }
  // What the store tells that a restore put aside, once it is back: by the two renames of the page.
  static Told went_back(StoreFiles& files, const std::string& number = "") {
    for (const char* name : {"leases.db", "leases.db.journal"}) {
      std::filesystem::remove(files.path(name));
      std::filesystem::rename(files.path(name) + ".before-restore" + number, files.path(name));
    }
    {
      const auto store = files.open();
      EXPECT_TRUE(store->scrub());  // so that all of it is told as leases
    }
    Told told;
    EXPECT_TRUE(files.open({}, &told));
    return told;
  }
  StoreFiles files_;
};

TEST_F(Backup, HoldsTheTablesAndTheTail) {
  const auto store = files_.open({.batch_time = std::chrono::hours(1)});
  commit(*store, {begin({.id = 1, .generation = 1})});
  ASSERT_TRUE(store->scrub());
  commit(*store, {begin({.id = 2, .generation = 2})});
  const Done done = store->backup(copy());
  ASSERT_TRUE(done) << done.error().what;
  const Told told = restored();
  EXPECT_EQ(told.leases.size(), 2U);
  EXPECT_TRUE(told.changes.empty());
}

TEST_F(Backup, IsOneMomentOfAStoreThatIsWritten) {
  const auto store = files_.open({.batch_time = Milliseconds(0)});
  std::uint64_t generation = 0;
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) {
      // Two leases in a change: a copy has both or none.
      const LeaseSaid one{.id = generation + 1, .generation = generation + 1};
      const LeaseSaid two{.id = generation + 2, .generation = generation + 2};
      generation += 2;
      commit(*store, {change(Begin{one.record()}, Begin{two.record()})});
    }
  });
  for (int i = 0; i < 10; ++i) {
    std::filesystem::remove(copy());
    const Done done = store->backup(copy());
    ASSERT_TRUE(done) << done.error().what;
    const Told told = restored();
    EXPECT_EQ(told.leases.size() % 2, 0U);
    // None is missing before the last.
    EXPECT_EQ(told.leases.empty() ? 0 : told.leases.rbegin()->first, told.leases.size());
  }
  stop = true;
  writer.join();
}

TEST_F(Backup, RefusesToOverwriteAFile) {
  const auto store = files_.open();
  ASSERT_TRUE(store->backup(copy()));
  EXPECT_EQ(store->backup(copy()).error().code, Code::invalid);
}

TEST_F(Backup, SaysWhenItWasTakenAndMakesServersAwaited) {
  {
    const auto store = files_.open();
    commit(*store, {begin({}), end({}, at(300), 2)});
    ASSERT_TRUE(store->backup(copy()));
  }
  StoreFiles other;
  const auto taken = restore_store(copy(), other.path(), at(1000), false);
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(*taken, at(300));
  EXPECT_EQ(restored(false).servers["vpn1"], " before 0 awaited");
  EXPECT_EQ(restored(true).servers["vpn1"], " before 0");
}

TEST_F(Backup, PutsTheOldStoreAside) {
  {
    const auto store = files_.open();
    commit(*store, {begin({.id = 1, .generation = 1})});
    ASSERT_TRUE(store->backup(copy()));
    commit(*store, {begin({.id = 2, .generation = 2})});
  }
  ASSERT_TRUE(restore_store(copy(), files_.path(), at(1000), true));
  EXPECT_TRUE(std::filesystem::exists(files_.path("leases.db.before-restore")));
  EXPECT_TRUE(std::filesystem::exists(files_.path("leases.db.journal.before-restore")));
  Told told;
  const auto store = files_.open({}, &told);
  EXPECT_EQ(told.leases.size(), 1U);
  EXPECT_EQ(commit(*store, {begin({.id = 3, .generation = 3})}).outcome, Outcome::durable);
}

// The log of a killed process is not empty. What is in it belongs to the old store: it must
// neither come back in the restored one nor be lost from what is put aside.
TEST_F(Backup, KeepsTheLogOfAKilledStoreOutOfTheRestoredOne) {
  StoreFiles killed;
  {
    const auto store = files_.open({.batch_time = Milliseconds(0)});
    commit(*store, {begin({.id = 1, .generation = 1})});
    ASSERT_TRUE(store->backup(copy()));
    commit(*store, {begin({.id = 2, .generation = 2})});
    ASSERT_TRUE(store->for_each_name([](auto, auto) -> Done { return {}; }));  // in the tables
    commit(*store, {begin({.id = 3, .generation = 3})});
    files_.copy_to(killed);
  }
  ASSERT_GT(std::filesystem::file_size(killed.path("leases.db-wal")), 0U);
  const auto taken = restore_store(copy(), killed.path(), at(1000), true);
  ASSERT_TRUE(taken) << taken.error().what;
  {
    Told told;
    EXPECT_TRUE(killed.open({}, &told));
    EXPECT_EQ(told.leases.size(), 1U);
    EXPECT_TRUE(told.changes.empty());
  }
  EXPECT_EQ(went_back(killed).leases.size(), 3U);
}

TEST_F(Backup, TakesTheLogOfATornStoreOutOfTheWay) {
  StoreFiles killed;
  {
    const auto store = files_.open({.batch_time = Milliseconds(0)});
    commit(*store, {begin({.id = 1, .generation = 1})});
    ASSERT_TRUE(store->backup(copy()));
    ASSERT_TRUE(store->for_each_name([](auto, auto) -> Done { return {}; }));
    files_.copy_to(killed);
  }
  for (const char* torn : {"leases.db", "leases.db.journal"}) {
    std::ofstream(killed.path(torn), std::ios::binary) << std::string(8192, 'x');
    std::ofstream(killed.path(torn) + "-wal", std::ios::binary) << std::string(4000, 'y');
  }
  const auto taken = restore_store(copy(), killed.path(), at(1000), true);
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_TRUE(std::filesystem::exists(killed.path("leases.db.before-restore")));
  EXPECT_FALSE(std::filesystem::exists(killed.path("leases.db-wal")));
  EXPECT_FALSE(std::filesystem::exists(killed.path("leases.db.journal-wal")));
  Told told;
  EXPECT_TRUE(killed.open({}, &told));
  EXPECT_EQ(told.leases.size(), 1U);
}

TEST_F(Backup, KeepsWhatEachRestorePutAside) {
  {
    const auto store = files_.open();
    ASSERT_TRUE(store->backup(copy()));
    commit(*store, {begin({.id = 1, .generation = 1}), begin({.id = 2, .generation = 2})});
  }
  ASSERT_TRUE(restore_store(copy(), files_.path(), at(1000), true));
  {
    const auto store = files_.open();
    commit(*store, {begin({.id = 3, .generation = 3})});
  }
  ASSERT_TRUE(restore_store(copy(), files_.path(), at(1000), true));
  ASSERT_TRUE(restore_store(copy(), files_.path(), at(1000), true));  // never opened between
  EXPECT_TRUE(std::filesystem::exists(files_.path("leases.db.before-restore.3")));
  EXPECT_FALSE(std::filesystem::exists(files_.path("leases.db.journal.before-restore.3")));
  EXPECT_EQ(went_back(files_, ".2").leases.size(), 1U);
  EXPECT_EQ(went_back(files_).leases.size(), 2U);
}

TEST_F(Backup, RefusesTheJournalOfTheRestoredStoreBesideTheOldTables) {
  {
    const auto store = files_.open();
    ASSERT_TRUE(store->backup(copy()));
    commit(*store, {begin({.id = 1, .generation = 1})});
  }
  ASSERT_TRUE(restore_store(copy(), files_.path(), at(1000), true));
  EXPECT_TRUE(files_.open());
  std::filesystem::rename(files_.path("leases.db.before-restore"), files_.path());
  CountingChance chance;
  const auto store = open_sqlite_store({.path = files_.path(), .chance = &chance});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::store_corrupt);
}

// Every instant at which a restore can be cut off leaves a store that opens with all that it had,
// or one that is refused; never none, which the next writer would take for a new one.
TEST_F(Backup, MakesNoStoreWhereARestoreWasCutOff) {
  for (const char* left : {".unfinished", ".before-restore", ".journal"}) {
    StoreFiles cut;
    std::ofstream(cut.path() + left) << "rest";
    CountingChance chance;
    const auto store = open_sqlite_store({.path = cut.path(), .chance = &chance});
    ASSERT_FALSE(store) << left;
    EXPECT_EQ(store.error().code, Code::store_corrupt);
    EXPECT_NE(store.error().what.find(left), std::string::npos) << store.error().what;
    EXPECT_FALSE(std::filesystem::exists(cut.path()));
  }
}

TEST_F(Backup, GoesOnWithARestoreThatWasCutOff) {
  {
    const auto store = files_.open();
    ASSERT_TRUE(store->backup(copy()));
    commit(*store, {begin({.id = 1, .generation = 1}), begin({.id = 2, .generation = 2})});
  }
  // The old tables have their second name and the journal has gone; then the power went.
  std::filesystem::create_hard_link(files_.path(), files_.path("leases.db.before-restore"));
  std::filesystem::rename(files_.path("leases.db.journal"),
                          files_.path("leases.db.journal.before-restore"));
  CountingChance chance;
  EXPECT_FALSE(open_sqlite_store({.path = files_.path(), .chance = &chance}));
  ASSERT_TRUE(restore_store(copy(), files_.path(), at(1000), true));
  EXPECT_FALSE(std::filesystem::exists(files_.path("leases.db.before-restore.2")));
  {
    Told told;
    EXPECT_TRUE(files_.open({}, &told));
    EXPECT_TRUE(told.leases.empty());
  }
  EXPECT_EQ(went_back(files_).leases.size(), 2U);
}

TEST_F(Backup, NoLongerAwaitsServersOnceItIsTrusted) {
  {
    const auto store = files_.open();
    commit(*store, {begin({}), change(Restored{at(90), at(200), false})});
    ASSERT_TRUE(store->backup(copy()));
  }
  EXPECT_EQ(restored(false).servers["vpn1"], " before 0 awaited");
  EXPECT_EQ(restored(true).servers["vpn1"], " before 0");
}

TEST_F(Backup, SaysWhenItCouldNotBeWrittenToItsEnd) {
  auto from = Database::open(files_.path("from.db"), Database::Mode::create).value();
  from->exec("CREATE TABLE thing (x)");
  auto to = Database::open(copy(), Database::Mode::create).value();
  to->exec("PRAGMA busy_timeout=0");
  auto other = Database::open(copy(), Database::Mode::create).value();
  other->exec("BEGIN EXCLUSIVE");
  EXPECT_FALSE(copy_database(*from, *to));
  other->roll_back();
  EXPECT_TRUE(copy_database(*from, *to));
}

TEST_F(Backup, LeavesAStoreThatIsInUseAlone) {
  const auto store = files_.open();
  ASSERT_TRUE(store->backup(copy()));
  EXPECT_EQ(restore_store(copy(), files_.path(), at(1000), true).error().code, Code::store_locked);
}

TEST_F(Backup, RefusesAStoreInPlaceOfABackup) {
  {
    const auto store = files_.open();
  }
  StoreFiles other;
  EXPECT_EQ(restore_store(files_.path(), other.path(), at(1000), true).error().code, Code::invalid);
  EXPECT_EQ(restore_store(files_.path("none.db"), other.path(), at(1000), true).error().code,
            Code::not_found);
}

}  // namespace
}  // namespace berth::testing
