// administration.h - the RAS Administration Functions: who is connected, and to end it.
//
// For programs, and for threads of a module that no callout waits for. Never call one inside a
// callout: RAS does not return from it (R130), nor does a callout that waits for a thread which
// calls one (R131). Our RAS side finds it: where it checks, the function does nothing and returns
// ERROR_POSSIBLE_DEADLOCK; where it is faithful, it does as RAS does.
//
//   MPR_SERVER_HANDLE server;
//   LPBYTE buffer;
//   DWORD read, total;
//   if (MprAdminServerConnect(NULL, &server) == NO_ERROR) {
//     if (MprAdminConnectionEnum(server, 0, &buffer, (DWORD)-1, &read, &total, NULL) == NO_ERROR) {
//       RAS_CONNECTION_0* connections = (RAS_CONNECTION_0*)buffer;  // `read` of them
//       MprAdminBufferFree(buffer);
//     }
//     MprAdminServerDisconnect(server);
//   }
//
// On Windows link with mprapi (-lmprapi); its import library lacks those that say "by
// GetProcAddress" below (R165). On Linux libmprapi.so is the library. It asks the RAS side of this
// machine at the Unix socket that BERTH_RAS_SOCKET names, else at /run/berth/ras.sock; only that
// side's user and root may ask. Nothing waits longer than five seconds. Any thread may call.
//
// NO_ERROR, or why not:
//
//   ERROR_ACCESS_DENIED       5     this user may not ask
//   ERROR_NOT_SUPPORTED       50    this RAS side cannot do that, or there is no such level of it
//   ERROR_INVALID_PARAMETER   87    a pointer is NULL, a text is too long
//   ERROR_INVALID_LEVEL       124   there is no such level
//   ERROR_DDM_NOT_RUNNING     903   no RAS side answers
//   RPC_S_INVALID_BINDING     1702  the server's handle is none
//
// and what stands with each function. What a function hands out in a buffer is freed with
// MprAdminBufferFree(); where it fails there is no buffer.
#pragma once

#include "ras_admin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

// A server: NULL or the name of this machine. Does not ask whether RAS runs there (R132). The
// handle is closed with MprAdminServerDisconnect().
RAS_CALLOUT DWORD APIENTRY MprAdminServerConnect(LPWSTR server_name, MPR_SERVER_HANDLE* server);
RAS_CALLOUT VOID APIENTRY MprAdminServerDisconnect(MPR_SERVER_HANDLE server);
// FALSE also where one may not know.
RAS_CALLOUT BOOL APIENTRY MprAdminIsServiceRunning(LPWSTR server_name);
// By GetProcAddress. *initialized: it takes connections.
RAS_CALLOUT DWORD APIENTRY MprAdminIsServiceInitialized(LPWSTR server_name, BOOL* initialized);
// Level 0: MPR_SERVER_0.
RAS_CALLOUT DWORD APIENTRY MprAdminServerGetInfo(MPR_SERVER_HANDLE server, DWORD level,
                                                 LPBYTE* buffer);

// 87 for NULL.
RAS_CALLOUT DWORD APIENTRY MprAdminBufferFree(LPVOID buffer);
// A sentence, to be freed as a buffer. 317: nobody has one for this code.
RAS_CALLOUT DWORD APIENTRY MprAdminGetErrorString(DWORD error, LPWSTR* text);

// Connections, in the order of their handles: *read of *total, as RAS_CONNECTION_0 to 3 by level.
// At most about `most` bytes, but one at least; (DWORD)-1: all. ERROR_MORE_DATA (234): these are
// not all; call again with the *resume that it left. resume may be NULL and begins as 0.
RAS_CALLOUT DWORD APIENTRY MprAdminConnectionEnum(RAS_SERVER_HANDLE server, DWORD level,
                                                  LPBYTE* buffer, DWORD most, LPDWORD read,
                                                  LPDWORD total, LPDWORD resume);
// By GetProcAddress. Revision 1 and type 1 in *header (R142).
RAS_CALLOUT DWORD APIENTRY MprAdminConnectionEnumEx(RAS_SERVER_HANDLE server,
                                                    PMPRAPI_OBJECT_HEADER header, DWORD most,
                                                    LPDWORD read, LPDWORD total,
                                                    PRAS_CONNECTION_EX* connections,
                                                    LPDWORD resume);
