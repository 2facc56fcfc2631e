// connection_test.cc - the life of a connection against modules that answer as the contract lets
// them; each test cites its rules.
#include "ras/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ras/fakes_for_tests.h"

namespace berth::ras::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ConnectionTest : public ::testing::Test {
 protected:
  FakeModule& module(const std::string& path, const Face& face) {
    auto made = std::make_unique<FakeModule>(path, log, face);
    FakeModule& reference = *made;
    modules_.push_back(std::move(made));
    return reference;
  }
  Chain& chain() {
    if (!chain_) chain_ = std::make_unique<Chain>(std::move(modules_), options);
    return *chain_;
  }

  void reset() { chain_.reset(); }

  std::expected<std::unique_ptr<Connection>, Failed> begin(Wanted wanted = {},
                                                           Tunnel tunnel = Tunnel::ppp) {
    ConnectionFacts facts;
    facts.handle = Handle{++handles_};
    facts.user = u"ana";
    facts.tunnel = tunnel;
    return Connection::begin(chain(), source, facts, link(u"VPN2-1"), wanted);
  }
  LinkFacts link(std::u16string name) {
    LinkFacts facts;
    facts.port = Handle{++handles_};
    facts.port_name = std::move(name);
    return facts;
  }
  // "1168 R27", or "up with 10.0.0.1".
  std::string outcome(Wanted wanted = {}) {
    const auto begun = begin(wanted);
    if (!begun) return std::to_string(begun.error().code) + " " + begun.error().rule;
    const ConnectionFacts& facts = (*begun)->facts();
    return "up with " + (wanted.ipv4 ? facts.ipv4.client.to_string(Family::ipv4)
                                     : facts.ipv6.client.to_string(Family::ipv6));
  }

  // A Get that leaves this there.
  static std::function<Answer(const Call&)> gives(const CalloutAddress& address, bool notify,
                                                  std::uint32_t result = 0) {
    return [=](const Call&) {
      return Answer{.result = result, .address = address, .notify_release = notify, .failure = {}};
    };
  }
  static CalloutAddress ipv4(const char* text) { return CalloutAddress(*Ipv4::parse(text)); }

  // What a module answers that is switched off.
  static std::function<Answer(const Call&)> is_off() {
    return [](const Call&) {
      return Answer{.address = {},
                    .failure = CallFailure{.how = CallFailure::How::off, .what = "it is off"}};
    };
  }

  Log log;
  FakeSource source;
  ChainOptions options;

 private:
  std::vector<std::unique_ptr<Module>> modules_;
  std::unique_ptr<Chain> chain_;
  std::uint64_t handles_ = 0;
};

// --- What makes it the client's own ---

TEST_F(ConnectionTest, IsCommittedWithWhoAnsweredOnceAllHaveAccepted) {
  FakeModule& m = module("m", exporting_both());
  m.on(Callout::get_ipv4, gives(ipv4("10.0.0.9"), true));
  auto connection = begin({.ipv4 = true, .ipv6 = true});
  ASSERT_TRUE(connection);
  ASSERT_EQ(source.answered.size(), 2U);
  EXPECT_EQ(source.answered[0].module, "m");
  EXPECT_TRUE(source.answered[0].release);
  EXPECT_FALSE(source.answered[1].release);
  EXPECT_EQ(source.ended, 0);
  (*connection)->end();
  EXPECT_EQ(source.ended, 1);
}

TEST_F(ConnectionTest, R67WhatCannotBeCommittedIsUndone) {
  FakeModule& m = module("m", exporting_both());
  m.on(Callout::get_ipv4, gives(ipv4("10.0.0.9"), true));
  source.refuses = true;
  const auto begun = begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().what, "the disk is full");
  EXPECT_THAT(log, ElementsAre("m MprAdminGetIpAddressForUser ana VPN2-1 10.0.0.1",
                               "m MprAdminAcceptNewConnection", "m MprAdminAcceptNewLink VPN2-1",
                               "m MprAdminLinkHangupNotification VPN2-1",
                               "m MprAdminConnectionHangupNotification",
                               "m MprAdminReleaseIpAddress ana VPN2-1 10.0.0.9"));
  EXPECT_THAT(source.held, IsEmpty());
  EXPECT_EQ(source.ended, 1);
}

