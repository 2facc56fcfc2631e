// journal_test.cc - the log of the journal between one process and the next.
#include "store/journal.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "store/store_files_test.h"

namespace berth::testing {
namespace {

class JournalTest : public ::testing::Test {
 protected:
  std::unique_ptr<Journal> open(const LogLimits& limits = {}) {
    return Journal::open(
               {.path = files_.path(), .identity = 7, .may_be_new = true, .limits = limits})
        .value();
  }
  // A process that only looks; while it has the file open, nobody's closing empties the log.
  std::unique_ptr<Database> look() {
    auto reader = Database::open(files_.path(), Database::Mode::read).value();
    reader->exec("BEGIN; SELECT count(*) FROM journal");
    return reader;
  }
  StoreFiles files_;
};

// A copy that starts on a log that is copied already, beside a commit, can lose it (SQLite up to
// 3.51.2). What another process left is copied before anything can be appended.
TEST_F(JournalTest, CopiesWhatItFindsInTheLogBeforeAnythingIsAppended) {
  auto first = open();
  ASSERT_TRUE(first->append(1, 1, std::string(1 << 20, 'x'), 0));
  const auto reader = look();
  first.reset();
  ASSERT_LT(std::filesystem::file_size(files_.path()), 1U << 20);
  const auto second = open();
  EXPECT_GT(std::filesystem::file_size(files_.path()), 1U << 20);
}

TEST_F(JournalTest, KeepsItsLogShort) {
  const auto journal = open({.trim_bytes = 1000, .copy_bytes = 20'000, .restart_bytes = 100'000});
  std::mutex appending;
  for (Revision revision = 1; revision <= 500; ++revision) {
    ASSERT_TRUE(journal->append(revision, 1, std::string(1000, 'x'), revision - 1));
    ASSERT_TRUE(journal->copy_back(appending));
  }
  EXPECT_LT(std::filesystem::file_size(files_.path("leases.db-wal")), 200'000U);
  EXPECT_LT(std::filesystem::file_size(files_.path()), 100'000U);
  EXPECT_EQ(journal->last(0).value(), 500U);
}

// A log that is copied while others append is never copied to its end: it would never begin anew.
TEST_F(JournalTest, KeepsItsLogShortWhileOthersAppend) {
  const auto journal = open({.trim_bytes = 1000, .copy_bytes = 20'000, .restart_bytes = 100'000});
  constexpr Revision kLast = 3000;
  std::mutex appending;
  std::atomic<Revision> last = 0;
  std::thread others([&] {
    for (Revision revision = 1; revision <= kLast; ++revision) {
      {
        const std::lock_guard lock(appending);
        ASSERT_TRUE(journal->append(revision, 1, std::string(1000, 'x'), revision - 1));
      }
      last = revision;
      std::this_thread::sleep_for(std::chrono::microseconds(100));  // who waits gets the lock
    }
  });
  // A copy may find the head of the log half written, and fail: the next one does its work.
  while (last < kLast) static_cast<void>(journal->copy_back(appending));
  others.join();
  // All that was written is some fifteen megabytes.
  EXPECT_LT(std::filesystem::file_size(files_.path("leases.db-wal")), 3'000'000U);
}

}  // namespace
}  // namespace berth::testing
