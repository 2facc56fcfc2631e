// book_users_test.cc - rules and reservations decide who may dial in.
#include "ras/book_users.h"

#include <gtest/gtest.h>

#include "core/addresses_for_tests.h"
#include <ras_admin_module.h>

namespace berth::ras {
namespace {

using berth::testing::ipv4_pool;

// Staff have a pool, at one server.
class BookUsers : public ::testing::Test {
 protected:
  BookUsers() {
    Plan plan;
    plan.pools = {ipv4_pool("staff", "10.0.0.1-10.0.0.1")};
    plan.rules.push_back({.name = "staff",
                          .place = "",
                          .match = {.realms = {"corp.example"}, .servers = {"ras"}},
                          .pools = {"staff"}});
    book_ = Book::open(plan, {}).value();
  }
  [[nodiscard]] bool dials_in(const char16_t* user, const std::string& server = "ras") const {
    const std::optional<UserRights> rights = rights_in(*book_, server, user);
    EXPECT_TRUE(rights);
    EXPECT_EQ(rights->privilege2, UserRights::kByPolicy);
    EXPECT_EQ(rights->privilege & UserRights::kNoCallback, UserRights::kNoCallback);
    return (rights->privilege & UserRights::kMayDialIn) != 0;
  }

  std::unique_ptr<Book> book_;
};

TEST_F(BookUsers, R132WhoHasAPoolMayDialIn) {
  EXPECT_TRUE(dials_in(u"ana@corp.example"));
  EXPECT_TRUE(book_->assign({.user = "ben@corp.example", .server = "ras", .session = "1"}));
  EXPECT_TRUE(dials_in(u"ana@corp.example")) << "that the pool is full is not for ever";
  EXPECT_FALSE(dials_in(u"ana")) << "no rule matches";
  EXPECT_FALSE(dials_in(u"ana@corp.example", "elsewhere"));
}

TEST_F(BookUsers, WhatCannotBeANameIsNoUser) {
  EXPECT_FALSE(rights_in(*book_, "ras", u""));
  EXPECT_FALSE(rights_in(*book_, "ras", std::u16string(1, char16_t{0xd800})));
  EXPECT_EQ(set_rights_in(*book_, "ras", u"", {}), kNoSuchUser);
}

TEST_F(BookUsers, NoCallChangesARule) {
  UserRights rights = rights_in(*book_, "ras", u"ana@corp.example").value();
  EXPECT_EQ(set_rights_in(*book_, "ras", u"ana@corp.example", rights), std::uint32_t{NO_ERROR});
  rights.privilege = UserRights::kNoCallback;
  EXPECT_EQ(set_rights_in(*book_, "ras", u"ana@corp.example", rights),
            std::uint32_t{ERROR_NOT_SUPPORTED});
}

}  // namespace
}  // namespace berth::ras
