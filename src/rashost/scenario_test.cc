// scenario_test.cc - scenarios as people write them, and what they are told of a mistake.
#include "rashost/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth::ras {
namespace {

using ::testing::HasSubstr;

std::string fault(const std::string& text) {
  const Result<Scenario> scenario = parse_scenario(text, "a.scenario");
  if (scenario) return "none";
  EXPECT_EQ(scenario.error().code, Code::import_invalid);
  EXPECT_FALSE(scenario.error().remedy.empty());
  return scenario.error().what;
}

TEST(Scenario, EveryVerbIsRead) {
  const Result<Scenario> scenario = parse_scenario(
      "# a day\n"
      "server 10.1.0.1\n"
      "pool 10.1.0.0/24\r\n"
      "ipv6-prefix 2001:db8::/64\n"
      "\n"
      "connect a user=CORP\\ana port=VPN2-1 domain=CORP computer=laptop families=ipv4,ipv6 "
      "tunnel=ikev2 ipv4=10.1.0.7 ipv6=0:0:0:7  # a comment\n"
      "link a port=VPN2-2 expect=refused\n"
      "drop a port=VPN2-1\n"
      "reauthenticate a state=probation expect=up\n"
      "move a client=192.0.2.9 server=192.0.2.1\n"
      "hang-up a\n"
      "hang-up all\n"
      "restart\n"
      "kill\n"
      "random connections=10 users=3 ports=2 seed=7 families=ipv6\n",
      "a.scenario");
  ASSERT_TRUE(scenario) << scenario.error().what;
  EXPECT_EQ(scenario->server.to_string(), "10.1.0.1");
  EXPECT_EQ(scenario->pool->size(), 256U);
  EXPECT_EQ(scenario->ipv6_prefix, 0x20010db800000000U);
  ASSERT_EQ(scenario->actions.size(), 10U);

  EXPECT_EQ(scenario->actions[0].line, 6U);
  const auto& connect = std::get<Connect>(scenario->actions[0].what);
  EXPECT_EQ(connect.name, "a");
  EXPECT_EQ(connect.user, u"CORP\\ana");
  EXPECT_EQ(connect.computer, u"laptop");
  EXPECT_TRUE(connect.wanted.ipv4 && connect.wanted.ipv6);
  EXPECT_EQ(connect.tunnel, Tunnel::ikev2);
  EXPECT_EQ(connect.expected.what, Expected::What::up);
  EXPECT_EQ(connect.expected.ipv4->to_string(Family::ipv4), "10.1.0.7");
  EXPECT_EQ(connect.expected.ipv6->to_string(Family::ipv6), "::7");

  EXPECT_EQ(std::get<AddLink>(scenario->actions[1].what).expected.what, Expected::What::refused);
  EXPECT_EQ(std::get<DropLink>(scenario->actions[2].what).port, u"VPN2-1");
  EXPECT_EQ(std::get<Reauthenticate>(scenario->actions[3].what).state, QuarantineState::probation);
  EXPECT_EQ(std::get<Move>(scenario->actions[4].what).client, u"192.0.2.9");
  EXPECT_EQ(std::get<HangUp>(scenario->actions[5].what).name, "a");
  EXPECT_EQ(std::get<HangUp>(scenario->actions[6].what).name, "");
  EXPECT_FALSE(std::get<Restart>(scenario->actions[7].what).killed);
  EXPECT_TRUE(std::get<Restart>(scenario->actions[8].what).killed);
  const auto& random = std::get<Random>(scenario->actions[9].what);
  EXPECT_EQ(random.connections, 10U);
  EXPECT_EQ(random.seed, 7U);
  EXPECT_FALSE(random.wanted.ipv4);
}

TEST(Scenario, AWaitSaysHowLongAtMost) {
  const Result<Scenario> scenario = parse_scenario("wait seconds=30\n", "a.scenario");
  ASSERT_TRUE(scenario);
  EXPECT_EQ(std::get<Wait>(scenario->actions[0].what).most, std::chrono::seconds(30));
  EXPECT_FALSE(parse_scenario("wait\n", "a.scenario"));
  EXPECT_FALSE(parse_scenario("wait seconds=0\n", "a.scenario"));
}

TEST(Scenario, AnExpectedCodeIsThatOfARefusal) {
  const auto scenario = parse_scenario("connect a user=u port=p expect=735", "a");
  ASSERT_TRUE(scenario);
  const Expected& expected = std::get<Connect>(scenario->actions[0].what).expected;
  EXPECT_EQ(expected.what, Expected::What::refused);
  EXPECT_EQ(expected.code, 735U);
}

TEST(Scenario, AMistakeNamesFileLineAndWhatIsWrong) {
  EXPECT_EQ(fault("\nsupper"), "a.scenario:2: there is no \"supper\"");
  EXPECT_EQ(fault("connect a port=p"), "a.scenario:1: user= is missing");
  EXPECT_EQ(fault("connect user=u port=p"), "a.scenario:1: the name of the connection is missing");
  EXPECT_EQ(fault("connect a user=u user=v port=p"), "a.scenario:1: \"user\" is said twice");
  EXPECT_EQ(fault("connect a b user=u port=p"),
            "a.scenario:1: does not know what to do with \"b\"");
  EXPECT_EQ(fault("kill now=1"), "a.scenario:1: there is no now= here");
  EXPECT_EQ(fault("connect a user=u port=p families=ipx"),
            "a.scenario:1: there is no family \"ipx\"");
  EXPECT_EQ(fault("connect a user=u port=p expect=maybe"), "a.scenario:1: expects \"maybe\"");
  EXPECT_EQ(fault("reauthenticate a state=ill"), "a.scenario:1: state is \"ill\"");
  EXPECT_EQ(fault("random connections=0"), "a.scenario:1: connections is \"0\"");
  EXPECT_EQ(fault("random ports=-1"), "a.scenario:1: ports is \"-1\"");
  EXPECT_EQ(fault("ipv6-prefix 2001:db8::/48"), "a.scenario:1: 2001:db8::/48 is no /64");
  EXPECT_THAT(fault("server 10.0.0.300"), HasSubstr("10.0.0.300"));
  EXPECT_THAT(fault("pool 10.0.0.9-10.0.0.1"), HasSubstr("10.0.0.9"));
}

TEST(Scenario, NamesThatDoNotFitTheirStructuresAreMistakes) {
  EXPECT_THAT(fault("connect a user=" + std::string(257, 'u') + " port=p"),
              HasSubstr("at most 256"));
  EXPECT_THAT(fault("connect a user=u port=" + std::string(17, 'p')), HasSubstr("at most 16"));
  EXPECT_THAT(fault("connect a user=\xff port=p"), HasSubstr("\\xff"));
  EXPECT_EQ(fault("connect a user=" + std::string(256, 'u') + " port=p"), "none");
}

TEST(Scenario, R96AClientBelowPppHasItsBytes) {
  const Result<Scenario> scenario =
      parse_scenario("preauthenticate user=ana domain=CORP info=07Ff00 expect=refused\n", "s");
  ASSERT_TRUE(scenario) << scenario.error().what;
  const auto& client = std::get<Preauthenticate>(scenario->actions.at(0).what);
  EXPECT_EQ(client.user, u"ana");
  EXPECT_EQ(client.info, (std::vector<std::uint8_t>{7, 0xff, 0}));
  for (const char* wrong : {"7", "0x", "zz", "+7"}) {
    EXPECT_FALSE(parse_scenario("preauthenticate user=ana info=" + std::string(wrong), "s"))
        << wrong;
  }
}

}  // namespace
}  // namespace berth::ras
