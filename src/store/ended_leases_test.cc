// ended_leases_test.cc - rows of ended leases go, sooner or later, and nobody sees them meanwhile.
#include "store/ended_leases.h"

#include <gtest/gtest.h>

#include "store/schema.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

class EndedLeasesTest : public ::testing::Test {
 protected:
  EndedLeasesTest() {
    EXPECT_TRUE(migrate(*db_, tables_schema()));
    db_->exec("PRAGMA synchronous=OFF; BEGIN");
    // Generations 1, 2, …, so many.
    db_->prepare(
           "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) "
           "INSERT INTO lease_row SELECT i, i, 1, 0, 0, 1, 1, 'p', 's', i, NULL, NULL, 0, NULL, "
           "NULL, 0, 0, 0 FROM n")
        .run(kLeases);
  }
  std::int64_t count(std::string_view table) {
    return db_->number("SELECT count(*) FROM " + std::string(table));
  }

  static constexpr std::int64_t kLeases = 300'000;
  StoreFiles files_;
  std::unique_ptr<Database> db_ = Database::open(files_.path(), Database::Mode::create).value();
};

TEST_F(EndedLeasesTest, GoAtOnceWhereLittleHappens) {
  EndedLeases ended(*db_);
  for (const std::uint64_t generation : {7U, 9U, 299'999U}) ended.add(generation);
  EXPECT_EQ(count("lease"), kLeases - 3);
  ended.sweep();
  EXPECT_EQ(count("lease_row"), kLeases - 3);
  EXPECT_EQ(count("ended"), 0);
}

TEST_F(EndedLeasesTest, GoAStretchAtATimeWhereMuchHappens) {
  EndedLeases ended(*db_);
  // As many as wait at most: nothing is deleted yet, and none is seen any more.
  constexpr std::int64_t kMany = 1 << 18;
  for (std::int64_t i = 1; i <= kMany; ++i) ended.add(static_cast<std::uint64_t>(i));
  ended.sweep();
  EXPECT_EQ(count("lease"), kLeases - kMany);
  EXPECT_EQ(count("lease_row"), kLeases);
  // More: those of one stretch go, from the oldest on.
  for (std::int64_t i = kMany + 1; i <= kMany + 10'000; ++i) {
    ended.add(static_cast<std::uint64_t>(i));
  }
  ended.sweep();
  EXPECT_EQ(count("lease"), kLeases - kMany - 10'000);
  const std::int64_t left = count("lease_row");
  EXPECT_LT(left, kLeases - kMany / 8);
  EXPECT_GT(left, kLeases - kMany / 2);
  EXPECT_GT(db_->number("SELECT min(generation) FROM lease_row"), kLeases - left);
  // Then it becomes quiet: the next stretches follow, to the last and from the first again.
  for (int i = 0; i < 40 && count("ended") > 0; ++i) ended.sweep();
  EXPECT_EQ(count("lease_row"), kLeases - kMany - 10'000);
  EXPECT_EQ(count("ended"), 0);
}

// As after a restart: what waits is known from the table.
TEST_F(EndedLeasesTest, AreKnownAfterAReopen) {
  EndedLeases before(*db_);
  for (std::uint64_t i = 1; i <= 5000; ++i) before.add(i);
  EndedLeases after(*db_);
  after.load();
  after.sweep_all();
  EXPECT_EQ(count("lease_row"), kLeases - 5000);
  EXPECT_EQ(count("ended"), 0);
}

}  // namespace
}  // namespace berth::testing
