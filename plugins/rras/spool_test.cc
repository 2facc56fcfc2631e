// spool_test.cc - ends of connections, written by one process and read by another.
#include "rras/spool.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include <gtest/gtest.h>

namespace berth::rras {
namespace {

class SpoolTest : public testing::Test {
 public:
  ~SpoolTest() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

 protected:
  SpoolTest() {
    std::random_device seed;
    path_ = (std::filesystem::temp_directory_path() /
             ("berth-spool-" + std::to_string(seed()) + "-" + std::to_string(seed())))
                .string();
  }
  static Ended end_of(std::string user) {
    return {.ended = WallTime(Milliseconds(1'764'000'000'123)),
            .accepted = WallTime(Milliseconds(1'763'999'000'000)),
            .seconds = 1000,
            .ipv4 = *Ipv4::parse("10.8.0.7"),
            .identifier = InterfaceId(0x1a),
            .user = std::move(user)};
  }

  std::string path_;
};

TEST_F(SpoolTest, ALineIsReadAsItWasWritten) {
  const Ended whole = end_of("CORP\\ana of accounts");
  EXPECT_EQ(line_of(whole),
            "1\t1764000000123\t1763999000000\t1000\t10.8.0.7\t0:0:0:1a\tCORP\\ana of accounts");
  EXPECT_EQ(parse_ended(line_of(whole)), whole);
  Ended little = end_of("");
  little.accepted.reset();
  little.ipv4.reset();
  little.identifier.reset();
  EXPECT_EQ(parse_ended(line_of(little)), little);
}

TEST_F(SpoolTest, WhatIsNoSuchLineIsPassedOver) {
  for (const char* line :
       {"", "1", "2\t1\t1\t1\t-\t-\tana", "1\t-1\t1\t1\t-\t-\tana", "1\tx\t1\t1\t-\t-\tana",
        "1\t1\t\t1\t-\t-\tana", "1\t1\t1\t4294967296\t-\t-\tana", "1\t1\t1\t1\t10.8.0\t-\tana",
        "1\t1\t1\t1\t-\t1a\tana", "1\t1\t1\t1\t-\t-", "1\t1\t1\t1\t-\t-\tana\tbob",
        "1\t253402300800000\t-\t1\t-\t-\tana"}) {
    EXPECT_FALSE(parse_ended(line)) << line;
  }
  std::ofstream(path_, std::ios::binary)
      << line_of(end_of("ana")) << "\n1\t12" << line_of(end_of("bob")) << "\n"
      << line_of(end_of("eve")) << "\n1\t17";
  const std::vector<Ended> read = Spool(path_).take();
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].user, "ana");
  EXPECT_EQ(read[1].user, "eve");
}

TEST_F(SpoolTest, WhatIsTakenIsGone) {
  const Spool spool(path_);
  EXPECT_TRUE(spool.take().empty()) << "there is no file yet";
  ASSERT_TRUE(spool.add(end_of("ana")));
  ASSERT_TRUE(spool.add(end_of("bob")));
  EXPECT_EQ(spool.take(), (std::vector{end_of("ana"), end_of("bob")}));
  EXPECT_TRUE(spool.take().empty());
}

TEST_F(SpoolTest, ItGrowsNoFurtherThanItsLimit) {
  const Spool spool(path_);
  std::ofstream(path_, std::ios::binary) << std::string(kMostSpooled - 10, 'x') << '\n';
  const Done full = spool.add(end_of("ana"));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Code::store_full);
  EXPECT_TRUE(spool.take().empty());
  EXPECT_TRUE(spool.add(end_of("ana"))) << "now that it was taken";
}

TEST_F(SpoolTest, AFileThatIsLargerThanOursIsNotRead) {
  std::ofstream(path_, std::ios::binary) << line_of(end_of("ana")) << '\n'
                                         << std::string(kMostSpooled, 'x') << '\n';
  EXPECT_TRUE(Spool(path_).take().empty());
  EXPECT_EQ(std::filesystem::file_size(path_), 0U);
}

TEST_F(SpoolTest, WhereThereIsNoFolderItSaysSo) {
  const Done none = Spool(path_ + "/none/x").add(end_of("ana"));
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().what.find("cannot be opened"), std::string::npos);
}

TEST_F(SpoolTest, NothingIsLostOrTornBetweenTwoSides) {
  constexpr int kEach = 200;
  std::vector<std::thread> writers;
  std::atomic<int> added = 0;
  std::atomic<int> writing = 2;
  for (int i = 0; i < 2; ++i) {
    writers.emplace_back([&] {
      for (int n = 0; n < kEach; ++n) {
        if (Spool(path_).add(end_of("ana"))) ++added;
      }
      --writing;
    });
  }
  int taken = 0;
  while (writing > 0) taken += static_cast<int>(Spool(path_).take().size());
  for (std::thread& writer : writers) writer.join();
  taken += static_cast<int>(Spool(path_).take().size());
  EXPECT_EQ(taken, added);
  EXPECT_GT(added, 0);
}

}  // namespace
}  // namespace berth::rras
