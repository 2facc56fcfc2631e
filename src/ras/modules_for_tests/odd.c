// odd.c - an administration module that misbehaves, in the way that the user's name asks for.
//
// It is compiled several times: what is wrong with a module before it is called cannot be asked
// for. Macros:
//
//   ODD_TABLE             hands over a table, with this revision (R109)
//   ODD_INITIALIZE        what Initialize returns (R11)
//   ODD_WITHOUT_RELEASE   has half of the IPv4 pair (R36)
//   ODD_WITHOUT_LINKS     lacks a link callout (R98)
//   ODD_DIES_AT_START     ends its process in Initialize
//   ODD_NEEDS_START       gives no address in a process where Initialize was not called (R122)
//   ODD_DIES_AT_END       ends its process in Terminate
//   ODD_FORBIDDEN         calls administration functions (R130), for these users: "forbidden" in
//                         each callout that has a user, here and now; "waits" in Get, on another
//                         thread that it waits for; "posts" in Get, on one that it does not
//   ODD_FORBIDDEN_START   calls one in Initialize
//
// Users, in the address callouts and in the accept of a connection:
//
//   crash       reads from nowhere         hang       does not return
//   overrun     writes beyond the address  fail       error 8, flag TRUE
//   none        no address                 192.0.2.9  that very address, flag TRUE
//   refused     FALSE                      slow       error 170 if another is in there
//   backwards   192.168.0.5, swapped       unflagged  192.0.2.7, flag FALSE
//   keeps       writes the address of its last Get once more when it is given back
//   loose…      the lowest of a few that is free, by anybody's Release
//                                          anybody else: what RAS proposed, flag TRUE
//
// A table validates clients below PPP: those whose bytes begin with 7 (R96).
#include <stdatomic.h>

#include "ras/modules_for_tests/forbidden.h"
#include "ras/modules_for_tests/hang.h"
#include <ras_admin_module.h>

#ifndef ODD_INITIALIZE
#define ODD_INITIALIZE NO_ERROR
#endif

static int is(const WCHAR* user, const char* name) {
  while (*name != 0 && *user == (WCHAR)*name) ++user, ++name;
  return *user == 0 && *name == 0;
}

static int begins(const WCHAR* user, const char* name) {
  while (*name != 0 && *user == (WCHAR)*name) ++user, ++name;
  return *name == 0;
}

static void crash(void) {
  volatile int* nowhere = NULL;
  *nowhere = 1;
}

// How many calls of each group are in here now.
static atomic_int in_address;
static atomic_int in_connection;

// Stays a while. Not 0: somebody else was there.
static int stay(atomic_int* inside) {
  int others = atomic_fetch_add(inside, 1);
  for (volatile int i = 0; i < 20000; ++i) {
  }
  return others + atomic_fetch_sub(inside, 1) - 1;
}

static void misbehave(const WCHAR* user) {
  if (is(user, "crash")) crash();
  if (is(user, "hang")) hang();
}

#ifdef ODD_FORBIDDEN
// What the function answered is the answer of the callout.
static DWORD ask_in_get(const WCHAR* user) {
  if (is(user, "forbidden")) return ask_for_user(user);
  if (is(user, "waits")) return ask_elsewhere_and_wait();
  return is(user, "posts") ? ask_elsewhere() : NO_ERROR;
}
#endif

#ifdef ODD_NEEDS_START
static atomic_int initialized;
#endif

// Addresses that anybody may give back.
enum { loose_size = 6 };
static unsigned char loose_held[loose_size];
static DWORD loose_address(int place) { return 0x000200c0 | ((DWORD)(place + 100) << 24); }
static DWORD take_loosely(DWORD* address) {
  for (int place = 0; place < loose_size; ++place) {
    if (loose_held[place] != 0) continue;
    loose_held[place] = 1;
    *address = loose_address(place);
    return NO_ERROR;
  }
  return 717;
}

static DWORD* kept_address;

DWORD APIENTRY MprAdminGetIpAddressForUser(WCHAR* user, WCHAR* port, DWORD* address, BOOL* notify) {
  (void)port;
  misbehave(user);
  if (is(user, "keeps")) kept_address = address;
#ifdef ODD_FORBIDDEN
  const DWORD asked = ask_in_get(user);
  if (asked != NO_ERROR) return asked;
#endif
  *notify = TRUE;
  if (is(user, "fail")) return 8;
  if (is(user, "slow") && stay(&in_address) != 0) return 170;
#ifdef ODD_NEEDS_START
  if (initialized == 0) return 21;
#endif
  if (begins(user, "loose")) return take_loosely(address);
  if (is(user, "none")) *address = 0;
  if (is(user, "backwards")) *address = 0xc0a80005;
  if (is(user, "unflagged")) {
    *address = 0x070200c0;
    *notify = FALSE;
  }
  if (is(user, "192.0.2.9")) *address = 0x090200c0;  // R20
  if (is(user, "overrun")) {
    for (int i = 0; i < 6; ++i) address[i] = 0x41414141;
  }
  return NO_ERROR;
}