TEST_F(ConnectionTest, AModuleThatIsOffRefusesOrIsPassedOverAsTheSettingsSay) {
  for (const auto how : {RasSettings::WhenOff::refuse, RasSettings::WhenOff::skip}) {
    options.when_off = how;
    reset();
    FakeModule& m = module("m", exporting_both());
    for (Callout each : {Callout::get_ipv4, Callout::accept_connection, Callout::accept_link}) {
      m.on(each, is_off());
    }
    EXPECT_EQ(outcome(), how == RasSettings::WhenOff::skip ? "up with 10.0.0.1" : "5 R120");
    EXPECT_THAT(source.held, IsEmpty());
  }
}

// --- Windows 2000 ---

TEST_F(ConnectionTest, R68OnWindows2000NobodyHearsOfTheEndOfARefusedConnection) {
  options.windows_2000 = true;
  module("a", exporting_neither()).refuse(Callout::accept_connection);
  EXPECT_EQ(outcome(), "0 R62");
  EXPECT_THAT(log, ElementsAre("a MprAdminAcceptNewConnection"));
}

TEST_F(ConnectionTest, R85OnWindows2000NobodyHearsOfTheEndOfARefusedLink) {
  options.windows_2000 = true;
  FakeModule& a = module("a", exporting_neither());
  module("b", exporting_neither()).refuse(Callout::accept_link);
  EXPECT_EQ(outcome(), "0 R81");
  EXPECT_TRUE(a.has(Callout::hang_up_link));
  EXPECT_THAT(log, ElementsAre("a MprAdminAcceptNewConnection", "b MprAdminAcceptNewConnection",
                               "a MprAdminAcceptNewLink VPN2-1", "b MprAdminAcceptNewLink VPN2-1",
                               "a MprAdminConnectionHangupNotification",
                               "b MprAdminConnectionHangupNotification"));
}

// --- Who sees it ---

TEST_F(ConnectionTest, IsShownWhileItIsUpWithItsLinks) {
  module("m", exporting_both());
  Live live;
  ConnectionFacts facts;
  facts.handle = Handle{7};
  auto connection = *Connection::begin(chain(), source, facts, link(u"VPN2-1"), {}, &live);
  ASSERT_TRUE(live.connection(Handle{7}));
  EXPECT_EQ(live.connection(Handle{7})->ipv4.client, ipv4("10.0.0.1"));
  const LinkFacts second = link(u"VPN2-2");
  ASSERT_TRUE(connection->add_link(second));
  EXPECT_EQ(live.port(second.port)->connection, Handle{7});
  EXPECT_TRUE(connection->drop_link(second.port));
  EXPECT_FALSE(live.port(second.port));
  ASSERT_TRUE(connection->reauthenticate(QuarantineState::probation));
  EXPECT_EQ(live.connection(Handle{7})->quarantine, QuarantineState::probation);
  connection->end();
  EXPECT_FALSE(live.connection(Handle{7}));
  EXPECT_EQ(live.ports(std::nullopt, 0, 1).total, 0U);
}

TEST_F(ConnectionTest, OneThatIsRefusedIsNeverShown) {
  module("m", exporting_both()).refuse(Callout::accept_link);
  Live live;
  ConnectionFacts facts;
  facts.handle = Handle{7};
  EXPECT_FALSE(Connection::begin(chain(), source, facts, link(u"VPN2-1"), {}, &live));
  EXPECT_EQ(live.connections(0, 1).total, 0U);
}

// --- The order of a life ---

TEST_F(ConnectionTest, R112CallsFollowTheOrderOfALife) {
  FakeModule& m = module("m", exporting_both());
  m.on(Callout::get_ipv4, gives(ipv4("10.0.0.1"), true));
  m.on(Callout::get_ipv6, gives(CalloutAddress(InterfaceId(1)), true));
  {
    auto connection = *begin({.ipv4 = true, .ipv6 = true});
    ASSERT_TRUE(connection->add_link(link(u"VPN2-2")));
    connection->end();
  }
  EXPECT_THAT(
      log, ElementsAre("m MprAdminGetIpAddressForUser ana VPN2-1 10.0.0.1",
                       "m MprAdminGetIpv6AddressForUser ana VPN2-1 ::1",
                       "m MprAdminAcceptNewConnection", "m MprAdminAcceptNewLink VPN2-1",
                       "m MprAdminAcceptNewLink VPN2-2", "m MprAdminLinkHangupNotification VPN2-1",
                       "m MprAdminLinkHangupNotification VPN2-2",
                       "m MprAdminConnectionHangupNotification",
                       "m MprAdminReleaseIpAddress ana VPN2-1 10.0.0.1",
                       "m MprAdminReleaseIpv6AddressForUser ana VPN2-1 ::1"));
  EXPECT_THAT(source.held, IsEmpty());
  EXPECT_EQ(source.faults, 0);
}

