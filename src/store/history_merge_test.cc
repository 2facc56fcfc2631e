// history_merge_test.cc - parts of history become fewer, and nothing is lost on the way.
#include "store/history_merge.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "store/rows.h"
#include "store/schema.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

class HistoryMergeTest : public ::testing::Test {
 protected:
  using Row = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // key, ended, sequence

  HistoryMergeTest() {
    EXPECT_TRUE(migrate(*db_, tables_schema()));
    db_->exec("PRAGMA synchronous=OFF; BEGIN");
  }
  // A part of as many intervals as a run has. Their keys repeat, within it and over all.
  void add_run() {
    HistoryPart part{.id = parts_.make(), .first = last_ + 1, .last = last_ + kRun};
    part.min_started = static_cast<std::int64_t>(part.first);
    part.max_ended = static_cast<std::int64_t>(part.last) + 1000;
    for (; last_ < part.last; ++last_) {
      const auto sequence = static_cast<std::int64_t>(last_) + 1;
      const std::int64_t key = sequence * 7 % 5;
      const PrefixKey prefix(Ipv6(static_cast<std::uint64_t>(key), InterfaceId(1)), 128);
      const auto put = [&](std::string_view column, const auto& value) {
        db_->prepare("INSERT INTO " + HistoryParts::table(column, part.id) + " VALUES (?, ?, ?, ?)")
            .run(value, sequence + 1000, sequence, sequence);
      };
      put("ipv4", key);
      put("name", key);
      put("ipv6", prefix.blob());
    }
    parts_.add(part);
  }
  std::vector<std::uint64_t> sizes() {
    std::vector<std::uint64_t> sizes;
    for (const HistoryPart& part : parts_.all()) sizes.push_back(part.rows());
    return sizes;
  }
  // All entries of all parts; each must be in order in its table.
  std::vector<Row> entries(const std::string& column) {
    std::vector<Row> all;
    for (const HistoryPart& part : parts_.all()) {
      Statement rows = db_->prepare("SELECT " + column + ", ended, sequence, started FROM " +
                                    HistoryParts::table(column, part.id));
      while (rows.step()) {
        EXPECT_EQ(rows.number(1), rows.number(3) + 1000);
        EXPECT_GE(static_cast<std::uint64_t>(rows.number(2)), part.first);
        EXPECT_LE(static_cast<std::uint64_t>(rows.number(2)), part.last);
        const std::int64_t key = column == "ipv6" ? rows.text(0)[7] : rows.number(0);
        all.emplace_back(key, rows.number(1), rows.number(2));
      }
    }
    std::ranges::sort(all);
    return all;
  }
  void merge_all() {
    for (int i = 0; merge_.is_due(); ++i) {
      ASSERT_LT(i, 1000);
      merge_.go_on();
    }
  }

  static constexpr std::uint64_t kRun = 6;
  StoreFiles files_;
  std::unique_ptr<Database> db_ = Database::open(files_.path(), Database::Mode::create).value();
  HistoryParts parts_{*db_};
  HistoryMerge merge_{*db_, parts_, {.run_rows = kRun, .fan_in = 3, .most_rows = 60, .slice = 4}};
  std::uint64_t last_ = 0;
};

TEST_F(HistoryMergeTest, MergesEqualNeighboursUpToTheLargestSize) {
  for (int i = 0; i < 2; ++i) add_run();
  EXPECT_FALSE(merge_.is_due());
  for (int i = 2; i < 3 * 9 + 3 + 1; ++i) add_run();
  const auto ipv4 = entries("ipv4");
  const auto ipv6 = entries("ipv6");
  ASSERT_EQ(ipv6.size(), last_);
  merge_all();
  EXPECT_EQ(sizes(), (std::vector<std::uint64_t>{54, 54, 54, 18, 6}));
  EXPECT_EQ(entries("ipv4"), ipv4);
  EXPECT_EQ(entries("ipv6"), ipv6);
  EXPECT_TRUE(entries("delegated").empty());
  const HistoryPart oldest = parts_.all().front();
  EXPECT_EQ(oldest.min_started, 1);
  EXPECT_EQ(oldest.max_ended, 1054);
  // The tables of what was merged are gone.
  EXPECT_EQ(db_->number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND "
                        "name GLOB 'by_*_*'"),
            5 * 4);
  ASSERT_TRUE(db_->check());
}

// Until the last slice, lookups see the parts as they were.
TEST_F(HistoryMergeTest, ShowsTheOldPartsUntilTheNewOneIsWhole) {
  for (int i = 0; i < 3; ++i) add_run();
  const auto before = entries("name");
  int slices = 0;
  for (; sizes().size() == 3; ++slices) {
    EXPECT_EQ(entries("name"), before);
    merge_.go_on();
  }
  EXPECT_GT(slices, 3 * 18 / 4);
  EXPECT_EQ(entries("name"), before);
}

TEST_F(HistoryMergeTest, GoesOnAfterAReopen) {
  for (int i = 0; i < 3; ++i) add_run();
  const auto before = entries("ipv6");
  for (int i = 0; i < 5; ++i) merge_.go_on();
  HistoryMerge after(*db_, parts_, {.run_rows = kRun, .fan_in = 3, .most_rows = 60, .slice = 4});
  EXPECT_TRUE(after.is_due());
  int slices = 0;
  for (; after.is_due(); ++slices) after.go_on();
  EXPECT_LT(slices, 12);
  EXPECT_EQ(sizes(), std::vector<std::uint64_t>{18});
  EXPECT_EQ(entries("ipv6"), before);
}

TEST_F(HistoryMergeTest, LetsALargeMergeWaitForSmallOnes) {
  for (int i = 0; i < 9; ++i) add_run();
  while (sizes() != std::vector<std::uint64_t>{18, 18, 18}) merge_.go_on();
  for (int i = 0; i < 3; ++i) merge_.go_on();  // of the large one
  for (int i = 0; i < 3; ++i) add_run();
  const auto before = entries("ipv4");
  while (sizes().size() > 4) merge_.go_on();
  EXPECT_EQ(sizes(), (std::vector<std::uint64_t>{18, 18, 18, 18}));
  EXPECT_EQ(db_->number("SELECT count(*) FROM merging"), 1);
  merge_all();
  EXPECT_EQ(sizes(), (std::vector<std::uint64_t>{54, 18}));
  EXPECT_EQ(entries("ipv4"), before);
  EXPECT_EQ(db_->number("SELECT count(*) FROM merging"), 0);
}

// What was copied of a part that changes now would be wrong.
TEST_F(HistoryMergeTest, BeginsAnewWhenOneOfItsPartsChanges) {
  for (int i = 0; i < 4; ++i) add_run();
  for (int i = 0; i < 5; ++i) merge_.go_on();
  merge_.give_up_with(parts_.all().back());  // not one of them
  EXPECT_EQ(db_->number("SELECT count(*) FROM merging"), 1);
  merge_.give_up_with(parts_.all().front());
  EXPECT_EQ(db_->number("SELECT count(*) FROM merging"), 0);
  db_->exec("DELETE FROM " + HistoryParts::table("ipv4", parts_.all().front().id) +
            " WHERE sequence = 1");
  merge_all();
  EXPECT_EQ(sizes(), (std::vector<std::uint64_t>{18, 6}));
  EXPECT_EQ(entries("ipv4").size(), last_ - 1);
}

}  // namespace
}  // namespace berth::testing
