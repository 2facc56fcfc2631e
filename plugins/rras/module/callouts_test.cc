// callouts_test.cc - the module's functions, called as RAS calls them.
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rras/module/installed_for_tests.h"
#include "rras/spool.h"
#include "sdk/module_for_tests.h"
#include <ras_admin_module.h>

namespace berth::rras::testing {
namespace {

using ::testing::AnyOf;
using ::testing::Each;
using ::testing::IsSupersetOf;
using ::testing::StartsWith;
using ::testing::StrCaseEq;
using Text = std::basic_string<WCHAR>;
using Bytes = std::array<BYTE, 4>;

constexpr const char* kSettings =
    "[[pool]]\nname = \"main\"\nipv4 = [\"10.8.0.7-10.8.0.9\"]\ncool_down = \"0s\"\n"
    "ipv6_identifiers = { prefix = \"2001:db8::/64\", choice = \"sequential\" }\n"
    "[rras]\nserver = \"ras1\"\ndeadline = \"30s\"\nlog = \"error\"\n";

class Callouts : public ::testing::Test {
 public:
  ~Callouts() override { terminate(); }

 protected:
  Callouts() {
    module.emplace(installed.module());
    find("MprAdminInitializeDll", initialize);
    find("MprAdminTerminateDll", terminate);
    find("MprAdminGetIpAddressForUser", get_ipv4);
    find("MprAdminReleaseIpAddress", release_ipv4);
    find("MprAdminGetIpv6AddressForUser", get_ipv6);
    find("MprAdminReleaseIpv6AddressForUser", release_ipv6);
    find("MprAdminAcceptNewConnection3", accept);
    find("MprAdminConnectionHangupNotification3", ended);
  }

  template <class F>
  void find(const char* name, F& function) {
    function = module->function<F>(name);
    ASSERT_NE(function, nullptr) << name;
  }

  DWORD get(Text user, Text port, Bytes& bytes) {
    DWORD address = 0;
    std::memcpy(&address, bytes.data(), sizeof address);
    notify = FALSE;
    const DWORD code = get_ipv4(user.data(), port.data(), &address, &notify);
    std::memcpy(bytes.data(), &address, sizeof address);
    return code;
  }
  DWORD get(const Text& user, const Text& port = RAS_TEXT("VPN2-1")) {
    Bytes bytes{};
    return get(user, port, bytes);
  }

