// backup_test.cc - a copy taken beside running commits is a store; putting it back says its age.
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "store/reader.h"
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
