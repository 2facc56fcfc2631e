// schema_test.cc - older files become today's, newer and foreign ones are refused.
#include "store/schema.h"

#include <array>

#include <gtest/gtest.h>

#include "store/store_files_test.h"

namespace berth::testing {
namespace {

constexpr std::array<std::string_view, 1> kFirst = {"CREATE TABLE thing (name TEXT)"};
constexpr std::array<std::string_view, 2> kSecond = {kFirst[0],
                                                     "ALTER TABLE thing ADD COLUMN age INTEGER"};
constexpr std::array<std::string_view, 3> kBroken = {
    kSecond[0], kSecond[1], "INSERT INTO thing VALUES ('half', 1); CREATE TABLE thing (x)"};

Schema schema(std::span<const std::string_view> steps) { return {"things", 77, steps}; }

class SchemaTest : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open() {
    return Database::open(files_.path(), Database::Mode::create).value();
  }
  StoreFiles files_;
};

TEST_F(SchemaTest, TakesAFileStepByStepToTheNewestVersion) {
  auto db = open();
  ASSERT_TRUE(migrate(*db, schema(kFirst)));
  db->exec("INSERT INTO thing VALUES ('kept')");
  ASSERT_TRUE(migrate(*db, schema(kSecond)));
  EXPECT_EQ(db->number("SELECT count(*) FROM thing WHERE age IS NULL"), 1);
  EXPECT_EQ(db->number("PRAGMA user_version"), 2);
  EXPECT_TRUE(migrate(*db, schema(kSecond)));  // nothing to do
}

TEST_F(SchemaTest, LeavesAFileAsItWasWhenAStepFails) {
  auto db = open();
  ASSERT_TRUE(migrate(*db, schema(kSecond)));
  EXPECT_FALSE(migrate(*db, schema(kBroken)));
  EXPECT_EQ(db->number("PRAGMA user_version"), 2);
  EXPECT_EQ(db->number("SELECT count(*) FROM thing"), 0);
  EXPECT_TRUE(db->check());
}

TEST_F(SchemaTest, LetsAnOlderFileBeCopiedButNotANewerOne) {
  auto db = open();
  ASSERT_TRUE(migrate(*db, schema(kFirst)));
  EXPECT_TRUE(check_known(*db, schema(kSecond)));
  ASSERT_TRUE(migrate(*db, schema(kSecond)));
  EXPECT_EQ(check_known(*db, schema(kFirst)).error().code, Code::store_newer);
}

TEST_F(SchemaTest, RefusesANewerFile) {
  auto db = open();
  ASSERT_TRUE(migrate(*db, schema(kSecond)));
  EXPECT_EQ(migrate(*db, schema(kFirst)).error().code, Code::store_newer);
  EXPECT_EQ(check_version(*db, schema(kFirst)).error().code, Code::store_newer);
}

TEST_F(SchemaTest, RefusesAnotherProgramsFile) {
  auto db = open();
  db->exec("CREATE TABLE theirs (x)");
  EXPECT_EQ(migrate(*db, schema(kFirst)).error().code, Code::store_corrupt);
}

TEST_F(SchemaTest, AsksAReaderOfAnOlderFileToLetTheWriterFirst) {
  auto db = open();
  ASSERT_TRUE(migrate(*db, schema(kFirst)));
  EXPECT_EQ(check_version(*db, schema(kSecond)).error().code, Code::store_unavailable);
}

TEST_F(SchemaTest, RefusesAStoreOfALaterBerth) {
  {
    const auto store = files_.open();
  }
  open()->exec("PRAGMA user_version = 1000");
  CountingChance chance;
  const auto store = open_sqlite_store({.path = files_.path(), .chance = &chance});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::store_newer);
}

}  // namespace
}  // namespace berth::testing