// One connection. 906: there is none of this handle.
RAS_CALLOUT DWORD APIENTRY MprAdminConnectionGetInfo(RAS_SERVER_HANDLE server, DWORD level,
                                                     HANDLE connection, LPBYTE* buffer);
// By GetProcAddress. Into a structure of the caller's, with the header of R142; nothing to free.
RAS_CALLOUT DWORD APIENTRY MprAdminConnectionGetInfoEx(RAS_SERVER_HANDLE server, HANDLE connection,
                                                       PRAS_CONNECTION_EX info);
// Its counters begin again from 0. 906.
RAS_CALLOUT DWORD APIENTRY MprAdminConnectionClearStats(RAS_SERVER_HANDLE server,
                                                        HANDLE connection);
// A connection of this handle, or with is_address of this IPv4 address in network order (a number
// in a HANDLE). 906; 1168: it is not in quarantine.
RAS_CALLOUT DWORD APIENTRY MprAdminConnectionRemoveQuarantine(HANDLE server, HANDLE connection,
                                                              BOOL is_address);
// By GetProcAddress. The ends of a tunnel of IKEv2 are these now, as after MOBIKE. Header is
// revision 1, type 5 (R143). 906; 50: it is not IKEv2. Modules are not asked; RAS has decided.
RAS_CALLOUT DWORD APIENTRY MprAdminUpdateConnection(RAS_SERVER_HANDLE server, HANDLE connection,
                                                    RAS_UPDATE_CONNECTION* update);
// 906; 50 where this RAS side has no way to.
RAS_CALLOUT DWORD APIENTRY MprAdminSendUserMessage(MPR_SERVER_HANDLE server, HANDLE connection,
                                                   LPWSTR message);

// The ports of a connection, or all in use with INVALID_HANDLE_VALUE; as MprAdminConnectionEnum().
// Level 0, RAS_PORT_0, is the only one: 50. 6: the handle is NULL. 906.
RAS_CALLOUT DWORD APIENTRY MprAdminPortEnum(RAS_SERVER_HANDLE server, DWORD level,
                                            HANDLE connection, LPBYTE* buffer, DWORD most,
                                            LPDWORD read, LPDWORD total, LPDWORD resume);
// Level 0 or 1. 601, here and below: there is no port of this handle.
RAS_CALLOUT DWORD APIENTRY MprAdminPortGetInfo(RAS_SERVER_HANDLE server, DWORD level, HANDLE port,
                                               LPBYTE* buffer);
RAS_CALLOUT DWORD APIENTRY MprAdminPortClearStats(RAS_SERVER_HANDLE server, HANDLE port);
// Both end what the port carries, a moment after they return; 50 where this RAS side has no way to.
RAS_CALLOUT DWORD APIENTRY MprAdminPortReset(RAS_SERVER_HANDLE server, HANDLE port);
RAS_CALLOUT DWORD APIENTRY MprAdminPortDisconnect(RAS_SERVER_HANDLE server, HANDLE port);

// A user's rights, into or from a RAS_USER_0 or RAS_USER_1 of the caller's. 1317: there is no such
// user; 124; 50 where this RAS side keeps no users, or, of a Set, where they are as its settings
// say and not as is asked. With Berth's rules: who would be given an address has
// RASPRIV_DialinPrivilege, and all have RASPRIV2_DialinPolicy.
RAS_CALLOUT DWORD APIENTRY MprAdminUserGetInfo(const WCHAR* server_name, const WCHAR* user,
                                               DWORD level, LPBYTE info);
RAS_CALLOUT DWORD APIENTRY MprAdminUserSetInfo(const WCHAR* server_name, const WCHAR* user,
                                               DWORD level, LPBYTE info);
// The server that knows the users of a domain, or of a server that is in none: "\\NAME" with at
// most UNCLEN units and the zero. One of the two names may be NULL. 1355: there is no such domain.
RAS_CALLOUT DWORD APIENTRY MprAdminGetPDCServer(const WCHAR* domain, const WCHAR* server_name,
                                                LPWSTR found);

#ifdef __cplusplus
}
#endif
