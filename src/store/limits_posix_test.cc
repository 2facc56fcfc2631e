// limits_posix_test.cc - what the system does not give is said to be that.
#include <csignal>
#include <filesystem>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "store/reader.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

// A limit of the system, for as long as this lives.
class Limit {
 public:
  Limit(decltype(RLIMIT_FSIZE) what, rlim_t value)
      : what_(what), handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(what_, &before_);
    const rlimit limit{.rlim_cur = value, .rlim_max = before_.rlim_max};
    setrlimit(what_, &limit);
  }
  ~Limit() {
    setrlimit(what_, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;

 private:
  decltype(RLIMIT_FSIZE) what_;
  rlimit before_{};
  void (*handler_)(int);
};

// The tables fit and so does the log of what is applied to the copy, but not both together.
TEST(Limits, LeaveNoBackupWhoseEndCouldNotBeWritten) {
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
    const Limit largest_file(RLIMIT_FSIZE, tables + 4096);
    const Done done = store->backup(files.path("copy.db"));
    EXPECT_FALSE(done);
  }
  EXPECT_FALSE(std::filesystem::exists(files.path("copy.db")));
  EXPECT_FALSE(std::filesystem::exists(files.path("copy.db.unfinished")));
  EXPECT_TRUE(store->backup(files.path("copy.db")));
}

TEST(Limits, AreNotTakenForAStoreThatIsNotThere) {
  StoreFiles files;
  EXPECT_TRUE(files.open());
  const Limit files_open(RLIMIT_NOFILE, 3);
  const auto reader = open_reader(files.path());
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, Code::store_unavailable) << reader.error().what;
}

}  // namespace
}  // namespace berth::testing
