// backup_posix_test.cc - a backup that the disk cannot hold is said to have failed.
#include <csignal>
#include <filesystem>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "store/reader.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

// No file may become larger meanwhile: what a full disk says, without filling one.
class LargestFile {
 public:
  explicit LargestFile(std::uintmax_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~LargestFile() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  LargestFile(const LargestFile&) = delete;
  LargestFile& operator=(const LargestFile&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = SIG_DFL;
};

// The tables fit and so does the log of what is applied to the copy, but not both together.
TEST(BackupOnAFullDisk, IsNotThereWhenItsEndCouldNotBeWritten) {
  StoreFiles files;
  std::vector<std::string> changes;
  const auto begin_more = [&](std::uint64_t first, std::uint64_t count) {
    changes.clear();
    for (std::uint64_t i = first; i < first + count; ++i) {
      changes.push_back(begin({.id = i,
                               .generation = i,
                               .session = std::string(200, 's'),
                               .addresses = {.ipv4 = Ipv4(static_cast<std::uint32_t>(i))}}));
    }
  };
  {
    const auto store = files.open();
    begin_more(1, 3000);
    commit(*store, changes);
    ASSERT_TRUE(store->scrub());
  }
  const std::uintmax_t tables = std::filesystem::file_size(files.path());
  const auto store = files.open({.batch_time = std::chrono::hours(1)});
  begin_more(3001, 100);
  commit(*store, changes);
  {
    const LargestFile limit(tables + 4096);
    const Done done = store->backup(files.path("copy.db"));
    EXPECT_FALSE(done);
  }
  EXPECT_FALSE(std::filesystem::exists(files.path("copy.db")));
  EXPECT_FALSE(std::filesystem::exists(files.path("copy.db.unfinished")));
  EXPECT_TRUE(store->backup(files.path("copy.db")));
}

}  // namespace
}  // namespace berth::testing
