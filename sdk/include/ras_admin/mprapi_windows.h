// mprapi_windows.h - the headers of mingw-w64, with what they have wrong out of the way.
//
// Release 10 of mingw-w64 declares most of what a module needs. These few it gets wrong. Each is
// moved aside, under a name that nobody uses, while its header is read; ras_admin/callouts.h and
// ras_admin/callbacks.h then declare the right one under the right name. A header that has them
// right loses nothing by it.
//
//   MPRAPI_ADMIN_DLL_CALLBACKS       88 bytes where RAS reads 104, two slots short: most of what a
//                                    module writes there RAS takes for something else (R163).
//   MprAdminInitializeDllEx          takes that table.
//   MprAdminReleaseIpv6AddressForUser  returns a DWORD; it is VOID, and RAS looks at nothing that
//                                    comes back (R49, R162).
//   PMPRADMINTERMINATEDLL            lacks its (VOID), so in C it could be called with anything.
//   PMPRADMINCONNECTIONHANGUPNOTIFICATION3  is not there. Where another header has it, it takes its
//                                    last structure by value; RAS passes a pointer (R167).
#pragma once

#ifdef __ROUTING_MPRADMIN_H__
#error "include <ras_admin_module.h> before <mprapi.h>, or in its place"
#endif

#include <windows.h>

#if _WIN32_WINNT < 0x0601
#error "set _WIN32_WINNT to 0x0601 or later, or leave it alone: the callouts need it (R160)"
#endif

#define MPRAPI_ADMIN_DLL_CALLBACKS MPRAPI_ADMIN_DLL_CALLBACKS_set_aside
#define PMPRAPI_ADMIN_DLL_CALLBACKS PMPRAPI_ADMIN_DLL_CALLBACKS_set_aside
#define MprAdminInitializeDllEx MprAdminInitializeDllEx_set_aside
#define MprAdminReleaseIpv6AddressForUser MprAdminReleaseIpv6AddressForUser_set_aside
#define PMPRADMINTERMINATEDLL PMPRADMINTERMINATEDLL_set_aside
#define PMPRADMINCONNECTIONHANGUPNOTIFICATION3 PMPRADMINCONNECTIONHANGUPNOTIFICATION3_set_aside
#include <mprapi.h>
#undef MPRAPI_ADMIN_DLL_CALLBACKS
#undef PMPRAPI_ADMIN_DLL_CALLBACKS
#undef MprAdminInitializeDllEx
#undef MprAdminReleaseIpv6AddressForUser
#undef PMPRADMINTERMINATEDLL
#undef PMPRADMINCONNECTIONHANGUPNOTIFICATION3

#include <ipsectypes.h>  // IPSEC_CIPHER_TYPE
#include <lmcons.h>      // UNCLEN
#include <mprerror.h>
#include <raserror.h>

// A string or a sign of WCHAR: RAS_TEXT("VPN"), RAS_TEXT('\\').
#define RAS_TEXT(text) RAS_TEXT_(text)
#define RAS_TEXT_(text) L##text

// The .def file exports, by plain names (R2).
#define RAS_CALLOUT
