// sample_test.cc - the sample module keeps what it promises, on both systems and however built.
#include <array>
#include <atomic>
#include <cstring>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/module_for_tests.h"
#include <ras_admin_module.h>

namespace sdk {
namespace {

using testing::AnyOf;
using testing::Each;
using testing::StrCaseEq;
using testing::UnorderedElementsAre;

using Text = std::basic_string<WCHAR>;
using Bytes = std::array<BYTE, 4>;

// What RAS proposes, and what a module must not leave there.
constexpr Bytes kCandidate = {192, 0, 2, 1};

// What a Get answered.
template <class Address>
struct Answer {
  DWORD code;
  Address address;
  BOOL notify;
};
using Ipv4Answer = Answer<Bytes>;
using Ipv6Answer = Answer<IN6_ADDR>;

// As RAS makes them: each is another one, and 0 is none.
HANDLE handle(std::size_t number) {
  static std::array<char, 512> handles;
  return number == 0 ? nullptr : &handles.at(number);
}

template <std::size_t size>
void write(const Text& text, WCHAR (&to)[size]) {
  ASSERT_LT(text.size(), size);
  std::memcpy(to, text.c_str(), (text.size() + 1) * sizeof(WCHAR));
}

struct Build {
  const char* name;
  const char* path;
};
void PrintTo(const Build& build, std::ostream* out) { *out << build.name; }

// The sample, loaded, and RAS in front of it.
class Sample : public testing::TestWithParam<Build> {
 protected:
  Sample() { load(); }

  void load() {
    module.reset();
    module.emplace(GetParam().path);
    find("MprAdminInitializeDll", initialize);
    find("MprAdminTerminateDll", terminate);
    find("MprAdminGetIpAddressForUser", get_ipv4);
    find("MprAdminReleaseIpAddress", release_ipv4);
    find("MprAdminGetIpv6AddressForUser", get_ipv6);
    find("MprAdminReleaseIpv6AddressForUser", release_ipv6);
    find("MprAdminAcceptNewConnection3", accept_connection);
    find("MprAdminConnectionHangupNotification3", connection_ended);
    find("MprAdminAcceptNewLink", accept_link);
    find("MprAdminLinkHangupNotification", link_ended);
    find("MprAdminAcceptReauthentication", accept_again);
  }

  template <class F>
  void find(const char* name, F& function) {
    function = module->function<F>(name);
    ASSERT_NE(function, nullptr) << name;
  }

  // As RAS asks: its own candidate in, notify FALSE, strings that are gone afterwards (R6, R23).
  Ipv4Answer ipv4(Text user, Text port) const {
    Ipv4Answer answer{0, {}, FALSE};
    DWORD address = 0;
    std::memcpy(&address, kCandidate.data(), sizeof address);
    answer.code = get_ipv4(user.data(), port.data(), &address, &answer.notify);
    std::memcpy(answer.address.data(), &address, sizeof address);
    std::fill(user.begin(), user.end(), RAS_TEXT('?'));
    std::fill(port.begin(), port.end(), RAS_TEXT('?'));
    return answer;
  }

  void give_back_ipv4(Text user, Text port, Bytes bytes) const {
    DWORD address = 0;
    std::memcpy(&address, bytes.data(), sizeof address);
    release_ipv4(user.data(), port.data(), &address);
  }

  Ipv6Answer ipv6(Text user, Text port, IN6_ADDR before = {}) const {
    Ipv6Answer answer{0, before, FALSE};
    answer.code = get_ipv6(user.data(), port.data(), &answer.address, &answer.notify);
    return answer;
  }

  void give_back_ipv6(Text user, Text port, IN6_ADDR address) const {
    release_ipv6(user.data(), port.data(), &address);
  }

  // Takes all of IPv4, as one user on port after port.
  std::vector<Bytes> take_all() const {
    std::vector<Bytes> taken;
    for (WCHAR port = 1; port < 100; ++port) {
      const Ipv4Answer answer = ipv4(RAS_TEXT("ana"), Text(1, port));
      if (answer.code != NO_ERROR) return taken;
      taken.push_back(answer.address);
    }
    return taken;
  }

  BOOL accepts(const Text& user) {
    write(user, connection0.wszUserName);
    return accept_connection(&connection0, &connection1, &connection2, &connection3);
  }

