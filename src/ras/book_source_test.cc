// book_source_test.cc - connections whose addresses come from a Book, against modules that answer
// as a test says.
#include "ras/book_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/addresses_for_tests.h"
#include "ras/fakes_for_tests.h"

namespace berth::ras::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BookSourceTest : public ::testing::Test {
 protected:
  BookSourceTest() {
    plan_.pools = {berth::testing::ipv4_pool("main", "10.0.0.1-10.0.0.4")};
    plan_.pools[0].identifiers = IdentifierPool{.prefix = *Ipv6Prefix::parse("2001:db8::/64")};
    plan_.servers = {{.name = "ras", .place = "", .exclusive_ports = true, .confirms = false}};
    options_.server = "ras";
    options_.own = {*Ipv4::parse("10.0.0.254")};
    options_.on_trouble = [this](const std::string& what) { troubles.push_back(what); };
    book_ = Book::open(plan_, {}).value();
    start(exporting_both());
  }
  // A RAS side begins, with one module.
  void start(const Face& face) {
    auto made = std::make_unique<FakeModule>("m", log, face);
    module_ = made.get();
    std::vector<std::unique_ptr<Module>> modules;
    modules.push_back(std::move(made));
    chain_ = std::make_unique<Chain>(std::move(modules));
    source_ = std::make_unique<BookSource>(*book_, options_);
  }
  std::expected<std::unique_ptr<Connection>, Failed> begin(std::u16string user,
                                                           std::u16string port = u"VPN2-1",
                                                           Wanted wanted = {}) {
    ConnectionFacts facts;
    facts.handle = Handle{++handles_};
    facts.user = std::move(user);
    LinkFacts link;
    link.port = Handle{++handles_};
    link.port_name = std::move(port);
    return Connection::begin(*chain_, *source_, std::move(facts), link, wanted);
  }
  void module_gives(const char* ipv4, bool notify) {
    module_->on(Callout::get_ipv4, [=](const Call&) {
      return Answer{
          .address = CalloutAddress(*Ipv4::parse(ipv4)), .notify_release = notify, .failure = {}};
    });
  }
  void module_wants_the_release() {
    module_->on(Callout::get_ipv4, [](const Call& call) {
      return Answer{.address = call.address, .notify_release = true, .failure = {}};
    });
  }
  std::vector<std::string> live() {
    std::vector<std::string> texts;
    const std::vector<Lease> leases = book_->leases("", "", 100).value();
    for (const Lease& each : leases) {
      texts.push_back(each.owner + " " + each.addresses.to_string());
    }
    return texts;
  }
  std::vector<std::string> releases() const {
    std::vector<std::string> found;
    for (const std::string& line : log) {
      if (line.find("Release") != std::string::npos) found.push_back(line);
    }
    return found;
  }

  Log log;
  std::vector<std::string> troubles;
  Plan plan_;
  BookSourceOptions options_;
  std::unique_ptr<Book> book_;
  std::unique_ptr<BookSource> source_;
  FakeModule* module_ = nullptr;
  std::unique_ptr<Chain> chain_;

 private:
  std::uint64_t handles_ = 0;
};

TEST_F(BookSourceTest, R22TheCandidateIsTheOwnersAddress) {
  for (int i = 0; i < 3; ++i) {
    auto connection = begin(u"ana", u"VPN2-1", {.ipv4 = true, .ipv6 = true});
    ASSERT_TRUE(connection) << connection.error().what;
    EXPECT_EQ((*connection)->facts().ipv4.client, CalloutAddress(*Ipv4::parse("10.0.0.1")));
    EXPECT_FALSE((*connection)->facts().ipv6.client.none());
    EXPECT_EQ(live().size(), 1U) << "both families are one lease";
    (*connection)->end();
    EXPECT_THAT(live(), IsEmpty());
  }
  EXPECT_THAT(troubles, IsEmpty());
}

TEST_F(BookSourceTest, R25AModulesAddressIsTheLease) {
  module_gives("10.0.0.3", false);
  auto connection = begin(u"ana");
  ASSERT_TRUE(connection) << connection.error().what;
  EXPECT_THAT(live(), ElementsAre("ana 10.0.0.3"));
  (*connection)->end();
  EXPECT_THAT(live(), IsEmpty());
}

TEST_F(BookSourceTest, R29WhatAnotherHoldsIsRefusedAndNothingStays) {
  auto ana = begin(u"ana");
  ASSERT_TRUE(ana);
  module_gives("10.0.0.1", true);
  const auto ben = begin(u"ben", u"VPN2-2");
  ASSERT_FALSE(ben);
  EXPECT_EQ(ben.error().code, 735U);
  EXPECT_THAT(releases(), ElementsAre("m MprAdminReleaseIpAddress ben VPN2-2 10.0.0.1"));
  EXPECT_THAT(live(), ElementsAre("ana 10.0.0.1"));
  module_gives("10.0.0.2", false);
  EXPECT_TRUE(begin(u"ben", u"VPN2-2")) << "nothing of the first try is in the way";
}

