// checks_test.cc - the lists of checks in C++, and what only a running program shows.
#include <gtest/gtest.h>

#include "sdk/callout_checks.h"
#include "sdk/constant_checks.h"
#include "sdk/layout_checks.h"

namespace {

// The callouts of a module that hands over a table. Their results tell them apart.
BOOL APIENTRY accept_link(RAS_PORT_0* port, RAS_PORT_1* counters) {
  return port != nullptr && counters != nullptr;
}
VOID APIENTRY link_ended(RAS_PORT_0*, RAS_PORT_1*) {}
BOOL APIENTRY accept(RAS_CONNECTION_EX* connection) {
  return connection->wszUserName[0] == RAS_TEXT('a');
}
BOOL APIENTRY accept_move(RAS_CONNECTION_EX* connection) {
  return connection->dwNumSwitchOvers < 2;
}
VOID APIENTRY ended(RAS_CONNECTION_EX*) {}
DWORD APIENTRY validate(AUTH_VALIDATION_EX* proof) {
  return proof->AuthInfoSize == 1 ? NO_ERROR : ERROR_ACCESS_DENIED;
}
DWORD APIENTRY terminate() { return NO_ERROR; }

}  // namespace

// Under the names that authors use, on both systems, whatever mingw-w64 makes of them (R162, R163).
DWORD APIENTRY MprAdminInitializeDllEx(PMPRAPI_ADMIN_DLL_CALLBACKS table) {
  table->revision = MPRAPI_ADMIN_DLL_VERSION_2;
  table->lpfnRasAdminAcceptNewLink = accept_link;
  table->lpfnRasAdminLinkHangupNotification = link_ended;
  table->lpfnRasAdminTerminateDll = terminate;
  table->lpfnRasAdminAcceptNewConnectionEx = accept;
  table->lpfnRasAdminAcceptEndpointChangeEx = accept_move;
  table->lpfnRasAdminAcceptReauthenticationEx = accept;
  table->lpfnRasAdminConnectionHangupNotificationEx = ended;
  table->lpfnRASValidatePreAuthenticatedConnectionEx = validate;
  return NO_ERROR;
}

VOID APIENTRY MprAdminReleaseIpv6AddressForUser(WCHAR*, WCHAR*, IN6_ADDR* address) {
  *address = {};
}

namespace {

TEST(Header, LetsAModuleFillTheWholeTable) {
  MPRAPI_ADMIN_DLL_CALLBACKS table = {};
  ASSERT_EQ(MprAdminInitializeDllEx(&table), DWORD{NO_ERROR});

  RAS_CONNECTION_EX connection = {};
  connection.wszUserName[0] = RAS_TEXT('a');
  connection.dwNumSwitchOvers = 2;
  EXPECT_TRUE(table.lpfnRasAdminAcceptNewConnectionEx(&connection));
  EXPECT_FALSE(table.lpfnRasAdminAcceptEndpointChangeEx(&connection));
  AUTH_VALIDATION_EX proof = {};
  EXPECT_EQ(table.lpfnRASValidatePreAuthenticatedConnectionEx(&proof), DWORD{ERROR_ACCESS_DENIED});
  EXPECT_EQ(table.lpfnMprAdminGetIpAddressForUser, nullptr);  // what was left out (R13)
}

TEST(Header, DeclaresTheReleaseOfIpv6WithoutAResult) {
  const PMPRADMINRELEASEIPV6ADDRESSFORUSER release = MprAdminReleaseIpv6AddressForUser;
  IN6_ADDR address;
  address.u.Byte[15] = 7;
  release(nullptr, nullptr, &address);
  EXPECT_EQ(address.u.Byte[15], 0);
}

TEST(Header, WritesTextInUtf16) {
  const WCHAR port[] = RAS_TEXT("VPN2-17");
  static_assert(sizeof(port) == 16);
  EXPECT_EQ(port[3], 0x32);
  EXPECT_EQ(port[7], 0);
}

}  // namespace