TEST_F(ConnectionTest, R70R114AConnectionOfManyLinksIsAcceptedOnceAndHangsUpLast) {
  module("m", exporting_neither());
  auto connection = *begin();
  const LinkFacts second = link(u"VPN2-2");
  ASSERT_TRUE(connection->add_link(second));
  EXPECT_TRUE(connection->drop_link(connection->links()[0].port));
  EXPECT_FALSE(connection->drop_link(Handle{99}));
  EXPECT_TRUE(connection->is_up());
  EXPECT_TRUE(connection->drop_link(second.port));
  EXPECT_FALSE(connection->is_up());
  EXPECT_FALSE(connection->drop_link(second.port));
  EXPECT_THAT(
      log, ElementsAre("m MprAdminAcceptNewConnection", "m MprAdminAcceptNewLink VPN2-1",
                       "m MprAdminAcceptNewLink VPN2-2", "m MprAdminLinkHangupNotification VPN2-1",
                       "m MprAdminLinkHangupNotification VPN2-2",
                       "m MprAdminConnectionHangupNotification"));
}

// --- The table after R40 ---

struct Row {
  const char* name;
  Family family;
  const char* left;      // what Get leaves in its address; "" for none
  std::uint32_t result;  // what it returns
  const char* outcome;
  bool dry = false;  // RAS has no candidate
};

// Each row, with the flag TRUE and FALSE.
class OutcomeTest : public ConnectionTest,
                    public ::testing::WithParamInterface<std::tuple<Row, bool>> {};

TEST_P(OutcomeTest, IsThatOfTheTable) {
  const auto& [row, notify] = GetParam();
  const bool v4 = row.family == Family::ipv4;
  CalloutAddress left;
  if (*row.left != 0) {
    left = v4 ? ipv4(row.left) : CalloutAddress(*InterfaceId::parse(row.left));
  }
  FakeModule& m = module("m", exporting_both());
  m.on(v4 ? Callout::get_ipv4 : Callout::get_ipv6, gives(left, notify, row.result));
  source.dry = row.dry;
  source.held.insert({Family::ipv4, "10.0.0.77"});
  source.held.insert({Family::ipv6, "::77"});
  const auto held = source.held;

  EXPECT_EQ(outcome({.ipv4 = v4, .ipv6 = !v4}), row.outcome);
  const std::string release =
      std::string("m ") + (v4 ? "MprAdminReleaseIpAddress" : "MprAdminReleaseIpv6AddressForUser") +
      " ana VPN2-1 " + left.to_string(row.family);
  EXPECT_EQ(std::ranges::count(log, release), notify ? 1 : 0);
  EXPECT_EQ(
      std::ranges::count_if(log, [](const std::string& line) { return line.contains("Release"); }),
      notify ? 1 : 0);
  EXPECT_EQ(source.held, held);
  EXPECT_EQ(source.faults, 0);
}

