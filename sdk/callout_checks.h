// callout_checks.h - every callout has the type by which RAS calls it, in C and in C++.
//
// With Windows' headers a wrong declaration would not even get here: it would be at odds with
// theirs.
#pragma once

#include <assert.h>
#include <ras_admin/administration.h>  // declared once more than Windows' headers do, if those do

#include <ras_admin_module.h>

#ifdef __cplusplus
#include <type_traits>
#define SDK_POINTS(pointer, callout)                           \
  static_assert(std::is_same_v<decltype(&(callout)), pointer>, \
                #pointer " points to functions like " #callout)
#else
// NOLINTBEGIN(bugprone-macro-parentheses): a type stands in none
#define SDK_POINTS(pointer, callout)                          \
  static_assert(_Generic(&(callout), pointer: 1, default: 0), \
                #pointer " points to functions like " #callout)
// NOLINTEND(bugprone-macro-parentheses)
#endif

SDK_POINTS(PMPRADMINTERMINATEDLL, MprAdminInitializeDll);
SDK_POINTS(PMPRADMINTERMINATEDLL, MprAdminTerminateDll);
SDK_POINTS(PMPRADMINGETIPADDRESSFORUSER, MprAdminGetIpAddressForUser);
SDK_POINTS(PMPRADMINRELEASEIPADRESS, MprAdminReleaseIpAddress);
SDK_POINTS(PMPRADMINGETIPV6ADDRESSFORUSER, MprAdminGetIpv6AddressForUser);
SDK_POINTS(PMPRADMINRELEASEIPV6ADDRESSFORUSER, MprAdminReleaseIpv6AddressForUser);
SDK_POINTS(PMPRADMINACCEPTNEWCONNECTION, MprAdminAcceptNewConnection);
SDK_POINTS(PMPRADMINACCEPTNEWCONNECTION2, MprAdminAcceptNewConnection2);
SDK_POINTS(PMPRADMINACCEPTNEWCONNECTION3, MprAdminAcceptNewConnection3);
SDK_POINTS(PMPRADMINCONNECTIONHANGUPNOTIFICATION, MprAdminConnectionHangupNotification);
SDK_POINTS(PMPRADMINCONNECTIONHANGUPNOTIFICATION2, MprAdminConnectionHangupNotification2);
SDK_POINTS(PMPRADMINCONNECTIONHANGUPNOTIFICATION3, MprAdminConnectionHangupNotification3);
SDK_POINTS(PMPRADMINACCEPTNEWLINK, MprAdminAcceptNewLink);
SDK_POINTS(PMPRADMINLINKHANGUPNOTIFICATION, MprAdminLinkHangupNotification);
SDK_POINTS(PMPRADMINACCEPTREAUTHENTICATION, MprAdminAcceptReauthentication);