  BOOL link(std::size_t connection, std::size_t port) {
    port0.hConnection = port1.hConnection = handle(connection);
    port0.hPort = port1.hPort = handle(port);
    return accept_link(&port0, &port1);
  }

  void end_link(std::size_t connection, std::size_t port) {
    port0.hConnection = port1.hConnection = handle(connection);
    port0.hPort = port1.hPort = handle(port);
    link_ended(&port0, &port1);
  }

  void end(std::size_t connection) {
    connection0.hConnection = handle(connection);
    connection_ended(&connection0, &connection1, &connection2, &connection3);
  }

  std::optional<Module> module;
  PMPRADMINTERMINATEDLL initialize;
  PMPRADMINTERMINATEDLL terminate;
  PMPRADMINGETIPADDRESSFORUSER get_ipv4;
  PMPRADMINRELEASEIPADRESS release_ipv4;
  PMPRADMINGETIPV6ADDRESSFORUSER get_ipv6;
  PMPRADMINRELEASEIPV6ADDRESSFORUSER release_ipv6;
  PMPRADMINACCEPTNEWCONNECTION3 accept_connection;
  PMPRADMINCONNECTIONHANGUPNOTIFICATION3 connection_ended;
  PMPRADMINACCEPTNEWLINK accept_link;
  PMPRADMINLINKHANGUPNOTIFICATION link_ended;
  PMPRADMINACCEPTREAUTHENTICATION accept_again;