const Row kRows[] = {
    {"R25TheCandidate", Family::ipv4, "10.0.0.1", 0, "up with 10.0.0.1"},
    {"R25AnotherFreeOne", Family::ipv4, "10.0.0.9", 0, "up with 10.0.0.9"},
    {"R27None", Family::ipv4, "", 0, "1168 R27"},
    {"R28TheServersOwn", Family::ipv4, "10.0.0.254", 0, "1168 R28"},
    {"R29OneInUse", Family::ipv4, "10.0.0.77", 0, "735 R29"},
    {"R26AnErrorWithTheCandidate", Family::ipv4, "10.0.0.1", 5, "5 R26"},
    {"R26AnErrorWithAnother", Family::ipv4, "10.0.0.9", 1223, "1223 R26"},
    {"R26AnErrorWithNone", Family::ipv4, "", 8, "8 R26"},
    {"R24NeitherHasOne", Family::ipv4, "", 0, "1168 R24", true},
    {"R22TheModuleHasOne", Family::ipv4, "10.0.0.9", 0, "up with 10.0.0.9", true},
    {"R45TheCandidate", Family::ipv6, "0:0:0:1", 0, "up with ::1"},
    {"R45AnotherFreeOne", Family::ipv6, "0:0:0:9", 0, "up with ::9"},
    {"R48None", Family::ipv6, "", 0, "1168 R27"},
    {"R45OneInUse", Family::ipv6, "0:0:0:77", 0, "735 R29"},
    {"R45AnError", Family::ipv6, "0:0:0:9", 5, "5 R26"},
    {"R45NeitherHasOne", Family::ipv6, "", 0, "1168 R24", true},
};
INSTANTIATE_TEST_SUITE_P(Table, OutcomeTest,
                         ::testing::Combine(::testing::ValuesIn(kRows), ::testing::Bool()),
                         [](const auto& param) {
                           return std::get<0>(param.param).name +
                                  std::string(std::get<1>(param.param) ? "Flagged" : "");
                         });

TEST_F(ConnectionTest, R29TheCandidateGoesBackBeforeTheSubstituteIsLookedAt) {
  // The module gives the next connection what this one was proposed: it is free again by then.
  FakeModule& m = module("m", exporting_both());
  m.on(Callout::get_ipv4, gives(ipv4("10.0.0.9"), false));
  const auto first = begin();
  ASSERT_TRUE(first);
  EXPECT_EQ(source.held.size(), 1U);
  EXPECT_TRUE(source.held.contains({Family::ipv4, "10.0.0.9"}));
}

TEST_F(ConnectionTest, AForeignAddressThatIsNotWantedIsRefused) {
  FakeModule& m = module("m", exporting_both());
  m.on(Callout::get_ipv4, gives(ipv4("192.0.2.1"), true));
  source.foreign = {"192.0.2.1"};
  EXPECT_EQ(outcome(), "735 R29");
  EXPECT_THAT(log, ::testing::Contains("m MprAdminReleaseIpAddress ana VPN2-1 192.0.2.1"));
}

TEST_F(ConnectionTest, R38WithoutAProviderRasGivesItsOwnOrFails) {
  module("m", exporting_neither());
  EXPECT_EQ(outcome(), "up with 10.0.0.1");
  source.dry = true;
  EXPECT_EQ(outcome(), "717 R38");
}

TEST_F(ConnectionTest, R39AProviderOfRevisionOneIsNotAskedAboutIkev2) {
  module("m", exporting_both()).on(Callout::get_ipv4, gives(ipv4("10.0.0.9"), true));
  const auto begun = begin({.ipv4 = true, .ipv6 = true}, Tunnel::ikev2);
  ASSERT_TRUE(begun);
  EXPECT_EQ((*begun)->facts().ipv4.client, ipv4("10.0.0.1"));
  EXPECT_EQ(log.front(), "m MprAdminGetIpv6AddressForUser ana VPN2-1 ::1");
}

TEST_F(ConnectionTest, R39AProviderWithATableIsAskedAboutIkev2) {
  Face face = exporting_both();
  face.style = Style::table;
  face.revision = 2;
  module("m", face).on(Callout::get_ipv4, gives(ipv4("10.0.0.9"), false));
  const auto begun = begin({}, Tunnel::ikev2);
  ASSERT_TRUE(begun);
  EXPECT_EQ((*begun)->facts().ipv4.client, ipv4("10.0.0.9"));
}

TEST_F(ConnectionTest, R52WhereOneFamilyFailsTheOtherIsReleased) {
  FakeModule& m = module("m", exporting_both());
  m.on(Callout::get_ipv4, gives(ipv4("10.0.0.9"), true));
  m.on(Callout::get_ipv6, gives({}, false));
  EXPECT_EQ(outcome({.ipv4 = true, .ipv6 = true}), "1168 R27");
  EXPECT_EQ(log.back(), "m MprAdminReleaseIpAddress ana VPN2-1 10.0.0.9");
  EXPECT_THAT(source.held, IsEmpty());
}

