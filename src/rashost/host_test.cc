// host_test.cc - scenarios played to modules, call by call, and what is found wrong.
#include "rashost/host.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/addresses_for_tests.h"
#include "ras/modules_for_tests.h"
#include "rashost/trace.h"
#include "store/store_files_test.h"

namespace berth::ras::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Lines = std::vector<std::string>;

class HostTest : public ::testing::TestWithParam<Isolation> {
 protected:
  Judged play(const std::string& text, std::initializer_list<const char*> modules = {"odd"}) {
    Registration registration;
    for (const char* each : modules) registration.paths.push_back(module_path(each));
    Host host(
        registration, {.isolation = GetParam(), .workers = {.program = worker_path()}},
        [this](std::uint64_t number, const Made& made) {
          lines_.push_back(line_of(number, made).substr(7));
        },
        [this](const std::string& event) { lines_.push_back("-- " + event); }, settings_);
    const Result<Scenario> scenario = parse_scenario(text, "test");
    EXPECT_TRUE(scenario) << scenario.error().what;
    administer_(host.administered());
    const Loaded<Judged> judged = host.play(*scenario);
    EXPECT_TRUE(judged) << to_string(judged.error());
    return *judged;
  }

  // Addresses from a Book of its own, which lasts as long as the test.
  void with_settings() {
    settings_ = Settings{.store = files_.path(), .plan = {}, .rras = {}, .ras = {}};
    settings_->plan.pools = {berth::testing::ipv4_pool("main", "10.0.0.1-10.0.0.9")};
  }
  [[nodiscard]] Lines calls(const std::string& callout) const {
    Lines found;
    for (const std::string& line : lines_) {
      if (line.find(callout) != std::string::npos) found.push_back(line);
    }
    return found;
  }

  Lines lines_;
  std::optional<Settings> settings_;
  berth::testing::StoreFiles files_;
  // What administrators ask for beforehand, since nothing here waits.
  std::function<void(Administered&)> administer_ = [](Administered&) {};
};

TEST_P(HostTest, R112ShowsEveryCallInItsOrder) {
  const Judged judged = play(
      "pool 10.0.0.1-10.0.0.9\n"
      "connect a user=ana port=VPN2-1 families=ipv4,ipv6 ipv4=10.0.0.1 ipv6=0:0:0:1\n"
      "link a port=VPN2-2\n"
      "drop a port=VPN2-1\n"
      "hang-up a\n");
  EXPECT_TRUE(judged.good()) << judged.findings[0];
  EXPECT_THAT(
      lines_,
      ElementsAre("odd  MprAdminGetIpAddressForUser(\"ana\", \"VPN2-1\", 10.0.0.1) -> 0, 10.0.0.1, "
                  "notify",
                  "odd  MprAdminGetIpv6AddressForUser(\"ana\", \"VPN2-1\", ::1) -> 0, ::1, notify",
                  "odd  MprAdminAcceptNewConnection(#1, \"ana\", 10.0.0.1, ::1) -> TRUE",
                  "odd  MprAdminAcceptNewLink(#1, \"VPN2-1\") -> TRUE",
                  "odd  MprAdminAcceptNewLink(#1, \"VPN2-2\") -> TRUE",
                  "odd  MprAdminLinkHangupNotification(#1, \"VPN2-1\")",
                  "odd  MprAdminLinkHangupNotification(#1, \"VPN2-2\")",
                  "odd  MprAdminConnectionHangupNotification(#1, \"ana\", 10.0.0.1, ::1)",
                  "odd  MprAdminReleaseIpAddress(\"ana\", \"VPN2-1\", 10.0.0.1)",
                  "odd  MprAdminReleaseIpv6AddressForUser(\"ana\", \"VPN2-1\", ::1)",
                  "odd  MprAdminTerminateDll()"));
}

TEST_P(HostTest, WithSettingsAUserComesBackToTheSameAddress) {
  with_settings();
  for (int i = 0; i < 2; ++i) {
    const Judged judged = play(
        "connect a user=ana port=VPN2-1 ipv4=10.0.0.1\n"
        "connect b user=ben port=VPN2-2 ipv4=10.0.0.2\n"
        "hang-up a\n"
        "connect c user=cid port=VPN2-1 ipv4=10.0.0.3\n"
        "connect d user=ana port=VPN2-4 ipv4=10.0.0.1\n");
    EXPECT_TRUE(judged.good()) << judged.findings[0];
  }
}

