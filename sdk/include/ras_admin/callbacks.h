// callbacks.h - the types of the callouts, and the table in which a module may hand them over.
//
// A module that exports MprAdminInitializeDllEx is asked for a table of pointers, and nothing else
// that it exports is looked at (R108). It costs Windows 7 / Server 2008 R2, and brings one
// structure in place of four, IKEv2 clients (R39), and two callouts that have no exported form:
//
//   DWORD APIENTRY MprAdminInitializeDllEx(PMPRAPI_ADMIN_DLL_CALLBACKS table) {
//     table->revision = MPRAPI_ADMIN_DLL_VERSION_2;
//     table->lpfnRasAdminAcceptNewLink = accept_link;
//     table->lpfnRasAdminLinkHangupNotification = link_ended;
//     table->lpfnRasAdminAcceptNewConnectionEx = accept;
//     table->lpfnRasAdminConnectionHangupNotificationEx = ended;
//     table->lpfnRasAdminAcceptReauthenticationEx = accept_again;
//     table->lpfnRasAdminTerminateDll = terminate;
//     return NO_ERROR;
//   }
//
// What callouts.h says of each callout holds here too, with these names for the slots. RAS gives
// the table zeroed and copies it when the function returns: it is too late to write to it then
// (R12). A slot that stays NULL is a callout that the module does not have (R13). The six above
// have to be there; of the addresses, both slots of a family or neither; the last two as you like
// (R97, R98).
#pragma once

#include "ras_admin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

// Pointers to the callouts that are exported by name; what loads a module casts to these.
typedef DWORD(APIENTRY* PMPRADMINTERMINATEDLL)(VOID);
typedef DWORD(APIENTRY* PMPRADMINGETIPADDRESSFORUSER)(WCHAR*, WCHAR*, DWORD*, BOOL*);
typedef VOID(APIENTRY* PMPRADMINRELEASEIPADRESS)(WCHAR*, WCHAR*, DWORD*);
typedef DWORD(APIENTRY* PMPRADMINGETIPV6ADDRESSFORUSER)(WCHAR*, WCHAR*, IN6_ADDR*, BOOL*);
typedef VOID(APIENTRY* PMPRADMINRELEASEIPV6ADDRESSFORUSER)(WCHAR*, WCHAR*, IN6_ADDR*);
typedef BOOL(APIENTRY* PMPRADMINACCEPTNEWCONNECTION)(RAS_CONNECTION_0*, RAS_CONNECTION_1*);
typedef BOOL(APIENTRY* PMPRADMINACCEPTNEWCONNECTION2)(RAS_CONNECTION_0*, RAS_CONNECTION_1*,
                                                      RAS_CONNECTION_2*);
typedef BOOL(APIENTRY* PMPRADMINACCEPTNEWCONNECTION3)(RAS_CONNECTION_0*, RAS_CONNECTION_1*,
                                                      RAS_CONNECTION_2*, RAS_CONNECTION_3*);
typedef VOID(APIENTRY* PMPRADMINCONNECTIONHANGUPNOTIFICATION)(RAS_CONNECTION_0*, RAS_CONNECTION_1*);
typedef VOID(APIENTRY* PMPRADMINCONNECTIONHANGUPNOTIFICATION2)(RAS_CONNECTION_0*, RAS_CONNECTION_1*,
                                                               RAS_CONNECTION_2*);
// All four by pointer, the last one too (R167).
typedef VOID(APIENTRY* PMPRADMINCONNECTIONHANGUPNOTIFICATION3)(RAS_CONNECTION_0*, RAS_CONNECTION_1*,
                                                               RAS_CONNECTION_2*,
                                                               RAS_CONNECTION_3*);
typedef BOOL(APIENTRY* PMPRADMINACCEPTREAUTHENTICATION)(RAS_CONNECTION_0*, RAS_CONNECTION_1*,
                                                        RAS_CONNECTION_2*, RAS_CONNECTION_3*);
typedef BOOL(APIENTRY* PMPRADMINACCEPTNEWLINK)(RAS_PORT_0*, RAS_PORT_1*);
typedef VOID(APIENTRY* PMPRADMINLINKHANGUPNOTIFICATION)(RAS_PORT_0*, RAS_PORT_1*);

// Those of the table alone. The first three ask and tell what their namesakes do; the accepting one
// does return a BOOL (R65).
typedef BOOL(APIENTRY* PMPRADMINACCEPTNEWCONNECTIONEX)(RAS_CONNECTION_EX*);
typedef VOID(APIENTRY* PMPRADMINCONNECTIONHANGUPNOTIFICATIONEX)(RAS_CONNECTION_EX*);
typedef BOOL(APIENTRY* PMPRADMINACCEPTREAUTHENTICATIONEX)(RAS_CONNECTION_EX*);

// A client moves its end of an IKEv2 tunnel (MOBIKE, RFC 4555), and both wsz...EndpointAddress are
// the new ones. FALSE refuses; without this callout it may (R95).
typedef BOOL(APIENTRY* PMPRADMINACCEPTTUNNELENDPOINTCHANGEEX)(RAS_CONNECTION_EX*);

// An SSTP client has proved who it is below PPP, with AuthInfo; NO_ERROR lets it in. What Windows
// makes of other answers is written nowhere: Berth takes any as a refusal (R96).
typedef DWORD(APIENTRY* PMPRADMINRASVALIDATEPREAUTHENTICATEDCONNECTIONEX)(AUTH_VALIDATION_EX*);

// The table: 104 bytes, which is what RAS reads (R163).
typedef struct MPRAPI_ADMIN_DLL_CALLBACKS {
  UCHAR revision;  // MPRAPI_ADMIN_DLL_VERSION_2; any other is refused (R109)
  PMPRADMINGETIPADDRESSFORUSER lpfnMprAdminGetIpAddressForUser;
  PMPRADMINRELEASEIPADRESS lpfnMprAdminReleaseIpAddress;
  PMPRADMINGETIPV6ADDRESSFORUSER lpfnMprAdminGetIpv6AddressForUser;
  PMPRADMINRELEASEIPV6ADDRESSFORUSER lpfnMprAdminReleaseIpV6AddressForUser;
  PMPRADMINACCEPTNEWLINK lpfnRasAdminAcceptNewLink;
  PMPRADMINLINKHANGUPNOTIFICATION lpfnRasAdminLinkHangupNotification;
  PMPRADMINTERMINATEDLL lpfnRasAdminTerminateDll;
  PMPRADMINACCEPTNEWCONNECTIONEX lpfnRasAdminAcceptNewConnectionEx;
  PMPRADMINACCEPTTUNNELENDPOINTCHANGEEX lpfnRasAdminAcceptEndpointChangeEx;
  PMPRADMINACCEPTREAUTHENTICATIONEX lpfnRasAdminAcceptReauthenticationEx;
  PMPRADMINCONNECTIONHANGUPNOTIFICATIONEX lpfnRasAdminConnectionHangupNotificationEx;
  PMPRADMINRASVALIDATEPREAUTHENTICATEDCONNECTIONEX lpfnRASValidatePreAuthenticatedConnectionEx;
} MPRAPI_ADMIN_DLL_CALLBACKS, *PMPRAPI_ADMIN_DLL_CALLBACKS;

// The service starts, as with MprAdminInitializeDll, and asks for the table.
RAS_CALLOUT DWORD APIENTRY MprAdminInitializeDllEx(PMPRAPI_ADMIN_DLL_CALLBACKS table);

#ifdef __cplusplus
}
#endif