TEST_F(ConnectionTest, R37R51EachFamilyHasAProviderOfItsOwn) {
  module("a", exporting_neither());
  module("b",
         face_of({Callout::accept_connection, Callout::hang_up_connection, Callout::accept_link,
                  Callout::hang_up_link, Callout::get_ipv6, Callout::release_ipv6}));
  module("c", exporting_both());
  module("d", exporting_both());
  EXPECT_EQ(chain().provider(Family::ipv4)->path(), "c");
  EXPECT_EQ(chain().provider(Family::ipv6)->path(), "b");
  ASSERT_TRUE(begin({.ipv4 = true, .ipv6 = true}));
  EXPECT_EQ(log[0], "c MprAdminGetIpAddressForUser ana VPN2-1 10.0.0.1");
  EXPECT_EQ(log[1], "b MprAdminGetIpv6AddressForUser ana VPN2-1 ::1");
}

// --- Accepting ---

TEST_F(ConnectionTest, R62R63R73OneFalseEndsItAndThoseWhoAcceptedHearTheHangUp) {
  module("a", exporting_both()).on(Callout::get_ipv4, gives(ipv4("10.0.0.1"), true));
  module("b", exporting_neither()).refuse(Callout::accept_connection);
  module("c", exporting_neither());
  const auto begun = begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().module, "b");
  EXPECT_EQ(begun.error().rule, "R62");
  EXPECT_THAT(log, ElementsAre("a MprAdminGetIpAddressForUser ana VPN2-1 10.0.0.1",
                               "a MprAdminAcceptNewConnection", "b MprAdminAcceptNewConnection",
                               "a MprAdminConnectionHangupNotification",
                               "a MprAdminReleaseIpAddress ana VPN2-1 10.0.0.1"));
  EXPECT_THAT(source.held, IsEmpty());
}

TEST_F(ConnectionTest, R82RefusingTheOnlyLinkEndsTheConnection) {
  module("a", exporting_neither());
  module("b", exporting_neither()).refuse(Callout::accept_link);
  const auto begun = begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().rule, "R81");
  EXPECT_THAT(log, ElementsAre("a MprAdminAcceptNewConnection", "b MprAdminAcceptNewConnection",
                               "a MprAdminAcceptNewLink VPN2-1", "b MprAdminAcceptNewLink VPN2-1",
                               "a MprAdminLinkHangupNotification VPN2-1",
                               "a MprAdminConnectionHangupNotification",
                               "b MprAdminConnectionHangupNotification"));
}

TEST_F(ConnectionTest, R82RefusingAnotherLinkLeavesTheConnectionUp) {
  FakeModule& m = module("m", exporting_neither());
  auto connection = *begin();
  m.refuse(Callout::accept_link);
  const auto added = connection->add_link(link(u"VPN2-2"));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().rule, "R82");
  EXPECT_TRUE(connection->is_up());
  EXPECT_EQ(connection->links().size(), 1U);
  EXPECT_EQ(log.back(), "m MprAdminAcceptNewLink VPN2-2");
}

TEST_F(ConnectionTest, R91RefusingReauthenticationEndsTheConnection) {
  Face face = exporting_both();
  add(face.callouts, Callout::accept_reauthentication);
  FakeModule& m = module("m", face);
  auto connection = *begin();
  ASSERT_TRUE(connection->reauthenticate(QuarantineState::probation));
  EXPECT_EQ(connection->facts().quarantine, QuarantineState::probation);
  m.refuse(Callout::accept_reauthentication);
  const auto refused = connection->reauthenticate(QuarantineState::quarantine);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().rule, "R91");
  EXPECT_FALSE(connection->is_up());
  EXPECT_THAT(source.held, IsEmpty());
}

TEST_F(ConnectionTest, R92AModuleWithoutReauthenticationLetsItPass) {
  module("m", exporting_neither());
  auto connection = *begin();
  EXPECT_TRUE(connection->reauthenticate(QuarantineState::quarantine));
  EXPECT_TRUE(connection->is_up());
}