TEST_P(HostTest, R32R33WithSettingsWhatAKilledRasOwesIsReleasedOnceByTheNext) {
  with_settings();
  const Judged judged = play(
      "connect a user=ana port=VPN2-1\n"
      "connect b user=ben port=VPN2-2\n"
      "hang-up b\n"
      "kill\n"
      "connect c user=cid port=VPN2-1 ipv4=10.0.0.3\n"
      "restart\n"
      "connect d user=ana port=VPN2-3 ipv4=10.0.0.1\n");
  EXPECT_TRUE(judged.good()) << judged.findings[0];
  EXPECT_THAT(calls("ReleaseIpAddress"),
              ElementsAre("odd  MprAdminReleaseIpAddress(\"ben\", \"VPN2-2\", 10.0.0.2)",
                          "odd  MprAdminReleaseIpAddress(\"ana\", \"VPN2-1\", 10.0.0.1)",
                          "odd  MprAdminReleaseIpAddress(\"cid\", \"VPN2-1\", 10.0.0.3)",
                          "odd  MprAdminReleaseIpAddress(\"ana\", \"VPN2-3\", 10.0.0.1)"));
}

TEST_P(HostTest, WithSettingsAnAddressOutsideEveryPoolIsTold) {
  with_settings();
  const Judged judged = play("connect a user=192.0.2.9 port=VPN2-1 ipv4=192.0.2.9\n");
  EXPECT_TRUE(judged.good()) << judged.findings[0];
  settings_->ras.foreign = false;
  EXPECT_TRUE(play("connect a user=192.0.2.9 port=VPN2-1 expect=735\n").good());
}

TEST_P(HostTest, WithSettingsADayOfChanceLeavesNothingHeld) {
  with_settings();
  settings_->plan.pools = {berth::testing::ipv4_pool("main", "10.0.0.0/16")};
  const Judged judged = play(
      "random connections=300 users=20 ports=16 seed=7\nkill\n"
      "random connections=300 users=20 ports=16 seed=8\n");
  EXPECT_TRUE(judged.good()) << judged.findings[0];
  EXPECT_EQ(calls("GetIpAddressForUser").size(), calls("ReleaseIpAddress").size());
}

TEST_P(HostTest, WhatWasExpectedAndDidNotComeTrueIsFound) {
  const Judged judged = play(
      "pool 10.0.0.1-10.0.0.9\n"
      "connect a user=ana port=VPN2-1 ipv4=10.0.0.7\n"
      "connect b user=refused port=VPN2-2 expect=up\n"
      "connect c user=192.0.2.9 port=VPN2-3 expect=refused\n"
      "connect d user=192.0.2.9 port=VPN2-4 expect=1168\n"
      "link e port=VPN2-5\n");
  EXPECT_EQ(judged.finding_count, 5U);
  EXPECT_THAT(judged.findings[0], HasSubstr("line 2: the connection a of ana has 10.0.0.1, and "
                                            "should have 10.0.0.7"));
  EXPECT_THAT(judged.findings[1], HasSubstr("refused the connection (R62"));
  EXPECT_THAT(judged.findings[2], HasSubstr("came up, and should have been refused"));
  EXPECT_THAT(judged.findings[3], HasSubstr("error 735, and should be with 1168"));
  EXPECT_THAT(judged.findings[4], HasSubstr("line 6: there is no connection e"));
}

TEST_P(HostTest, WhatTheContractForbidsIsFound) {
  const Judged judged = play(
      "pool 10.0.0.1-10.0.0.9\n"
      "connect a user=none port=VPN2-1 expect=1168\n"
      "connect b user=fail port=VPN2-1 expect=8\n"
      "connect c user=overrun port=VPN2-1 expect=refused\n");
  ASSERT_EQ(judged.finding_count, 3U);
  EXPECT_THAT(judged.findings[0], HasSubstr("R27"));
  EXPECT_THAT(judged.findings[1], HasSubstr("R31"));
  EXPECT_THAT(judged.findings[2], HasSubstr("wrote beyond"));
}

TEST_P(HostTest, R130AnAdministrationFunctionInsideACalloutIsFound) {
  const Judged judged = play(
      "pool 10.0.0.1-10.0.0.9\n"
      "connect a user=forbidden port=VPN2-1 expect=1131\n",
      {"odd_forbidden"});
  ASSERT_EQ(judged.finding_count, 1U);
  EXPECT_EQ(judged.findings[0],
            "line 2: odd_forbidden: MprAdminGetIpAddressForUser called MprAdminUserGetInfo, which "
            "never returns to a callout (R130)");
}

