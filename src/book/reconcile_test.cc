// reconcile_test.cc - what becomes of the sessions that a server lists.
#include <gtest/gtest.h>

#include "berth/book.h"
#include "book/world_for_tests.h"
#include "store/backup.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

class Reconcile : public ::testing::Test {
 protected:
  Reconcile() { plan_.pools = {ipv4_pool("main", "10.0.0.0/24")}; }

  Book& book() {
    if (!book_) {
      auto opened = Book::open(plan_, {.path = files_.path(), .clock = &clock_});
      EXPECT_TRUE(opened) << opened.error().what;
      book_ = *std::move(opened);
    }
    return *book_;
  }
  static Session at(const char* user, const char* session, const char* ipv4) {
    return {.user = user,
            .port = "",
            .session = session,
            .addresses = {.ipv4 = ip(ipv4), .ipv6 = {}, .delegated = {}}};
  }
  Listed list(const std::vector<Session>& sessions) {
    Result<Listed> listed = book().server_listed("nas", sessions);
    EXPECT_TRUE(listed) << listed.error().what;
    return listed ? *std::move(listed) : Listed{};
  }
  std::string connect(const char* user, const char* session) {
    const Result<Grant> grant = book().assign(session_request(user, session));
    EXPECT_TRUE(grant) << grant.error().what;
    EXPECT_TRUE(book().confirm({.server = "nas", .session = session}));
    return grant ? grant->addresses.to_string() : "";
  }

  StoreFiles files_;
  HandClock clock_;
  Plan plan_;
  std::unique_ptr<Book> book_;
};

TEST_F(Reconcile, KnownSessionsShowASignOfLife) {
  plan_.lease_time = Milliseconds(60'000);
  const std::string ana = connect("ana", "1");
  clock_.advance(Milliseconds(50'000));
  const Listed listed = list({at("ana", "1", ana.c_str())});
  EXPECT_EQ(listed.known, 1U);
  EXPECT_TRUE(listed.adopted.empty() && listed.refused.empty() && listed.ghosts.empty());
  clock_.advance(Milliseconds(50'000));
  book().tick();
  EXPECT_TRUE(book().find({.server = "nas", .session = "1"})) << "its lease time began anew";
}

TEST_F(Reconcile, StrangersGetLeasesThatSurvive) {
  const Listed listed = list({at("ana", "1", "10.0.0.9"), at("ben", "2", "192.0.2.7")});
  EXPECT_EQ(listed.adopted, (std::vector<std::size_t>{0, 1}));
  book_.reset();
  EXPECT_EQ(book().find({.server = "nas", .session = "1"})->addresses.to_string(), "10.0.0.9");
  EXPECT_EQ(book().find({.server = "nas", .session = "2"})->state, State::active);
  EXPECT_EQ(list({at("ana", "1", "10.0.0.9"), at("ben", "2", "192.0.2.7")}).known, 2U);
  const auto had = book().who_had(*AnyRange::parse("192.0.2.7"), clock_.wall());
  ASSERT_EQ(had.value().size(), 1U);
  EXPECT_EQ(had.value()[0].owner, "ben");
}

TEST_F(Reconcile, WhatSomebodyElseHoldsIsRefusedAndTold) {
  const std::string ana = connect("ana", "1");
  const Listed listed = list({at("ben", "2", ana.c_str()), at("ana", "1", ana.c_str())});
  ASSERT_EQ(listed.refused.size(), 1U);
  EXPECT_EQ(listed.refused[0].session, 0U);
  EXPECT_EQ(listed.refused[0].why.code, Code::address_taken);
  EXPECT_EQ(listed.known, 1U);
}

TEST_F(Reconcile, ALeaseWithAnotherAddressIsNoGhost) {
  connect("ana", "1");
  const Listed listed = list({at("ana", "1", "10.0.0.200")});
  ASSERT_EQ(listed.refused.size(), 1U);
  EXPECT_EQ(listed.refused[0].why.code, Code::foreign);
  EXPECT_EQ(listed.ghost_count, 0U);
}

TEST_F(Reconcile, ActiveLeasesThatAreNotListedAreGhostsAndStay) {
  connect("ana", "1");
  ASSERT_TRUE(book().assign(session_request("cid", "3"))) << "held: its session may yet begin";
  ASSERT_TRUE(book().assign(session_request("eve", "1", "other")));
  const Listed listed = list({});
  EXPECT_EQ(listed.ghost_count, 1U);
  ASSERT_EQ(listed.ghosts.size(), 1U);
  EXPECT_EQ(listed.ghosts[0].owner, "ana");
  EXPECT_TRUE(book().find({.server = "nas", .session = "1"}));
}

TEST_F(Reconcile, AWrongSessionIsNamedAndNothingIsDone) {
  std::vector<Session> sessions = {at("ana", "1", "10.0.0.9"), at("", "2", "10.0.0.8")};
  Result<Listed> listed = book().server_listed("nas", sessions);
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code, Code::invalid);
  EXPECT_NE(listed.error().what.find("session 2 of the list"), std::string::npos);
  EXPECT_FALSE(book().find({.server = "nas", .session = "1"}));
  sessions[1] = {.user = "ben", .port = "", .session = "2", .addresses = {}};
  EXPECT_FALSE(book().server_listed("nas", sessions));
  EXPECT_FALSE(book().server_listed("", {}));
}

TEST_F(Reconcile, ManySessionsOfOneOwnerAreAllListed) {
  std::vector<Session> sessions;
  for (int i = 1; i <= 200; ++i) {
    sessions.push_back(
        at("kiosk", std::to_string(i).c_str(), ("10.0.0." + std::to_string(i)).c_str()));
  }
  EXPECT_EQ(list(sessions).adopted.size(), sessions.size());
  EXPECT_EQ(list(sessions).known, sessions.size());
}

TEST_F(Reconcile, AfterARestoreAListIsAsGoodAsABoot) {
  connect("ana", "1");
  ASSERT_TRUE(book().backup(files_.path("copy.db")));
  connect("ben", "2");  // lost by the restore
  const std::string ben = book().find({.server = "nas", .session = "2"})->addresses.to_string();
  book_.reset();
  ASSERT_TRUE(restore_store(files_.path("copy.db"), files_.path(), clock_.wall(), false));
  EXPECT_FALSE(book().assign(session_request("new", "9"))) << "it might get what ben has";
  const Listed listed = list({at("ana", "1", "10.0.0.0"), at("ben", "2", ben.c_str())});
  EXPECT_TRUE(listed.awaited);
  EXPECT_EQ(listed.adopted.size(), 1U);
  const Result<Grant> grant = book().assign(session_request("new", "9"));
  ASSERT_TRUE(grant) << grant.error().what;
  EXPECT_NE(grant->addresses.to_string(), ben);
  EXPECT_FALSE(list({}).awaited);
  book_.reset();
  EXPECT_TRUE(book().assign(session_request("other", "10"))) << "also in its next life";
}

}  // namespace
}  // namespace berth::testing