TEST_F(ConnectionTest, R95ARefusedChangeOfEndpointLeavesEverythingAsItWas) {
  FakeModule& m = module(
      "m", face_of({Callout::accept_connection_ex, Callout::hang_up_connection_ex,
                    Callout::accept_link, Callout::hang_up_link, Callout::accept_endpoint_change},
                   Style::table));
  auto connection = *begin({}, Tunnel::ikev2);
  ASSERT_TRUE(connection->change_endpoint(u"192.0.2.9", u"192.0.2.1"));
  EXPECT_EQ(connection->facts().endpoint_changes, 1U);
  m.on(Callout::accept_endpoint_change, [](const Call& call) {
    EXPECT_EQ(call.connection->client_endpoint, u"192.0.2.10");
    EXPECT_EQ(call.connection->endpoint_changes, 2U);
    return Answer{.address = {}, .failure = {}};
  });
  EXPECT_FALSE(connection->change_endpoint(u"192.0.2.10", u"192.0.2.1"));
  EXPECT_EQ(connection->facts().client_endpoint, u"192.0.2.9");
  EXPECT_TRUE(connection->is_up());
}

TEST_F(ConnectionTest, R66TheAddressesAreKnownWhenTheConnectionIsAccepted) {
  FakeModule& m = module("m", exporting_both());
  m.on(Callout::get_ipv4, gives(ipv4("10.0.0.9"), false));
  m.on(Callout::accept_connection, [](const Call& call) {
    EXPECT_TRUE(call.connection->ipv4.up);
    EXPECT_EQ(call.connection->ipv4.client.to_string(Family::ipv4), "10.0.0.9");
    EXPECT_FALSE(call.connection->ipv6.up);
    return Answer{.result = 1, .address = {}, .failure = {}};
  });
  EXPECT_EQ(outcome(), "up with 10.0.0.9");
}

TEST_F(ConnectionTest, R72R83AHangUpNamesTheConnectionThatWasAccepted) {
  FakeModule& m = module("m", exporting_neither());
  std::vector<Handle> handles;
  for (Callout each : {Callout::accept_connection, Callout::hang_up_connection}) {
    m.on(each, [&](const Call& call) {
      handles.push_back(call.connection->handle);
      return Answer{.result = 1, .address = {}, .failure = {}};
    });
  }
  for (Callout each : {Callout::accept_link, Callout::hang_up_link}) {
    m.on(each, [&](const Call& call) {
      handles.push_back(call.link->connection);
      return Answer{.result = 1, .address = {}, .failure = {}};
    });
  }
  ASSERT_TRUE(begin());
  ASSERT_EQ(handles.size(), 4U);
  EXPECT_EQ(std::set(handles.begin(), handles.end()).size(), 1U);
}

// --- Modules that do not answer ---

TEST_F(ConnectionTest, AGetThatDoesNotAnswerRefusesAndOwesNoRelease) {
  FakeModule& m = module("m", exporting_both());
  m.on(Callout::get_ipv4, [](const Call&) {
    return Answer{.address = {},
                  .notify_release = true,
                  .failure = CallFailure{CallFailure::How::crashed, "it died of signal 11"}};
  });
  const auto begun = begin();
  ASSERT_FALSE(begun);
  EXPECT_NE(begun.error().what.find("signal 11"), std::string::npos);
  EXPECT_EQ(log.size(), 1U);
  EXPECT_THAT(source.held, IsEmpty());
}

TEST_F(ConnectionTest, AnAcceptThatDoesNotAnswerRefuses) {
  module("a", exporting_neither());
  module("b", exporting_neither()).on(Callout::accept_connection, [](const Call&) {
    return Answer{.result = 1,
                  .address = {},
                  .failure = CallFailure{CallFailure::How::deadline, "it took too long"}};
  });
  const auto begun = begin();
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().module, "b");
  EXPECT_NE(begun.error().what.find("took too long"), std::string::npos);
}

TEST_F(ConnectionTest, AConnectionThatIsLetGoEnds) {
  module("m", exporting_both()).on(Callout::get_ipv4, gives(ipv4("10.0.0.1"), true));
  {
    const auto begun = begin();
    ASSERT_TRUE(begun);
  }
  EXPECT_EQ(log.back(), "m MprAdminReleaseIpAddress ana VPN2-1 10.0.0.1");
}

}  // namespace
}  // namespace berth::ras::testing