TEST_P(HostTest, APortThatAdministratorsDisconnectIsDroppedAndTheWaitEndsWithTheLast) {
  std::thread administrator;
  administer_ = [&](Administered& administered) {
    administrator = std::thread([&administered] {
      Page<LinkFacts> ports;
      while (ports.total < 2) ports = administered.live().ports(std::nullopt, 0, 2);
      for (const LinkFacts& each : ports.facts) administered.hooks().disconnect(each.port);
    });
  };
  const Judged judged = play(
      "pool 10.0.0.1-10.0.0.9\n"
      "connect a user=ana port=VPN2-1\n"
      "link a port=VPN2-2\n"
      "wait seconds=3600\n"
      "connect b user=ben port=VPN2-1 ipv4=10.0.0.2\n");
  administrator.join();
  EXPECT_TRUE(judged.good()) << judged.findings[0];
  EXPECT_THAT(lines_, ::testing::Contains(
                          "odd  MprAdminConnectionHangupNotification(#1, \"ana\", 10.0.0.1)"));
}

TEST_P(HostTest, UsersOfTheScenarioHaveRights) {
  std::optional<UserRights> rights;
  administer_ = [&](Administered& administered) {
    administered.know(u"ana");
    EXPECT_FALSE(administered.hooks().user(u"ben"));
    EXPECT_EQ(administered.hooks().set_user(u"ben", {}), 1317U);
    EXPECT_EQ(administered.hooks().set_user(u"ana", {.privilege = 1, .phone_number = u""}), 0U);
    administered.know(u"ana");
    rights = administered.hooks().user(u"ana");
  };
  play("connect a user=ana port=VPN2-1\n");
  ASSERT_TRUE(rights);
  EXPECT_EQ(rights->privilege, 1) << "what was set stays";
}

TEST_P(HostTest, R132WithSettingsRightsAreThoseOfTheRules) {
  with_settings();
  settings_->plan.rules = {
      {.name = "", .place = "", .match = {.owners = {"ana"}}, .pools = {"main"}}};
  std::optional<UserRights> ana;
  std::optional<UserRights> ben;
  std::thread administrator;
  administer_ = [&](Administered& administered) {
    administrator = std::thread([&] {
      Page<LinkFacts> ports;
      while (ports.total == 0) ports = administered.live().ports(std::nullopt, 0, 1);
      const Hooks hooks = administered.hooks();
      ana = hooks.user(u"ana");
      ben = hooks.user(u"ben");
      EXPECT_EQ(hooks.set_user(u"ana", *ben), 50U) << "rules are in the settings";
      hooks.disconnect(ports.facts[0].port);
    });
  };
  const Judged judged = play(
      "connect a user=ana port=VPN2-1\n"
      "wait seconds=3600\n");
  administrator.join();
  EXPECT_TRUE(judged.good()) << judged.findings[0];
  EXPECT_EQ(ana->privilege, UserRights::kNoCallback | UserRights::kMayDialIn);
  EXPECT_EQ(ben->privilege, UserRights::kNoCallback);
}

TEST_P(HostTest, AKilledRasSideTellsNobodyAndStartsAgain) {
  const Judged judged = play(
      "pool 10.0.0.1-10.0.0.9\n"
      "connect a user=ana port=VPN2-1\n"
      "kill\n"
      "connect a user=ana port=VPN2-1 ipv4=10.0.0.1\n"
      "restart\n");
  EXPECT_TRUE(judged.good()) << judged.findings[0];
  EXPECT_THAT(lines_[3], "-- the RAS side is killed and starts again");
  EXPECT_EQ(std::ranges::count(lines_, "odd  MprAdminTerminateDll()"), 2);
}

TEST_P(HostTest, ADayOfChanceLeavesNothingHeld) {
  const Judged judged =
      play("pool 10.0.0.1-10.0.0.40\nrandom connections=300 users=20 ports=16 seed=3\n",
           {"odd_table", "odd"});
  EXPECT_TRUE(judged.good()) << judged.findings[0];
  EXPECT_EQ(judged.came_up, 300U);
}

TEST_P(HostTest, TheSameSeedGivesTheSameCalls) {
  const std::string text = "pool 10.0.0.1-10.0.0.40\nrandom connections=50 seed=5\n";
  play(text);
  const Lines first = std::exchange(lines_, {});
  play(text);
  EXPECT_EQ(lines_, first);
}

INSTANTIATE_TEST_SUITE_P(Isolations, HostTest,
                         ::testing::Values(Isolation::in_process, Isolation::workers),
                         [](const auto& isolation) {
                           return isolation.param == Isolation::workers ? "InWorkers" : "InProcess";
                         });

TEST(Trace, ModulesAreCalledByTheNamesOfTheirFiles) {
  EXPECT_EQ(short_name("/usr/lib/berth/a.so"), "a");
  EXPECT_EQ(short_name(R"(C:\Program Files\Berth\berth.dll)"), "berth");
}

}  // namespace
}  // namespace berth::ras::testing
