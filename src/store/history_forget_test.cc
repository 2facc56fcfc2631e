// history_forget_test.cc - what is forgotten is gone for whoever looks, and from the disk by and
// by.
#include "store/history_forget.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/history_lookup.h"
#include "store/store_files_test.h"
#include "store/tables.h"

namespace berth::testing {
namespace {

class HistoryForgetTest : public ::testing::Test {
 protected:
  HistoryForgetTest() { open(); }

  void open() {
    tables_.reset();
    tables_ = Tables::open({.path = files_.path(), .history = kLimits}).value();
  }
  void apply(const std::vector<std::string>& changes) {
    tables_->begin();
    for (const std::string& each : changes) ASSERT_TRUE(tables_->apply(each));
    ASSERT_TRUE(tables_->commit());
  }
  // As many intervals more, each a second later than the one before; all that can be is indexed.
  void live(std::int64_t intervals) {
    std::vector<std::string> changes;
    for (const std::int64_t until = last_ + intervals; last_ < until;) {
      ++last_;
      const auto number = static_cast<std::uint64_t>(last_);
      changes.push_back(end({.id = number,
                             .generation = number,
                             .session = std::to_string(last_),
                             .started = at(last_ - 1)},
                            at(last_), number));
    }
    apply(changes);
    while (tables_->index_history().value()) {
    }
  }
  void merge_all() {
    while (tables_->merge_history().value()) {
    }
  }
  void forget(std::int64_t before) { apply({change(Forget{at(before), at(5000)})}); }
  // Slice by slice to the end; how many there were.
  int forget_all() {
    int slices = 0;
    while (tables_->forget_history().value()) ++slices;
    return slices;
  }
  [[nodiscard]] std::int64_t number(const std::string& sql) const {
    return tables_->database().number(sql);
  }
  [[nodiscard]] std::int64_t rows() const { return number("SELECT count(*) FROM interval_row"); }
  // The ends that a lookup finds, the latest first.
  [[nodiscard]] std::vector<std::int64_t> found(std::size_t most = 1000) const {
    HistoryLookup lookup(tables_->database());
    std::vector<std::int64_t> ends;
    for (const Interval& each : lookup.history("ana", {}, tables_->indexed(), most)) {
      ends.push_back(each.ended->time_since_epoch() / std::chrono::seconds(1));
    }
    return ends;
  }
  // Every index has an entry for each interval, and none more.
  void expect_whole() const {
    for (const char* view : {"by_ipv4", "by_name"}) {
      EXPECT_EQ(number("SELECT count(*) FROM " + std::string(view)),
                number("SELECT count(*) FROM interval_row WHERE sequence <= "
                       "(SELECT value FROM state WHERE key = 'indexed')"))
          << view;
    }
    EXPECT_TRUE(tables_->database().check());
  }
  using Ends = std::vector<std::int64_t>;

  static constexpr HistoryLimits kLimits{
      .run_rows = 8, .fan_in = 2, .part_rows = 32, .slice_rows = 5, .forget_rows = 3};
  StoreFiles files_;
  std::unique_ptr<Tables> tables_;
  std::int64_t last_ = 0;
};

TEST_F(HistoryForgetTest, DeletesNoMoreThanASliceAtATime) {
  live(32);
  merge_all();
  forget(21);
  EXPECT_EQ(rows(), 32) << "the change itself deletes nothing that is indexed";
  for (std::int64_t before = rows(); tables_->forget_history().value(); before = rows()) {
    EXPECT_LE(before - rows(), 3);
  }
  EXPECT_EQ(rows(), 12);
  expect_whole();
}

TEST_F(HistoryForgetTest, HidesAllOfItAtOnce) {
  live(20);
  forget(15);
  const Ends kept = {16, 15};
  EXPECT_EQ(found(), kept) << "17 to 20 are in no part yet";
  EXPECT_EQ(number("SELECT count(*) FROM interval"), 6);
  EXPECT_EQ(number("SELECT count(*) FROM history"), 6);
  EXPECT_GT(forget_all(), 1);
  EXPECT_EQ(found(), kept);
  EXPECT_EQ(rows(), 6);
}

// Had the clock been ahead, later intervals would have ended earlier.
TEST_F(HistoryForgetTest, HidesWhatALimitWouldStopAt) {
  live(8);
  last_ = 100;
  live(8);
  last_ = 20;
  live(8);
  forget(50);
  EXPECT_EQ(found(3), Ends({108, 107, 106}));
}

TEST_F(HistoryForgetTest, LeavesAloneWhatEndsAfterwardsWhateverTheClockSays) {
  live(16);
  forget(1000);
  live(16);
  EXPECT_EQ(found().size(), 16U);
  forget_all();
  EXPECT_EQ(found().size(), 16U);
  expect_whole();
}

TEST_F(HistoryForgetTest, DropsPartsThatAreWhollyTooOld) {
  live(64);
  merge_all();
  ASSERT_EQ(number("SELECT count(*) FROM part"), 2);
  forget(33);
  EXPECT_EQ(forget_all(), 4 + 1) << "a run at a time, whatever its size, and that nothing is left";
  EXPECT_EQ(rows(), 32);
  EXPECT_EQ(number("SELECT count(*) FROM part"), 1);
  expect_whole();
}

TEST_F(HistoryForgetTest, GoesOnAfterAReopen) {
  live(32);
  forget(30);
  ASSERT_TRUE(tables_->forget_history().value());
  open();
  EXPECT_EQ(found(), Ends({32, 31, 30}));
  EXPECT_GT(forget_all(), 3);
  EXPECT_EQ(rows(), 3);
  EXPECT_EQ(number("SELECT count(*) FROM event WHERE what = 'forgot'"), 1);
}

TEST_F(HistoryForgetTest, ReadsOnlyTheRunsThatHaveSomethingToForget) {
  live(32);
  merge_all();
  forget(12);
  EXPECT_EQ(forget_all(), 3 + 2 + 1) << "8 of the first run, 3 of the second";
  forget(13);
  EXPECT_EQ(forget_all(), 1 + 1);
  forget(13);
  EXPECT_EQ(forget_all(), 0);
  EXPECT_EQ(number("SELECT min(min_ended) FROM run"), 13'000);
}

TEST_F(HistoryForgetTest, DoesNotSetBackAMergeUnderWay) {
  live(16);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(tables_->merge_history().value());
  ASSERT_EQ(number("SELECT count(*) FROM merging"), 1);
  const std::int64_t part = number("SELECT part FROM merging");
  forget(7);
  forget_all();
  EXPECT_EQ(number("SELECT part FROM merging"), part);
  merge_all();
  EXPECT_EQ(number("SELECT count(*) FROM part"), 1);
  EXPECT_EQ(found(), Ends({16, 15, 14, 13, 12, 11, 10, 9, 8, 7}));
  expect_whole();
}

// An erasure in the middle of a merge as well, wherever the copying has come.
TEST_F(HistoryForgetTest, MergesRightlyWhateverGoesMeanwhile) {
  for (int slices = 0; slices < 20; ++slices) {
    live(16);
    for (int i = 0; i < slices; ++i) (void)tables_->merge_history();
    forget(last_ - 12);
    (void)tables_->forget_history();
    (void)tables_->merge_history();
    forget_all();
    merge_all();
    expect_whole();
    EXPECT_EQ(found().size(), 13U);
    forget(last_ + 1);
    forget_all();
  }
}

}  // namespace
}  // namespace berth::testing