  Installed installed{BERTH_RRAS_MODULE, kSettings};
  std::optional<sdk::Module> module;
  BOOL notify = FALSE;
  PMPRADMINTERMINATEDLL initialize = nullptr;  // of the same type
  PMPRADMINTERMINATEDLL terminate = nullptr;
  PMPRADMINGETIPADDRESSFORUSER get_ipv4 = nullptr;
  PMPRADMINRELEASEIPADRESS release_ipv4 = nullptr;
  PMPRADMINGETIPV6ADDRESSFORUSER get_ipv6 = nullptr;
  PMPRADMINRELEASEIPV6ADDRESSFORUSER release_ipv6 = nullptr;
  PMPRADMINACCEPTNEWCONNECTION3 accept = nullptr;
  PMPRADMINCONNECTIONHANGUPNOTIFICATION3 ended = nullptr;
};

TEST_F(Callouts, R168EveryDocumentedCalloutIsExportedAndNothingElse) {
  const std::vector<std::string> exports = module->exports();
  EXPECT_THAT(exports,
              Each(AnyOf(StartsWith("MprAdmin"), "DllRegisterServer", "DllUnregisterServer")));
  EXPECT_THAT(
      exports,
      IsSupersetOf({"MprAdminInitializeDll", "MprAdminInitializeDllEx", "MprAdminTerminateDll",
                    "MprAdminGetIpAddressForUser", "MprAdminReleaseIpAddress",
                    "MprAdminGetIpv6AddressForUser", "MprAdminReleaseIpv6AddressForUser",
                    "MprAdminAcceptNewConnection", "MprAdminAcceptNewConnection2",
                    "MprAdminAcceptNewConnection3", "MprAdminAcceptNewConnectionEx",
                    "MprAdminConnectionHangupNotification", "MprAdminConnectionHangupNotification2",
                    "MprAdminConnectionHangupNotification3",
                    "MprAdminConnectionHangupNotificationEx", "MprAdminAcceptNewLink",
                    "MprAdminLinkHangupNotification", "MprAdminAcceptReauthentication",
                    "MprAdminAcceptReauthenticationEx"}));
}

TEST_F(Callouts, R107NeedsNothingThatASystemLacks) {
  EXPECT_THAT(
      module->libraries(),
      Each(AnyOf(StartsWith("libc.so"), StartsWith("libm.so"), StartsWith("libgcc_s.so"),
                 StartsWith("libstdc++.so"), StartsWith("libsqlite3.so"), StartsWith("ld-linux"),
                 StrCaseEq("advapi32.dll"), StrCaseEq("iphlpapi.dll"), StrCaseEq("kernel32.dll"),
                 StrCaseEq("msvcrt.dll"), StrCaseEq("ws2_32.dll"))));
}

TEST_F(Callouts, R20AnAddressIsInNetworkOrderBothWays) {
  Bytes bytes = {10, 8, 0, 9};
  EXPECT_EQ(get(RAS_TEXT("ana"), RAS_TEXT("VPN2-1"), bytes), DWORD{NO_ERROR});
  EXPECT_EQ(bytes, (Bytes{10, 8, 0, 9})) << "what RAS would give is free";
  EXPECT_EQ(notify, TRUE);
  bytes = {};
  EXPECT_EQ(get(RAS_TEXT("bob"), RAS_TEXT("VPN2-2"), bytes), DWORD{NO_ERROR});
  EXPECT_EQ(bytes, (Bytes{10, 8, 0, 7}));
}

TEST_F(Callouts, R46R47AnIdentifierIsTheLastHalfAndThePrefixStays) {
  Text user = RAS_TEXT("ana");
  Text port = RAS_TEXT("VPN2-1");
  IN6_ADDR address = {};
  address.u.Byte[0] = 0x20;
  address.u.Byte[7] = 0x07;
  EXPECT_EQ(get_ipv6(user.data(), port.data(), &address, &notify), DWORD{NO_ERROR});
  const BYTE wanted[16] = {0x20, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1};
  EXPECT_EQ(std::memcmp(address.u.Byte, wanted, sizeof wanted), 0);
  EXPECT_EQ(notify, TRUE);
  std::memset(address.u.Byte, 0, 8);
  release_ipv6(user.data(), port.data(), &address);
  terminate();
  EXPECT_TRUE(installed.book()->leases({}, {}, 10)->empty());
}

TEST_F(Callouts, R31ARefusalLeavesFlagAndAddressAsTheyWere) {
  for (const Text& user : {Text(RAS_TEXT("a")), Text(RAS_TEXT("b")), Text(RAS_TEXT("c"))}) {
    EXPECT_EQ(get(user, user), DWORD{NO_ERROR});
  }
  Bytes bytes = {192, 0, 2, 1};
  EXPECT_EQ(get(RAS_TEXT("eve"), RAS_TEXT("VPN2-9"), bytes), DWORD{ERROR_NO_IP_ADDRESSES});
  EXPECT_EQ(bytes, (Bytes{192, 0, 2, 1}));
  EXPECT_EQ(notify, FALSE);
}

TEST_F(Callouts, R5NamesThatAreNoUtf16AreRefused) {
  EXPECT_EQ(get(Text(1, static_cast<WCHAR>(0xD800))), DWORD{ERROR_INVALID_PARAMETER});
  EXPECT_EQ(get(Text(1, static_cast<WCHAR>(0xDC00)) + RAS_TEXT("a")),
            DWORD{ERROR_INVALID_PARAMETER});
  EXPECT_EQ(get(RAS_TEXT("ana"), Text(1, static_cast<WCHAR>(0xDBFF))),
            DWORD{ERROR_INVALID_PARAMETER});
  EXPECT_EQ(get(RAS_TEXT("J\u00f8rgen \U0001F600")), DWORD{NO_ERROR});
  terminate();
  EXPECT_EQ(installed.book()->leases({}, {}, 10)->at(0).user, "J\xc3\xb8rgen \xf0\x9f\x98\x80");
}

TEST_F(Callouts, NamesAreTakenAsLongAsWindowsMakesThemAndLongerOnesRefused) {
  const Text longest = Text(255, RAS_TEXT('D')) + RAS_TEXT('\\') + Text(256, RAS_TEXT('u'));
  EXPECT_EQ(get(longest), DWORD{NO_ERROR});
  EXPECT_EQ(get(Text(1025, RAS_TEXT('u'))), DWORD{ERROR_INVALID_PARAMETER});
  EXPECT_EQ(get(Text(1'000'000, RAS_TEXT('u'))), DWORD{ERROR_INVALID_PARAMETER});
  EXPECT_EQ(get(RAS_TEXT("ana"), Text(256, RAS_TEXT('p'))), DWORD{ERROR_INVALID_PARAMETER});
  EXPECT_EQ(get(RAS_TEXT("")), DWORD{ERROR_INVALID_PARAMETER});
}

TEST_F(Callouts, R7NullsAreRefused) {
  Text user = RAS_TEXT("ana");
  Text port = RAS_TEXT("VPN2-1");
  DWORD ipv4 = 0;
  IN6_ADDR ipv6 = {};
  const DWORD invalid = ERROR_INVALID_PARAMETER;
  EXPECT_EQ(get_ipv4(nullptr, port.data(), &ipv4, &notify), invalid);
  EXPECT_EQ(get_ipv4(user.data(), nullptr, &ipv4, &notify), invalid);
  EXPECT_EQ(get_ipv4(user.data(), port.data(), nullptr, &notify), invalid);
  EXPECT_EQ(get_ipv4(user.data(), port.data(), &ipv4, nullptr), invalid);
  EXPECT_EQ(get_ipv6(nullptr, port.data(), &ipv6, &notify), invalid);
  EXPECT_EQ(get_ipv6(user.data(), port.data(), &ipv6, nullptr), invalid);
  release_ipv4(nullptr, port.data(), &ipv4);
  release_ipv4(user.data(), port.data(), nullptr);
  release_ipv6(user.data(), nullptr, &ipv6);

  RAS_CONNECTION_0 connection0{};
  RAS_CONNECTION_1 connection1{};
  RAS_CONNECTION_2 connection2{};
  RAS_CONNECTION_3 connection3{};
  EXPECT_FALSE(accept(nullptr, &connection1, &connection2, &connection3));
  EXPECT_FALSE(accept(&connection0, nullptr, &connection2, &connection3));
  EXPECT_FALSE(accept(&connection0, &connection1, nullptr, &connection3));
  EXPECT_FALSE(accept(&connection0, &connection1, &connection2, nullptr));
  EXPECT_TRUE(accept(&connection0, &connection1, &connection2, &connection3));
  ended(nullptr, nullptr, nullptr, nullptr);
  using AcceptEx = PMPRADMINACCEPTNEWCONNECTIONEX;
  EXPECT_FALSE(module->function<AcceptEx>("MprAdminAcceptNewConnectionEx")(nullptr));
  EXPECT_FALSE(module->function<AcceptEx>("MprAdminAcceptReauthenticationEx")(nullptr));
  using Link = PMPRADMINACCEPTNEWLINK;
  EXPECT_FALSE(module->function<Link>("MprAdminAcceptNewLink")(nullptr, nullptr));
  using InitializeEx = DWORD(APIENTRY*)(PMPRAPI_ADMIN_DLL_CALLBACKS);
  EXPECT_EQ(module->function<InitializeEx>("MprAdminInitializeDllEx")(nullptr), invalid);
}

TEST_F(Callouts, R8WhatIsThrownInsideComesOutAsACode) {
  installed.write("[[pool]]\nname = \"main\"\nipv4 = [\"10.8.0.7/99\"]\n");
  EXPECT_EQ(get(RAS_TEXT("ana")), DWORD{ERROR_IP_CONFIGURATION});
  installed.write(kSettings);
  EXPECT_EQ(get(RAS_TEXT("ana")), DWORD{NO_ERROR}) << "and the next call tries again";
}

TEST_F(Callouts, R18ItIsUnloadedWithoutAWordAndLeavesNothing) {
  EXPECT_EQ(initialize(), DWORD{NO_ERROR});
  module.emplace(installed.module());
  EXPECT_FALSE(std::filesystem::exists(installed.store()));
  find("MprAdminTerminateDll", terminate);
}

TEST_F(Callouts, R122AddressesComeWithoutInitialize) {
  EXPECT_EQ(get(RAS_TEXT("ana")), DWORD{NO_ERROR});
}

TEST_F(Callouts, R14AfterTerminateNobodyHasTheStore) {
  EXPECT_EQ(get(RAS_TEXT("ana")), DWORD{NO_ERROR});
  EXPECT_EQ(terminate(), DWORD{NO_ERROR});
  EXPECT_NE(installed.book(), nullptr);
}

TEST_F(Callouts, UnloadedWithoutTerminateItStaysAsLongAsItHasAThread) {
  EXPECT_EQ(get(RAS_TEXT("ana")), DWORD{NO_ERROR});
  module.emplace(installed.module());
  find("MprAdminTerminateDll", terminate);
  EXPECT_EQ(installed.book(), nullptr) << "the book is open still";
  EXPECT_EQ(terminate(), DWORD{NO_ERROR});
  EXPECT_NE(installed.book(), nullptr);
}

TEST_F(Callouts, R121AHangUpIsNotedBesideTheStoreWhichIsNotOpened) {
  RAS_CONNECTION_0 connection0{};
  RAS_CONNECTION_1 connection1{};
  RAS_CONNECTION_2 connection2{};
  RAS_CONNECTION_3 connection3{};
  const Text user = RAS_TEXT("ana");
  const Text address = RAS_TEXT("10.8.0.7");
  std::memcpy(connection0.wszUserName, user.data(), user.size() * sizeof(WCHAR));
  std::memcpy(connection1.PppInfo.ip.wszRemoteAddress, address.data(),
              address.size() * sizeof(WCHAR));
  connection3.PppInfo3.ipv6.bRemoteInterfaceIdentifier[7] = 5;
  connection0.hConnection = &connection0;
  connection0.dwConnectDuration = 60;
  ASSERT_TRUE(accept(&connection0, &connection1, &connection2, &connection3));
  ended(&connection0, &connection1, &connection2, &connection3);
  EXPECT_FALSE(std::filesystem::exists(installed.store()));
  const std::vector<Ended> noted = Spool(Spool::path_of(installed.store())).take();
  ASSERT_EQ(noted.size(), 1U);
  EXPECT_EQ(noted[0].user, "ana");
  EXPECT_EQ(noted[0].seconds, 60U);
  EXPECT_EQ(noted[0].ipv4, *Ipv4::parse("10.8.0.7"));
  EXPECT_EQ(noted[0].identifier, InterfaceId(5));
  ASSERT_TRUE(noted[0].accepted);
  EXPECT_LE(*noted[0].accepted, noted[0].ended);
}

}  // namespace
}  // namespace berth::rras::testing
