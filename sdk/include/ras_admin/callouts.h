// callouts.h - the functions that a module has and RAS calls, and what holds for all of them.
//
// Who has to be there (R98). RAS refuses a module that breaks the first four rows, and then does
// not start at all (R110); the last two are asked of every module, so have them.
//
//   MprAdminAcceptNewLink and MprAdminLinkHangupNotification     both
//   one AcceptNewConnection and one ConnectionHangup...          both, of the same flavour
//   MprAdminGetIpAddressForUser, MprAdminReleaseIpAddress        both or neither (R35, R36)
//   the same two of IPv6                                         both or neither (R45)
//   MprAdminInitializeDll, MprAdminTerminateDll                  both (R17)
//   MprAdminAcceptReauthentication                               yes (R92)
//
// A callout is found by its exact name: with a letter of another case, or a decoration, it is not
// there (R2, R4). These declarations are extern "C", so what you define under them is named right.
//
// The life of a connection (R112, R113)
//
//   service starts    InitializeDll, of each module in the order of registration
//   user is known     GetIpAddressForUser and GetIpv6AddressForUser, in any order, of one module
//   connection        AcceptNewConnection, of every module; the negotiated addresses are known now
//   first link        AcceptNewLink, of every module
//   more links        AcceptNewLink for each; neither of the two above comes again (R114)
//   meanwhile         AcceptReauthentication, whenever the client's health changes
//   a link ends       LinkHangupNotification, of every module
//   the last ended    ConnectionHangupNotification, of every module
//   addresses back    ReleaseIpAddress, ReleaseIpv6AddressForUser; before, between or after the
//                     two above (R113)
//   service stops     connections end as above, then TerminateDll of each module
//
// Several modules (R123). Everyone is asked whether to accept, in order, until the first that says
// no: a later one then hears nothing (R62, R63). Everyone hears of hang-ups. Only the first that
// has the two address callouts of a family is asked for addresses of that family (R37, R51). None
// has them: RAS takes addresses from where it would without modules (R38).
//
// Threads and processes. RAS may call from any thread. One function is never called twice at once
// (R115), and each of these groups runs one call at a time: the four address callouts (R116);
// accept and hang-up of connections (R117). Anything else may overlap, so what both links and
// connections touch needs a lock (R118, R119). And the address callouts may run in another process
// than all the rest, with InitializeDll called in that other one only: keep what the two sides need
// apart, and make the state of the address side when it is first needed (R121, R122). While a call
// runs, every other client of its group waits (R120).
//
// Arguments hold only during the call: copy what you keep, free nothing, write to nothing but what
// is said to be out (R5, R6). No documented argument is NULL; check all the same, a crash takes the
// service with it (R7). No C++ exception may leave (R8).
//
// Inside a callout, never call an administration function of RAS (MprAdminConnectionEnum,
// MprAdminPortDisconnect, MprAdminUserGetInfo, …), nor wait for a thread that does: it does not
// return (R130, R131). Hand the work to a thread of your own and go on.
#pragma once

#include "ras_admin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

// The service starts. NO_ERROR, or a code of Windows: then RAS does not start (R11), so fail for
// nothing that could pass. If RAS refuses the module afterwards it is unloaded without a call of
// TerminateDll: take nothing here that unloading would leave behind, no thread above all (R18).
RAS_CALLOUT DWORD APIENTRY MprAdminInitializeDll(VOID);

// The service stops (R14). What it returns is not looked at (R15).
RAS_CALLOUT DWORD APIENTRY MprAdminTerminateDll(VOID);

// An IPv4 address for a user who has proved who he is; once for each connection (R21).
//
//   user, port  the user's name as it was authenticated: "ana", "CORP\ana" or "ana@corp.example",
//               RAS does not say which. One user may have several connections, so what identifies
//               one is user, port and address together (R40).
//   address     in and out, in network order: its four bytes in memory are 10.8.0.7 as one reads
//               them (R20). It comes as 0 or as the address that RAS would give (R22). Leave that
//               and it is given; write another and that one is, and RAS takes its own back (R25).
//               0 afterwards means that the user cannot connect (R24, R27). So do the server's own
//               address and one that RAS has given to somebody else (R28, R29).
//   notify      out; FALSE when called. TRUE: call ReleaseIpAddress when the user has gone. Else
//               RAS never does (R30).
//
// NO_ERROR, or why not: the connection ends, whatever was written (R26). Leave notify FALSE then;
// with TRUE the release is called at once (R31), as it is when the connection fails later on.
RAS_CALLOUT DWORD APIENTRY MprAdminGetIpAddressForUser(WCHAR* user, WCHAR* port, DWORD* address,
                                                       BOOL* notify);