  RAS_CONNECTION_0 connection0 = {};
  RAS_CONNECTION_1 connection1 = {};
  RAS_CONNECTION_2 connection2 = {};
  RAS_CONNECTION_3 connection3 = {};
  RAS_PORT_0 port0 = {};
  RAS_PORT_1 port1 = {};
};

TEST(SampleOfReadme, ExportsItsCalloutsAndNothingElse) {
  EXPECT_THAT(Module(SDK_SAMPLE_OF_README).exports(),
              UnorderedElementsAre(
                  "MprAdminInitializeDll", "MprAdminTerminateDll", "MprAdminGetIpAddressForUser",
                  "MprAdminReleaseIpAddress", "MprAdminGetIpv6AddressForUser",
                  "MprAdminReleaseIpv6AddressForUser", "MprAdminAcceptNewConnection3",
                  "MprAdminConnectionHangupNotification3", "MprAdminAcceptNewLink",
                  "MprAdminLinkHangupNotification", "MprAdminAcceptReauthentication"));
}

TEST(SampleOfReadme, NeedsNothingThatASystemLacksR107) {
  EXPECT_THAT(Module(SDK_SAMPLE_OF_README).libraries(),
              Each(AnyOf("libc.so.6", StrCaseEq("kernel32.dll"), StrCaseEq("msvcrt.dll"))));
}

TEST_P(Sample, IsFoundByExactNamesOnlyR2) {
  EXPECT_EQ(module->function<PMPRADMINTERMINATEDLL>("mprAdminTerminateDll"), nullptr);
  EXPECT_EQ(module->function<PMPRADMINTERMINATEDLL>("MprAdminTerminateDll@0"), nullptr);
}

TEST_P(Sample, WritesIpv4InTheOrderOfTheWireR20) {
  const Ipv4Answer answer = ipv4(RAS_TEXT("ana"), RAS_TEXT("VPN2-17"));
  EXPECT_EQ(answer.code, DWORD{NO_ERROR});
  EXPECT_EQ(answer.address, (Bytes{10, 20, 30, 16}));
}

TEST_P(Sample, AsksToBeToldOfTheEndR30) {
  EXPECT_TRUE(ipv4(RAS_TEXT("ana"), RAS_TEXT("VPN2-17")).notify);
  EXPECT_TRUE(ipv6(RAS_TEXT("ana"), RAS_TEXT("VPN2-17")).notify);
}

TEST_P(Sample, GivesEachAddressOfItsRangeToOneUserAndThenNone) {
  const std::vector<Bytes> taken = take_all();
  EXPECT_EQ(taken.size(), 16U);
  EXPECT_EQ(std::set(taken.begin(), taken.end()).size(), 16U);
  const Ipv4Answer refused = ipv4(RAS_TEXT("eve"), RAS_TEXT("VPN2-17"));
  EXPECT_EQ(refused.code, DWORD{ERROR_NO_IP_ADDRESSES});
  EXPECT_FALSE(refused.notify) << "R31: or there would be a release of nothing";
  EXPECT_EQ(refused.address, kCandidate);
}

TEST_P(Sample, GivesAgainWhatWasGivenBack) {
  const std::vector<Bytes> taken = take_all();
  give_back_ipv4(RAS_TEXT("ana"), RAS_TEXT("\x03"), taken[2]);
  EXPECT_EQ(ipv4(RAS_TEXT("eve"), RAS_TEXT("VPN2-17")).address, taken[2]);
}

TEST_P(Sample, GivesWhatWasGivenBackAsLateAsItCan) {
  const Bytes first = ipv4(RAS_TEXT("ana"), RAS_TEXT("VPN2-17")).address;
  give_back_ipv4(RAS_TEXT("ana"), RAS_TEXT("VPN2-17"), first);
  EXPECT_NE(ipv4(RAS_TEXT("eve"), RAS_TEXT("VPN2-17")).address, first);
}

TEST_P(Sample, TakesAnAddressBackFromItsHolderOnlyR40) {
  const std::vector<Bytes> taken = take_all();
  give_back_ipv4(RAS_TEXT("eve"), RAS_TEXT("\x03"), taken[2]);
  give_back_ipv4(RAS_TEXT("ana"), RAS_TEXT("\x04"), taken[2]);
  give_back_ipv4(RAS_TEXT("ana"), RAS_TEXT("\x03"), {10, 20, 30, 255});
  give_back_ipv4(RAS_TEXT("ana"), RAS_TEXT("\x03"), {10, 20, 30, 2});
  give_back_ipv4(RAS_TEXT("ana"), RAS_TEXT("\x03"), {10, 20, 31, 18});
  EXPECT_EQ(ipv4(RAS_TEXT("eve"), RAS_TEXT("VPN2-17")).code, DWORD{ERROR_NO_IP_ADDRESSES});
}

TEST_P(Sample, PutsTheIdentifierIntoTheLastHalfR46) {
  const Ipv6Answer answer = ipv6(RAS_TEXT("ana"), RAS_TEXT("VPN2-17"));
  EXPECT_EQ(answer.code, DWORD{NO_ERROR});
  const BYTE wanted[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x10};
  EXPECT_EQ(std::memcmp(answer.address.u.Byte, wanted, sizeof wanted), 0);
}

TEST_P(Sample, LeavesThePrefixAloneR47) {
  IN6_ADDR before = {};
  before.u.Byte[0] = 0x20;
  before.u.Byte[7] = 0x01;
  const IN6_ADDR after = ipv6(RAS_TEXT("ana"), RAS_TEXT("VPN2-17"), before).address;
  EXPECT_EQ(std::memcmp(after.u.Byte, before.u.Byte, 8), 0);
}

TEST_P(Sample, GivesIdentifiersUntilNoneIsLeft) {
  std::set<BYTE> last_bytes;
  for (WCHAR port = 1; port <= 16; ++port) {
    last_bytes.insert(ipv6(RAS_TEXT("ana"), Text(1, port)).address.u.Byte[15]);
  }
  EXPECT_EQ(last_bytes.size(), 16U);
  const Ipv6Answer refused = ipv6(RAS_TEXT("eve"), RAS_TEXT("VPN2-17"));
  EXPECT_EQ(refused.code, DWORD{ERROR_NO_IP_ADDRESSES});
  EXPECT_FALSE(refused.notify);

  IN6_ADDR third = {};
  third.u.Byte[14] = 0x10;
  third.u.Byte[15] = 0x12;
  give_back_ipv6(RAS_TEXT("ana"), RAS_TEXT("\x04"), third);
  EXPECT_EQ(ipv6(RAS_TEXT("eve"), RAS_TEXT("VPN2-17")).code, DWORD{ERROR_NO_IP_ADDRESSES});
  give_back_ipv6(RAS_TEXT("ana"), RAS_TEXT("\x03"), third);
  EXPECT_EQ(ipv6(RAS_TEXT("eve"), RAS_TEXT("VPN2-17")).address.u.Byte[15], 0x12);
}

TEST_P(Sample, KeepsTheFamiliesApartR52) {
  take_all();
  EXPECT_EQ(ipv6(RAS_TEXT("ana"), RAS_TEXT("VPN2-17")).code, DWORD{NO_ERROR});
}

TEST_P(Sample, RefusesNamesThatItCannotKeep) {
  const Text endless(2000, RAS_TEXT('a'));
  EXPECT_EQ(ipv4(endless, RAS_TEXT("VPN2-17")).code, DWORD{ERROR_INVALID_PARAMETER});
  EXPECT_EQ(ipv4(RAS_TEXT("ana"), endless).code, DWORD{ERROR_INVALID_PARAMETER});
  EXPECT_FALSE(ipv6(endless, endless).notify);
  EXPECT_EQ(take_all().size(), 16U);
}

TEST_P(Sample, KeepsOneUserOutHoweverTheNameIsWritten) {
  EXPECT_TRUE(accepts(RAS_TEXT("ana")));
  EXPECT_FALSE(accepts(RAS_TEXT("mallory")));
  EXPECT_FALSE(accepts(RAS_TEXT("Mallory")));
  EXPECT_TRUE(accepts(RAS_TEXT("mallory2")));
  EXPECT_TRUE(accepts(RAS_TEXT("mallor")));
  EXPECT_TRUE(accepts(RAS_TEXT("")));
}

TEST_P(Sample, LetsThoseStayWhoMayComeInR91) {
  connection3.rasQuarState = RAS_QUAR_STATE_PROBATION;
  write(RAS_TEXT("ana"), connection0.wszUserName);
  EXPECT_TRUE(accept_again(&connection0, &connection1, &connection2, &connection3));
  write(RAS_TEXT("mallory"), connection0.wszUserName);
  EXPECT_FALSE(accept_again(&connection0, &connection1, &connection2, &connection3));
}

TEST_P(Sample, RefusesAThirdLinkOfAConnection) {
  EXPECT_TRUE(link(1, 11));
  EXPECT_TRUE(link(1, 12));
  EXPECT_FALSE(link(1, 13));
  EXPECT_TRUE(link(2, 21)) << "another connection has links of its own";
  end_link(1, 12);
  EXPECT_TRUE(link(1, 13));
  EXPECT_FALSE(link(1, 12));
}

TEST_P(Sample, CountsNoHangUpOfALinkThatItRefusedR85) {
  EXPECT_TRUE(link(1, 11));
  EXPECT_TRUE(link(1, 12));
  EXPECT_FALSE(link(1, 13));
  end_link(1, 13);
  end_link(2, 11);
  EXPECT_FALSE(link(1, 14));
}

TEST_P(Sample, AnswersTheSameForALinkThatIsUp) {
  EXPECT_TRUE(link(1, 11));
  EXPECT_TRUE(link(1, 11));
  EXPECT_TRUE(link(1, 12));
  EXPECT_TRUE(link(1, 11));
}

TEST_P(Sample, ForgetsTheLinksOfAConnectionThatEnded) {
  EXPECT_TRUE(link(1, 11));
  EXPECT_TRUE(link(1, 12));
  EXPECT_TRUE(link(2, 21));
  EXPECT_TRUE(link(2, 22));
  end(1);
  EXPECT_TRUE(link(1, 13));
  EXPECT_TRUE(link(1, 14));
  EXPECT_FALSE(link(2, 23));
}

TEST_P(Sample, ToleratesTheEndOfWhatItNeverSawR73) {
  end(7);
  end_link(7, 71);
  give_back_ipv4(RAS_TEXT("ana"), RAS_TEXT("VPN2-17"), {10, 20, 30, 16});
  EXPECT_TRUE(link(7, 71));
}

TEST_P(Sample, RefusesMoreLinksThanItCanRemember) {
  for (std::size_t i = 1; i <= 256; ++i) ASSERT_TRUE(link(i, i));
  EXPECT_FALSE(link(257, 257));
  end(100);
  EXPECT_TRUE(link(257, 257));
}

TEST_P(Sample, RefusesToWorkOnNothingR7) {
  Text user = RAS_TEXT("ana");
  Text port = RAS_TEXT("VPN2-17");
  DWORD ipv4 = 0;
  IN6_ADDR ipv6 = {};
  BOOL notify = FALSE;
  const DWORD invalid = ERROR_INVALID_PARAMETER;
  EXPECT_EQ(get_ipv4(nullptr, port.data(), &ipv4, &notify), invalid);
  EXPECT_EQ(get_ipv4(user.data(), nullptr, &ipv4, &notify), invalid);
  EXPECT_EQ(get_ipv4(user.data(), port.data(), nullptr, &notify), invalid);
  EXPECT_EQ(get_ipv4(user.data(), port.data(), &ipv4, nullptr), invalid);
  EXPECT_EQ(get_ipv6(nullptr, port.data(), &ipv6, &notify), invalid);
  EXPECT_EQ(get_ipv6(user.data(), nullptr, &ipv6, &notify), invalid);
  EXPECT_EQ(get_ipv6(user.data(), port.data(), nullptr, &notify), invalid);
  EXPECT_EQ(get_ipv6(user.data(), port.data(), &ipv6, nullptr), invalid);
  EXPECT_FALSE(notify);
  release_ipv4(nullptr, port.data(), &ipv4);
  release_ipv4(user.data(), nullptr, &ipv4);
  release_ipv4(user.data(), port.data(), nullptr);
  release_ipv6(nullptr, port.data(), &ipv6);
  release_ipv6(user.data(), nullptr, &ipv6);
  release_ipv6(user.data(), port.data(), nullptr);

  for (const PMPRADMINACCEPTNEWCONNECTION3 ask : {accept_connection, accept_again}) {
    EXPECT_FALSE(ask(nullptr, &connection1, &connection2, &connection3));
    EXPECT_FALSE(ask(&connection0, nullptr, &connection2, &connection3));
    EXPECT_FALSE(ask(&connection0, &connection1, nullptr, &connection3));
    EXPECT_FALSE(ask(&connection0, &connection1, &connection2, nullptr));
  }
  connection_ended(nullptr, &connection1, &connection2, &connection3);
  connection_ended(&connection0, nullptr, &connection2, &connection3);
  connection_ended(&connection0, &connection1, nullptr, &connection3);
  connection_ended(&connection0, &connection1, &connection2, nullptr);
  EXPECT_FALSE(accept_link(nullptr, &port1));
  EXPECT_FALSE(accept_link(&port0, nullptr));
  link_ended(nullptr, &port1);
  link_ended(&port0, nullptr);
  EXPECT_EQ(take_all().size(), 16U) << "and nothing was taken";
}

// Every test above goes without: initialize may have run in another process (R121, R122).
TEST_P(Sample, BeginsAnewAfterItWasTerminated) {
  EXPECT_EQ(initialize(), DWORD{NO_ERROR});
  take_all();
  EXPECT_TRUE(link(1, 11));
  EXPECT_TRUE(link(1, 12));
  EXPECT_EQ(terminate(), DWORD{NO_ERROR});
  EXPECT_EQ(initialize(), DWORD{NO_ERROR});
  EXPECT_EQ(take_all().size(), 16U);
  EXPECT_TRUE(link(1, 13));
}

TEST_P(Sample, LeavesNothingBehindWhenUnloadedWithoutTerminateR18) {
  EXPECT_EQ(initialize(), DWORD{NO_ERROR});
  take_all();
  load();
  EXPECT_EQ(take_all().size(), 16U);
}

// More than RAS asks for, which never calls one function twice at once (R115).
TEST_P(Sample, GivesNoAddressTwiceToManyThreads) {
  std::array<std::atomic<int>, 256> holders{};
  std::atomic<bool> twice = false;
  std::vector<std::thread> threads;
  for (WCHAR user = 1; user <= 4; ++user) {
    threads.emplace_back([&, user] {
      for (WCHAR port = 1; port <= 500; ++port) {
        const Ipv4Answer answer = ipv4(Text(1, user), Text(1, port));
        if (answer.code != NO_ERROR || holders[answer.address[3]]++ != 0) twice = true;
        --holders[answer.address[3]];
        give_back_ipv4(Text(1, user), Text(1, port), answer.address);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(twice);
}

INSTANTIATE_TEST_SUITE_P(Builds, Sample,
                         testing::Values(Build{"AsItsReadmeSays", SDK_SAMPLE_OF_README},
                                         Build{"AsWeBuild", SDK_SAMPLE}),
                         [](const auto& build) { return std::string(build.param.name); });

}  // namespace
}  // namespace sdk
