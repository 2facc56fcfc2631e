// unopenable_posix_test.cc - what is there but cannot be opened is not called missing.
//
// A folder in the place of a file is what even the superuser cannot open; SQLite on Windows takes
// it for nothing at all.
#include <filesystem>

#include <gtest/gtest.h>

#include "store/store_files_test.h"

namespace berth::testing {
namespace {

TEST(Unopenable, JournalIsNotCalledMissing) {
  StoreFiles files;
  {
    const std::unique_ptr<Store> store = files.open();
  }
  std::filesystem::remove(files.path("leases.db.journal"));
  std::filesystem::create_directory(files.path("leases.db.journal"));
  CountingChance chance;
  const auto store = open_sqlite_store({.path = files.path(), .chance = &chance});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Code::store_unavailable) << store.error().what;
}

}  // namespace
}  // namespace berth::testing