// The user has gone, and the address is yours again. The same two names as in the call that gave
// it, and the address that this call left (R32). At most once for each, never without it (R33).
RAS_CALLOUT VOID APIENTRY MprAdminReleaseIpAddress(WCHAR* user, WCHAR* port, DWORD* address);

// The same for IPv6 (R45), of which a module gives the last half only: the interface identifier, 64
// bits in u.Byte[8] to [15], in the order of the wire (R46). The first half is the prefix, which is
// RAS's business: it comes as 0 and stays as it comes (R47). An identifier of 0 is none (R48).
//
// A user of both families is asked for twice, each with a notify and a release of its own; if one
// fails the connection ends (R52).
RAS_CALLOUT DWORD APIENTRY MprAdminGetIpv6AddressForUser(WCHAR* user, WCHAR* port,
                                                         IN6_ADDR* address, BOOL* notify);

// As ReleaseIpAddress; the address has its first half 0 here too, whatever the client had (R50).
RAS_CALLOUT VOID APIENTRY MprAdminReleaseIpv6AddressForUser(WCHAR* user, WCHAR* port,
                                                            IN6_ADDR* address);

// May this connection be? After authentication and after addresses, once for each (R60, R66). TRUE
// or FALSE; after FALSE it ends, and its addresses come back (R61, R67).
//
// Four flavours of one question, each telling more. Have one of them, and the hang-up of the same
// flavour: of several RAS takes the highest number (R64). 3 is of Windows Server 2008 and later.
// The fourth, Ex, has no name of its own: ras_admin/callbacks.h.
RAS_CALLOUT BOOL APIENTRY MprAdminAcceptNewConnection(RAS_CONNECTION_0* connection0,
                                                      RAS_CONNECTION_1* connection1);
RAS_CALLOUT BOOL APIENTRY MprAdminAcceptNewConnection2(RAS_CONNECTION_0* connection0,
                                                       RAS_CONNECTION_1* connection1,
                                                       RAS_CONNECTION_2* connection2);
RAS_CALLOUT BOOL APIENTRY MprAdminAcceptNewConnection3(RAS_CONNECTION_0* connection0,
                                                       RAS_CONNECTION_1* connection1,
                                                       RAS_CONNECTION_2* connection2,
                                                       RAS_CONNECTION_3* connection3);

// A connection has ended, its last link before it (R70). hConnection is the one that was accepted,
// counters and duration are final (R72). It may also name a connection that this module refused, or
// was never asked about (R73).
RAS_CALLOUT VOID APIENTRY MprAdminConnectionHangupNotification(RAS_CONNECTION_0* connection0,
                                                               RAS_CONNECTION_1* connection1);
RAS_CALLOUT VOID APIENTRY MprAdminConnectionHangupNotification2(RAS_CONNECTION_0* connection0,
                                                                RAS_CONNECTION_1* connection1,
                                                                RAS_CONNECTION_2* connection2);
RAS_CALLOUT VOID APIENTRY MprAdminConnectionHangupNotification3(RAS_CONNECTION_0* connection0,
                                                                RAS_CONNECTION_1* connection1,
                                                                RAS_CONNECTION_2* connection2,
                                                                RAS_CONNECTION_3* connection3);

// May this link be? For the first one right after its connection was accepted, then for each that
// the user adds (R80). Both structures tell of one port; port0->hConnection says whose (R83). FALSE
// for an added link leaves the others up; for the only one it ends the connection (R81, R82).
RAS_CALLOUT BOOL APIENTRY MprAdminAcceptNewLink(RAS_PORT_0* port0, RAS_PORT_1* port1);

// A link has ended (R84). It may be one that this module refused: count links by hPort (R85).
RAS_CALLOUT VOID APIENTRY MprAdminLinkHangupNotification(RAS_PORT_0* port0, RAS_PORT_1* port1);

// May this connection stay, now that the client's health has changed? The new state is
// connection3->rasQuarState, and timer says until when if it is probation (R90). FALSE ends it
// (R91).
RAS_CALLOUT BOOL APIENTRY MprAdminAcceptReauthentication(RAS_CONNECTION_0* connection0,
                                                         RAS_CONNECTION_1* connection1,
                                                         RAS_CONNECTION_2* connection2,
                                                         RAS_CONNECTION_3* connection3);

#ifdef __cplusplus
}
#endif
