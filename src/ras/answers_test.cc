// answers_test.cc - each question has the answer and the codes of Windows.
#include "ras/answers.h"

#include <cstring>

#include <gtest/gtest.h>

#include <ras_admin_module.h>

namespace berth::ras {
namespace {

using mprapi::Function;
using mprapi::kLevelEx;
using mprapi::Question;
using mprapi::Reply;

constexpr std::uint32_t kAll = 0xffffffff;

class Answers : public ::testing::Test {
 protected:
  Answers() {
    for (std::uint64_t i = 1; i <= 3; ++i) put(i, QuarantineState::normal);
  }

  // Connection n on port 100 + n, with the address 10.0.0.n.
  void put(std::uint64_t n, QuarantineState quarantine) {
    ConnectionFacts facts;
    facts.handle = Handle{n};
    facts.user = u"user";
    facts.user += static_cast<char16_t>(u'0' + n);
    facts.ipv4 = {true, {}, CalloutAddress(Ipv4(0x0a000000U + static_cast<std::uint32_t>(n)))};
    facts.tunnel = n == 2 ? Tunnel::ikev2 : Tunnel::ppp;
    facts.quarantine = quarantine;
    facts.counters.bytes_sent = 1000;
    LinkFacts link;
    link.port = Handle{100 + n};
    link.connection = facts.handle;
    link.port_name = u"VPN2-1";
    link.counters.bytes_sent = 500;
    live_.put(facts, {&link, 1});
  }
  Reply ask(const Question& question) { return answer(question, live_, hooks_); }
  std::uint32_t code(const Question& question) { return ask(question).code; }
  template <class Structure>
  static Structure structure(const Reply& reply, std::size_t index = 0) {
    Structure structure{};
    EXPECT_GE(reply.bytes.size(), (index + 1) * sizeof structure);
    std::memcpy(&structure, reply.bytes.data() + index * sizeof structure, sizeof structure);
    return structure;
  }
  static std::uint64_t number(HANDLE handle) { return reinterpret_cast<std::uintptr_t>(handle); }