TEST_F(BookSourceTest, R29WhatIsReservedForAnotherIsRefused) {
  ASSERT_TRUE(
      book_->reserve("ben", {.ipv4 = *Ipv4::parse("10.0.0.2"), .ipv6 = {}, .delegated = {}}));
  module_gives("10.0.0.2", false);
  EXPECT_EQ(begin(u"ana").error().code, 735U);
  EXPECT_TRUE(begin(u"ben"));
}

TEST_F(BookSourceTest, R28TheServersOwnIsRefused) {
  module_gives("10.0.0.254", false);
  EXPECT_EQ(begin(u"ana").error().code, 1168U);
}

TEST_F(BookSourceTest, AnAddressOutsideEveryPoolIsTakenUnlessTheSettingsSayNo) {
  module_gives("192.0.2.1", false);
  ASSERT_TRUE(begin(u"ana"));
  options_.foreign = false;
  start(exporting_both());
  module_gives("192.0.2.1", false);
  const auto refused = begin(u"ana");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, 735U);
  EXPECT_THAT(refused.error().what, HasSubstr("no pool"));
}

TEST_F(BookSourceTest, R22R25AModuleGivesWhereTheBookHasNothing) {
  std::vector<std::unique_ptr<Connection>> all;
  for (const char16_t* user : {u"a", u"b", u"c", u"d"}) {
    all.push_back(*begin(user, u"VPN2-" + std::u16string(user)));
  }
  EXPECT_EQ(begin(u"eve", u"VPN2-9").error().rule, "R24");
  module_gives("192.0.2.9", false);
  EXPECT_TRUE(begin(u"eve", u"VPN2-9"));
}

TEST_F(BookSourceTest, R38WithoutAProviderTheBookAloneDecides) {
  start(exporting_neither());
  std::vector<std::unique_ptr<Connection>> all;
  for (const char16_t* user : {u"a", u"b", u"c", u"d"}) {
    all.push_back(*begin(user, u"VPN2-" + std::u16string(user)));
  }
  EXPECT_EQ(begin(u"eve", u"VPN2-9").error().rule, "R38");
  all.pop_back();
  EXPECT_EQ(live().size(), 3U);
}

TEST_F(BookSourceTest, R62ARefusedConnectionLeavesNoLease) {
  module_->refuse(Callout::accept_connection);
  EXPECT_FALSE(begin(u"ana"));
  EXPECT_THAT(live(), IsEmpty());
  EXPECT_TRUE(book_->history("ana", {})->empty()) << "nothing was ever given";
}

TEST_F(BookSourceTest, R30R33AReleaseIsMadeOnceWhoeverEndsTheConnection) {
  module_wants_the_release();
  auto connection = begin(u"ana");
  ASSERT_TRUE(connection);
  (*connection)->end();
  EXPECT_THAT(releases(), ElementsAre("m MprAdminReleaseIpAddress ana VPN2-1 10.0.0.1"));
  EXPECT_EQ(make_owed_releases(*book_, *chain_, options_.on_trouble).value(), 0U);
}

TEST_F(BookSourceTest, R32R33ARasSideThatStartsAnewMakesTheReleasesThatItOwes) {
  module_wants_the_release();
  auto ana = begin(u"CORP\\Ana", u"VPN2-1");
  auto ben = begin(u"ben", u"VPN2-2");
  ASSERT_TRUE(ana && ben);
  (*ana)->abandon();
  (*ben)->abandon();
  start(exporting_both());
  ASSERT_TRUE(book_->server_booted("ras", "boot-2"));
  EXPECT_EQ(make_owed_releases(*book_, *chain_, options_.on_trouble).value(), 2U);
  EXPECT_THAT(releases(), ElementsAre("m MprAdminReleaseIpAddress CORP\\Ana VPN2-1 10.0.0.1",
                                      "m MprAdminReleaseIpAddress ben VPN2-2 10.0.0.2"));
  EXPECT_EQ(make_owed_releases(*book_, *chain_, options_.on_trouble).value(), 0U);
  EXPECT_THAT(troubles, IsEmpty());
}

TEST_F(BookSourceTest, AModuleThatIsNoLongerThereIsTold) {
  module_wants_the_release();
  (*begin(u"ana"))->abandon();
  start(exporting_neither());
  ASSERT_TRUE(book_->server_booted("ras", "boot-2"));
  EXPECT_EQ(make_owed_releases(*book_, *chain_, options_.on_trouble).value(), 0U);
  EXPECT_THAT(troubles,
              ElementsAre("module m is not there to hear that ana has released 10.0.0.1"));
}

TEST_F(BookSourceTest, ANameThatIsNoUtf16GetsNothing) {
  const std::u16string broken = {u'a', char16_t{0xd800}};
  module_gives("10.0.0.3", false);
  EXPECT_FALSE(begin(broken));
  EXPECT_THAT(live(), IsEmpty());
}

TEST_F(BookSourceTest, ALeaseThatSomebodyElseEndedIsNoTrouble) {
  auto connection = begin(u"ana");
  ASSERT_TRUE(connection);
  ASSERT_TRUE(book_->release({.server = "ras", .port = "VPN2-1", .user = "ana"}));
  (*connection)->end();
  EXPECT_THAT(troubles, IsEmpty());
}

}  // namespace
}  // namespace berth::ras::testing
