// notices_test.cc - what the notification side makes of what RAS says.
#include "rras/notices.h"

#include <filesystem>
#include <random>

#include <gtest/gtest.h>

namespace berth::rras {
namespace {

class NoticesTest : public testing::Test {
 public:
  ~NoticesTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

 protected:
  NoticesTest() {
    std::random_device seed;
    folder_ = std::filesystem::temp_directory_path() /
              ("berth-notices-" + std::to_string(seed()) + "-" + std::to_string(seed()));
    std::filesystem::create_directories(folder_);
  }

  std::vector<Ended> noted() const { return Spool(Spool::path_of(store())).take(); }
  std::string store() const { return (folder_ / "leases.db").string(); }

  bool readable = true;
  int told = 0;
  Log log{[this](LogLevel, const std::string&) { ++told; }};
  Notices notices{[this]() -> Result<Settings> {
                    if (!readable) return fail(Code::not_found, "there are none", "");
                    Settings settings;
                    settings.store = store();
                    return settings;
                  },
                  log};

 private:
  std::filesystem::path folder_;
};

const Ipv4 kAddress = *Ipv4::parse("10.8.0.7");

TEST_F(NoticesTest, R72TheEndOfAConnectionHasWhatItsBeginningSaid) {
  notices.accepted({.handle = 1, .user = "ana", .ipv4 = kAddress, .identifier = InterfaceId(5)});
  notices.ended({.handle = 1, .user = "ana", .seconds = 60, .ipv4 = {}, .identifier = {}});
  const std::vector<Ended> all = noted();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].ipv4, kAddress);
  EXPECT_EQ(all[0].identifier, InterfaceId(5));
  EXPECT_EQ(all[0].seconds, 60U);
  EXPECT_TRUE(all[0].accepted);
}

TEST_F(NoticesTest, R73TheEndOfWhatItNeverSawIsNotedWithoutABeginning) {
  notices.ended({.handle = 7, .user = "ana", .ipv4 = kAddress, .identifier = {}});
  const std::vector<Ended> all = noted();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_FALSE(all[0].accepted);
}

TEST_F(NoticesTest, WhoHasNoAddressLeavesNoNote) {
  notices.accepted({.handle = 1, .user = "ana", .ipv4 = {}, .identifier = {}});
  notices.ended({.handle = 1, .user = "ana", .ipv4 = {}, .identifier = {}});
  notices.ended({.handle = 2, .user = "a\tb", .ipv4 = kAddress, .identifier = {}});
  EXPECT_TRUE(noted().empty());
  EXPECT_EQ(told, 0);
}

TEST_F(NoticesTest, WhereSettingsAreMissingItSaysSoAndGoesOn) {
  readable = false;
  notices.ended({.handle = 1, .user = "ana", .ipv4 = kAddress, .identifier = {}});
  EXPECT_EQ(told, 1);
  readable = true;
  notices.ended({.handle = 2, .user = "bob", .ipv4 = kAddress, .identifier = {}});
  EXPECT_EQ(noted().size(), 1U);
}

TEST_F(NoticesTest, ItRemembersOnlySoManyConnections) {
  for (std::uintptr_t i = 0; i <= Notices::kMostUp; ++i) {
    notices.accepted({.handle = i + 1, .user = "ana", .ipv4 = kAddress, .identifier = {}});
  }
  notices.ended({.handle = Notices::kMostUp, .user = "ana", .ipv4 = {}, .identifier = {}});
  notices.ended(
      {.handle = Notices::kMostUp + 1, .user = "bob", .ipv4 = kAddress, .identifier = {}});
  const std::vector<Ended> all = noted();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].accepted);
  EXPECT_FALSE(all[1].accepted) << "it was one too many";
}

}  // namespace
}  // namespace berth::rras
