// table.cc - the same callouts in a table, for a RAS that asks for one (R108).
//
// With it RAS asks us about users of IKEv2, too (R39). The two slots that only a table has stay
// empty: we have nothing to say there (R97).
#include "rras/module/ex_callouts.h"

DWORD APIENTRY MprAdminInitializeDllEx(PMPRAPI_ADMIN_DLL_CALLBACKS table) {
  if (table == nullptr) return ERROR_INVALID_PARAMETER;
  if (const DWORD failed = MprAdminInitializeDll(); failed != NO_ERROR) return failed;
  table->revision = MPRAPI_ADMIN_DLL_VERSION_2;
  table->lpfnMprAdminGetIpAddressForUser = MprAdminGetIpAddressForUser;
  table->lpfnMprAdminReleaseIpAddress = MprAdminReleaseIpAddress;
  table->lpfnMprAdminGetIpv6AddressForUser = MprAdminGetIpv6AddressForUser;
  table->lpfnMprAdminReleaseIpV6AddressForUser = MprAdminReleaseIpv6AddressForUser;
  table->lpfnRasAdminAcceptNewLink = MprAdminAcceptNewLink;
  table->lpfnRasAdminLinkHangupNotification = MprAdminLinkHangupNotification;
  table->lpfnRasAdminTerminateDll = MprAdminTerminateDll;
  table->lpfnRasAdminAcceptNewConnectionEx = MprAdminAcceptNewConnectionEx;
  table->lpfnRasAdminAcceptReauthenticationEx = MprAdminAcceptReauthenticationEx;
  table->lpfnRasAdminConnectionHangupNotificationEx = MprAdminConnectionHangupNotificationEx;
  return NO_ERROR;
}