#ifndef ODD_WITHOUT_RELEASE
static void release_loosely(DWORD address) {
  for (int place = 0; place < loose_size; ++place) {
    if (address == loose_address(place)) loose_held[place] = 0;
  }
}

VOID APIENTRY MprAdminReleaseIpAddress(WCHAR* user, WCHAR* port, DWORD* address) {
  (void)port;
  release_loosely(*address);
  if (is(user, "keeps")) *kept_address = 0x090200c0;
  if (is(user, "crash-in-release")) crash();
  if (is(user, "slow") && stay(&in_address) != 0) crash();
}
#endif

DWORD APIENTRY MprAdminGetIpv6AddressForUser(WCHAR* user, WCHAR* port, IN6_ADDR* address,
                                             BOOL* notify) {
  (void)port;
  misbehave(user);
#ifdef ODD_FORBIDDEN
  if (is(user, "forbidden")) return ask_for_user(user);
#endif
  *notify = TRUE;
  if (is(user, "prefix")) {
    for (int i = 0; i < 8; ++i) address->u.Byte[i] = 0x20;  // R47: RAS does not look
  }
  return NO_ERROR;
}

VOID APIENTRY MprAdminReleaseIpv6AddressForUser(WCHAR* user, WCHAR* port, IN6_ADDR* address) {
  (void)user;
  (void)port;
  (void)address;
}

BOOL APIENTRY MprAdminAcceptNewLink(RAS_PORT_0* port0, RAS_PORT_1* port1) {
  (void)port0;
  (void)port1;
  return TRUE;
}

#ifndef ODD_WITHOUT_LINKS
VOID APIENTRY MprAdminLinkHangupNotification(RAS_PORT_0* port0, RAS_PORT_1* port1) {
  (void)port0;
  (void)port1;
}
#endif

#ifdef ODD_TABLE

static BOOL APIENTRY accept_connection(RAS_CONNECTION_EX* connection) {
  misbehave(connection->wszUserName);
  if (is(connection->wszUserName, "slow") && stay(&in_connection) != 0) return FALSE;
  return !is(connection->wszUserName, "refused");
}
static VOID APIENTRY hang_up(RAS_CONNECTION_EX* connection) { (void)connection; }
static DWORD APIENTRY validate(AUTH_VALIDATION_EX* client) {
  misbehave(client->wszUserName);
  if (client->AuthInfoSize == 0 || client->AuthInfo[0] != 7) return ERROR_ACCESS_DENIED;
  return NO_ERROR;
}

DWORD APIENTRY MprAdminInitializeDllEx(PMPRAPI_ADMIN_DLL_CALLBACKS table) {
  table->revision = ODD_TABLE;
  table->lpfnMprAdminGetIpAddressForUser = MprAdminGetIpAddressForUser;
  table->lpfnMprAdminReleaseIpAddress = MprAdminReleaseIpAddress;
  table->lpfnRasAdminAcceptNewLink = MprAdminAcceptNewLink;
  table->lpfnRasAdminLinkHangupNotification = MprAdminLinkHangupNotification;
  table->lpfnRasAdminAcceptNewConnectionEx = accept_connection;
  table->lpfnRasAdminConnectionHangupNotificationEx = hang_up;
  table->lpfnRASValidatePreAuthenticatedConnectionEx = validate;
  return ODD_INITIALIZE;
}

#else

DWORD APIENTRY MprAdminInitializeDll(VOID) {
#ifdef ODD_DIES_AT_START
  crash();
#endif
#ifdef ODD_NEEDS_START
  initialized = 1;
#endif
#ifdef ODD_FORBIDDEN_START
  ask_for_connections();
#endif
  return ODD_INITIALIZE;
}

DWORD APIENTRY MprAdminTerminateDll(VOID) {
#ifdef ODD_DIES_AT_END
  crash();
#endif
  return 1;  // R15: nobody looks
}

BOOL APIENTRY MprAdminAcceptNewConnection(RAS_CONNECTION_0* connection0,
                                          RAS_CONNECTION_1* connection1) {
  (void)connection1;
  misbehave(connection0->wszUserName);
#ifdef ODD_FORBIDDEN
  if (is(connection0->wszUserName, "forbidden")) {
    return ask_for_connections() == ERROR_POSSIBLE_DEADLOCK;
  }
#endif
  if (is(connection0->wszUserName, "slow") && stay(&in_connection) != 0) return FALSE;
  return !is(connection0->wszUserName, "refused");
}

VOID APIENTRY MprAdminConnectionHangupNotification(RAS_CONNECTION_0* connection0,
                                                   RAS_CONNECTION_1* connection1) {
  (void)connection0;
  (void)connection1;
}

#endif