  Live live_;
  Hooks hooks_;
};

TEST_F(Answers, ConnectionsComeInTheirOrderAtEachLevel) {
  const Reply reply = ask({.function = Function::connections, .level = 0, .most = kAll});
  EXPECT_EQ(reply.code, std::uint32_t{NO_ERROR});
  EXPECT_EQ(reply.read, 3U);
  EXPECT_EQ(reply.total, 3U);
  EXPECT_EQ(number(structure<RAS_CONNECTION_0>(reply, 2).hConnection), 3U);
  const auto size = [&](std::uint32_t level) {
    return ask({.function = Function::connections, .level = level, .most = kAll}).bytes.size() / 3;
  };
  EXPECT_EQ(size(1), sizeof(RAS_CONNECTION_1));
  EXPECT_EQ(size(2), sizeof(RAS_CONNECTION_2));
  EXPECT_EQ(size(3), sizeof(RAS_CONNECTION_3));
  EXPECT_EQ(size(kLevelEx), sizeof(RAS_CONNECTION_EX));
  EXPECT_EQ(code({.function = Function::connections, .level = 4}), 124U);
}

TEST_F(Answers, WhatDoesNotFitComesNextTimeWhoeverLeftMeanwhile) {
  Question question{.function = Function::connections, .level = 0, .most = 1};
  Reply reply = ask(question);
  EXPECT_EQ(reply.code, 234U);
  EXPECT_EQ(reply.read, 1U) << "one at least";
  EXPECT_EQ(reply.total, 3U);
  live_.remove(Handle{1});
  question.resume = reply.resume;
  question.most = 2 * sizeof(RAS_CONNECTION_0);
  reply = ask(question);
  EXPECT_EQ(reply.code, std::uint32_t{NO_ERROR});
  EXPECT_EQ(reply.read, 2U);
  EXPECT_EQ(number(structure<RAS_CONNECTION_0>(reply).hConnection), 2U);
}

TEST_F(Answers, OneConnectionIsFoundByItsHandle) {
  const Reply reply = ask({.function = Function::connection, .level = 1, .handle = 2});
  const auto one = structure<RAS_CONNECTION_1>(reply);
  EXPECT_EQ(one.PppInfo.ip.wszRemoteAddress[7], RAS_TEXT('2'));
  EXPECT_EQ(code({.function = Function::connection, .level = 0, .handle = 9}), 906U);
  EXPECT_EQ(code({.function = Function::connection, .level = 4, .handle = 2}), 124U);
}

TEST_F(Answers, ClearedCountersBeginAgain) {
  EXPECT_EQ(code({.function = Function::clear_connection, .handle = 1}), std::uint32_t{NO_ERROR});
  EXPECT_EQ(code({.function = Function::clear_port, .handle = 101}), std::uint32_t{NO_ERROR});
  EXPECT_EQ(live_.connection(Handle{1})->counters.bytes_sent, 0U);
  EXPECT_EQ(live_.port(Handle{101})->counters.bytes_sent, 0U);
  EXPECT_EQ(live_.connection(Handle{2})->counters.bytes_sent, 1000U);
  EXPECT_EQ(code({.function = Function::clear_connection, .handle = 9}), 906U);
  EXPECT_EQ(code({.function = Function::clear_port, .handle = 9}), 601U);
}

TEST_F(Answers, QuarantineEndsForAHandleOrAnAddress) {
  EXPECT_EQ(code({.function = Function::end_quarantine, .handle = 1}), 1168U);
  EXPECT_EQ(code({.function = Function::end_quarantine, .handle = 9}), 906U);
  put(1, QuarantineState::quarantine);
  EXPECT_EQ(code({.function = Function::end_quarantine, .handle = 1}), std::uint32_t{NO_ERROR});
  EXPECT_EQ(live_.connection(Handle{1})->quarantine, QuarantineState::normal);
  put(1, QuarantineState::quarantine);
  EXPECT_EQ(live_.connection(Handle{1})->quarantine, QuarantineState::normal)
      << "the same state, shown once more, is no new one";
  put(3, QuarantineState::quarantine);
  EXPECT_EQ(code({.function = Function::end_quarantine_of, .handle = 0x0300000a}),
            std::uint32_t{NO_ERROR})
      << "10.0.0.3 in network order";
  EXPECT_EQ(live_.connection(Handle{3})->quarantine, QuarantineState::normal);
  EXPECT_EQ(code({.function = Function::end_quarantine_of, .handle = 0x0900000a}), 906U);
}

TEST_F(Answers, TheEndsOfATunnelAreUpdatedWhereItIsIkev2) {
  const Question question{.function = Function::update_connection,
                          .handle = 2,
                          .text = u"192.0.2.1",
                          .more = u"198.51.100.7"};
  EXPECT_EQ(code(question), std::uint32_t{NO_ERROR});
  EXPECT_EQ(live_.connection(Handle{2})->client_endpoint, u"198.51.100.7");
  EXPECT_EQ(live_.connection(Handle{2})->endpoint_changes, 1U);
  EXPECT_EQ(code({.function = Function::update_connection, .handle = 1}), 50U);
  EXPECT_EQ(code({.function = Function::update_connection, .handle = 9}), 906U);
  EXPECT_EQ(code({.function = Function::update_connection,
                  .handle = 2,
                  .text = std::u16string(kMaxEndpointUnits + 1, u'1')}),
            87U);
}

TEST_F(Answers, PortsAreThoseOfAConnectionOrAll) {
  EXPECT_EQ(ask({.function = Function::ports, .most = kAll}).read, 3U);
  const Reply one = ask({.function = Function::ports, .handle = 2, .most = kAll});
  EXPECT_EQ(one.read, 1U);
  EXPECT_EQ(number(structure<RAS_PORT_0>(one).hPort), 102U);
  EXPECT_EQ(code({.function = Function::ports, .handle = 9, .most = kAll}), 906U);
  const Reply port = ask({.function = Function::port, .level = 1, .handle = 103});
  EXPECT_EQ(structure<RAS_PORT_1>(port).dwBytesXmited, 500U);
  EXPECT_EQ(code({.function = Function::port, .handle = 9}), 601U);
  const auto server = structure<MPR_SERVER_0>(ask({.function = Function::server_info}));
  EXPECT_EQ(server.dwPortsInUse, 3U);
}

TEST_F(Answers, WhatOnlyAHostCanDoIsNotSupportedWithoutIt) {
  const Question disconnect{.function = Function::disconnect_port, .handle = 102};
  const Question message{.function = Function::send_message, .handle = 1, .text = u"hello"};
  const Question user{.function = Function::user, .level = 0, .text = u"ana"};
  EXPECT_EQ(code(disconnect), 50U);
  EXPECT_EQ(code(message), 50U);
  EXPECT_EQ(code(user), 50U);
  EXPECT_EQ(code({.function = Function::disconnect_port, .handle = 9}), 601U);
  EXPECT_EQ(code({.function = Function::send_message, .handle = 9}), 906U);

  std::vector<Handle> dropped;
  hooks_.disconnect = [&](Handle port) { dropped.push_back(port); };
  hooks_.send_message = [](Handle, const std::u16string&) { return 5U; };
  EXPECT_EQ(code(disconnect), std::uint32_t{NO_ERROR});
  EXPECT_EQ(code({.function = Function::reset_port, .handle = 101}), std::uint32_t{NO_ERROR});
  EXPECT_EQ(dropped, (std::vector<Handle>{Handle{102}, Handle{101}}));
  EXPECT_EQ(code(message), 5U);
}

TEST_F(Answers, AUsersRightsAreReadAndWritten) {
  UserRights ana{.privilege = RASPRIV_DialinPrivilege, .phone_number = u"12", .privilege2 = 1};
  hooks_.user = [&](const std::u16string& user) {
    return user == u"ana" ? std::optional(ana) : std::nullopt;
  };
  hooks_.set_user = [&](const std::u16string&, const UserRights& rights) {
    ana = rights;
    return NO_ERROR;
  };
  Question question{.function = Function::user, .level = 1, .text = u"ana"};
  const auto user = structure<RAS_USER_1>(ask(question));
  EXPECT_EQ(user.bfPrivilege, RASPRIV_DialinPrivilege);
  EXPECT_EQ(user.wszPhoneNumber[1], RAS_TEXT('2'));
  EXPECT_EQ(user.bfPrivilege2, 1);
  question.level = 2;
  EXPECT_EQ(code(question), 124U);
  EXPECT_EQ(code({.function = Function::user, .level = 0, .text = u"ben"}), 1317U);

  question = {.function = Function::set_user, .level = 0, .text = u"ana"};
  question.bytes = std::string(sizeof(RAS_USER_0), '\0');
  EXPECT_EQ(code(question), std::uint32_t{NO_ERROR});
  EXPECT_EQ(ana, (UserRights{.privilege = 0, .phone_number = u"", .privilege2 = 1}))
      << "level 0 says nothing of the second byte";
  question.bytes = std::string(sizeof(RAS_USER_0), '\1');
  EXPECT_EQ(code(question), 87U) << "a number without its end";
  question.bytes.clear();
  EXPECT_EQ(code(question), 87U);
}

}  // namespace
}  // namespace berth::ras
