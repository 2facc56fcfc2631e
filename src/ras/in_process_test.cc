// in_process_test.cc - modules as files: what is loaded, what is refused, and how each is called.
#include "ras/in_process.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ras/modules_for_tests.h"

namespace berth::ras::testing {
namespace {

using ::testing::HasSubstr;

std::string refusal_of(const std::string& name, Strictness strictness = Strictness::enforced) {
  const auto loaded = load_in_process(module_path(name), strictness);
  if (loaded) return "loaded";
  EXPECT_FALSE(loaded.error().remedy.empty());
  return loaded.error().rule + " " + loaded.error().callout + " " +
         std::to_string(loaded.error().code);
}

TEST(InProcess, R106LoadsAModuleThatExports) {
  const auto loaded = load_in_process(module_path("odd"), Strictness::enforced);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const Module& module = *loaded->module;
  EXPECT_EQ(module.face().style, Style::exports);
  EXPECT_EQ(module.face().revision, 1);
  EXPECT_TRUE(module.has(Callout::get_ipv6));
  EXPECT_FALSE(module.has(Callout::accept_connection3));
  EXPECT_EQ(module.flavours().accept_connection, Callout::accept_connection);
  EXPECT_EQ(loaded->warnings.size(), 1U) << "no reauthentication";
}

TEST(InProcess, R108ATableTakesThePlaceOfExports) {
  const auto loaded = load_in_process(module_path("odd_table"), Strictness::enforced);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const Module& module = *loaded->module;
  EXPECT_EQ(module.face().style, Style::table);
  EXPECT_EQ(module.face().revision, 2);
  EXPECT_TRUE(module.has(Callout::get_ipv4));
  EXPECT_FALSE(module.has(Callout::get_ipv6)) << "exported, but not in the table";
}

TEST(InProcess, R98R109R36R11RefusesWhatRasRefuses) {
  EXPECT_EQ(refusal_of("odd_table_1"), "R109 MprAdminInitializeDllEx 87");
  EXPECT_EQ(refusal_of("odd_table_3"), "R109 MprAdminInitializeDllEx 87");
  EXPECT_EQ(refusal_of("odd_half"), "R36 MprAdminReleaseIpAddress 87");
  EXPECT_EQ(refusal_of("odd_no_link"), "R98 MprAdminLinkHangupNotification 87");
  EXPECT_EQ(refusal_of("odd_no_start"), "R11 MprAdminInitializeDll 1450");
  EXPECT_EQ(refusal_of("odd", Strictness::documented), "R92 MprAdminAcceptReauthentication 87");
}

TEST(InProcess, R122AddressesMayBeAskedForWhereNothingWasInitialised) {
  for (const auto& [initialized, result] :
       {std::pair(Initialized::here, 0U), {Initialized::elsewhere, 21U}}) {
    const auto loaded =
        load_in_process(module_path("odd_needs_start"), Strictness::enforced, initialized);
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    const Answer answer = loaded->module->call(
        {.callout = Callout::get_ipv4, .user = u"ana", .port = u"VPN2-1", .address = {}});
    EXPECT_EQ(answer.result, result);
  }
}

TEST(InProcess, R107RefusesAPathThatIsNotThere) {
  EXPECT_EQ(refusal_of("nothing"), refusal_of("nothing"));
  const auto missing = load_in_process(module_path("nothing"), Strictness::enforced);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, 126U);
  const auto relative = load_in_process("odd.so", Strictness::enforced);
  ASSERT_FALSE(relative);
  EXPECT_THAT(relative.error().what, HasSubstr("not absolute"));
}

class Called : public ::testing::Test {
 protected:
  Answer get(Callout callout, std::u16string user, const CalloutAddress& candidate) {
    return module_->call(
        {.callout = callout, .user = std::move(user), .port = u"VPN2-1", .address = candidate});
  }
  bool accepted(const std::u16string& user) {
    ConnectionFacts facts;
    facts.user = user;
    return module_->call({.callout = Callout::accept_connection, .connection = &facts}).result != 0;
  }
  static CalloutAddress ipv4(const char* text) { return CalloutAddress(*Ipv4::parse(text)); }

 private:
  std::unique_ptr<Module> module_ =
      std::move(load_in_process(module_path("odd"), Strictness::enforced)->module);
};

TEST_F(Called, R20AddressesAreInNetworkOrder) {
  const Answer answer = get(Callout::get_ipv4, u"192.0.2.9", ipv4("14.15.10.1"));
  EXPECT_EQ(answer.address, ipv4("192.0.2.9"));
  EXPECT_EQ(get(Callout::get_ipv4, u"ana", ipv4("14.15.10.1")).address, ipv4("14.15.10.1"));
}

TEST_F(Called, R26R30TheResultAndTheFlagAreThoseOfTheModule) {
  const Answer answer = get(Callout::get_ipv4, u"fail", ipv4("10.0.0.1"));
  EXPECT_EQ(answer.result, 8U);
  EXPECT_TRUE(answer.notify_release);
  EXPECT_TRUE(get(Callout::get_ipv4, u"none", ipv4("10.0.0.1")).address.none());
}

TEST_F(Called, R46R47AnIdentifierGoesAndComesWithoutItsPrefix) {
  const CalloutAddress identifier(*InterfaceId::parse("1:2:3:4"));
  EXPECT_EQ(get(Callout::get_ipv6, u"ana", identifier).address, identifier);
  const Answer answer = get(Callout::get_ipv6, u"prefix", identifier);
  EXPECT_EQ(answer.address, identifier);
  EXPECT_TRUE(answer.prefix_changed);
  EXPECT_FALSE(answer.failure);
}

TEST_F(Called, WhatWritesBeyondItsAddressIsFound) {
  const Answer answer = get(Callout::get_ipv4, u"overrun", ipv4("10.0.0.1"));
  ASSERT_TRUE(answer.failure);
  EXPECT_EQ(answer.failure->how, CallFailure::How::overran);
  EXPECT_THAT(answer.failure->what, HasSubstr("MprAdminGetIpAddressForUser"));
}

TEST_F(Called, R6WhatWritesThroughAPointerThatItKeptIsFound) {
  EXPECT_FALSE(get(Callout::get_ipv4, u"keeps", ipv4("10.0.0.1")).failure);
  const Answer given = get(Callout::get_ipv4, u"ana", ipv4("10.0.0.2"));
  EXPECT_EQ(given.address, ipv4("10.0.0.2"));
  EXPECT_FALSE(given.failure);
  const Answer answer = get(Callout::release_ipv4, u"keeps", ipv4("10.0.0.1"));
  ASSERT_TRUE(answer.failure);
  EXPECT_EQ(answer.failure->how, CallFailure::How::kept);
  EXPECT_THAT(answer.failure->what, HasSubstr("MprAdminReleaseIpAddress"));
  EXPECT_FALSE(get(Callout::get_ipv4, u"ana", ipv4("10.0.0.1")).failure) << "once";
}

TEST(InProcess, R130ACheckedCalloutIsToldNoAndTheFunctionIsNamed) {
  const auto loaded = load_in_process(module_path("odd_forbidden"), Strictness::enforced);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const Answer got = loaded->module->call({.callout = Callout::get_ipv4, .user = u"forbidden"});
  EXPECT_EQ(got.result, 1131U);
  EXPECT_EQ(got.administration, "MprAdminUserGetInfo");
}

TEST_F(Called, R61AcceptsAndRefusesByTheUserOfTheStructures) {
  EXPECT_TRUE(accepted(u"ana"));
  EXPECT_FALSE(accepted(u"refused"));
}

}  // namespace
}  // namespace berth::ras::testing
