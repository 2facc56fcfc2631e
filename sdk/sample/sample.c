// sample.c - a RAS administration module: a small range of addresses, one user kept out, two links.
//
// It gives each connection an IPv4 address from 10.20.30.16 to 10.20.30.31 and an IPv6 identifier
// from ::1010 to ::101f, whatever RAS would have given; lets nobody in who is called mallory; and
// lets a user bundle two links, not three. It has every callout that is asked of a module, exported
// by name. One source for Windows and Linux: README.md has a line to build it for each.
//
// Two halves that share nothing, since RAS may run them in two processes (R121): addresses, and
// what is up. Neither needs MprAdminInitializeDll: their tables lie in static memory, and a zeroed
// table is an empty one (R122). For the same reason nothing is left behind if RAS unloads the
// module without a word (R18). What is given out is forgotten when the service stops, and the
// connections it was given to have ended by then.
#include <stdatomic.h>
#include <string.h>

#include <ras_admin_module.h>

enum {
  pool_size = 16,      // of either family
  first_of_pool = 16,  // the last byte of the first address
  links_at_most = 2,   // of one connection
  links_in_all = 256,  // more ports than the server has

  // Longer names are refused. Windows makes none that are half as long.
  user_length = 600,
  port_length = 120
};

static const unsigned char kNetwork[] = {10, 20, 30};
static const unsigned char kIdentifier[] = {0, 0, 0, 0, 0, 0, 0x10};
static const WCHAR kKeptOut[] = RAS_TEXT("mallory");

// RAS never runs two calls of one half's group at once, but which calls are in a group has a few
// doubtful cases (R118), and a lock costs little. This one is held for one walk through a small
// table and never while anything is called, so whoever waits need not sleep; and it comes with the
// compiler, where each system's own would be another one.
static void enter(atomic_flag* lock) {
  while (atomic_flag_test_and_set_explicit(lock, memory_order_acquire)) {
  }
}

static void leave(atomic_flag* lock) { atomic_flag_clear_explicit(lock, memory_order_release); }

// Text of 16-bit units has no functions of C's that both systems have.

static size_t length_of(const WCHAR* text) {
  size_t length = 0;
  while (text[length] != 0) ++length;
  return length;
}

static BOOL is_same(const WCHAR* one, const WCHAR* other) {
  const size_t length = length_of(one);
  return length == length_of(other) && memcmp(one, other, length * sizeof *one) == 0;
}

static WCHAR folded(WCHAR sign) {
  return sign >= RAS_TEXT('A') && sign <= RAS_TEXT('Z') ? (WCHAR)(sign | 0x20) : sign;
}

static BOOL is_same_name(const WCHAR* one, const WCHAR* other) {
  while (*one != 0 && folded(*one) == folded(*other)) {
    ++one;
    ++other;
  }
  return *one == 0 && *other == 0;
}

// Addresses.

// Whose an address is. One user may be there twice, so the user alone says too little (R40).
typedef struct Holder {
  BOOL held;
  WCHAR user[user_length + 1];
  WCHAR port[port_length + 1];
} Holder;

typedef struct Pool {
  Holder holders[pool_size];
  unsigned next;  // what was given back is taken last: its packets may still be under way
} Pool;

static Pool pool_of_ipv4;
static Pool pool_of_ipv6;
static atomic_flag lock_of_pools = ATOMIC_FLAG_INIT;

// Finds an address for them and puts its place in the pool into `place`. What is kept is copied:
// both names are gone when RAS has its answer (R6).
static DWORD take(Pool* pool, const WCHAR* user, const WCHAR* port, unsigned char* place) {
  const size_t user_units = length_of(user) + 1;
  const size_t port_units = length_of(port) + 1;
  if (user_units > user_length + 1 || port_units > port_length + 1) return ERROR_INVALID_PARAMETER;

  DWORD answer = ERROR_NO_IP_ADDRESSES;
  enter(&lock_of_pools);
  for (unsigned tried = 0; tried < pool_size && answer != NO_ERROR; ++tried) {
    const unsigned at = (pool->next + tried) % pool_size;
    Holder* holder = &pool->holders[at];
    if (holder->held) continue;
    holder->held = TRUE;
    memcpy(holder->user, user, user_units * sizeof *user);
    memcpy(holder->port, port, port_units * sizeof *port);
    pool->next = (at + 1) % pool_size;
    *place = (unsigned char)at;
    answer = NO_ERROR;
  }
  leave(&lock_of_pools);
  return answer;
}

// Does nothing if somebody else has that place, or nobody.
static void give_back(Pool* pool, const WCHAR* user, const WCHAR* port, unsigned place) {
  if (place >= pool_size) return;
  enter(&lock_of_pools);
  Holder* holder = &pool->holders[place];
  if (holder->held && is_same(holder->user, user) && is_same(holder->port, port)) {
    holder->held = FALSE;
  }
  leave(&lock_of_pools);
}

// What RAS proposes is not looked at. Another address is our right (R25); RAS then keeps its own.
DWORD APIENTRY MprAdminGetIpAddressForUser(WCHAR* user, WCHAR* port, DWORD* address, BOOL* notify) {
  if (user == NULL || port == NULL || address == NULL || notify == NULL) {
    return ERROR_INVALID_PARAMETER;
  }
  unsigned char place = 0;
  const DWORD answer = take(&pool_of_ipv4, user, port, &place);
  if (answer != NO_ERROR) return answer;  // and notify stays FALSE: there is nothing to give back

  // As bytes, the order of the wire is the order one reads (R20).
  unsigned char bytes[sizeof *address];
  memcpy(bytes, kNetwork, sizeof kNetwork);
  bytes[sizeof kNetwork] = (unsigned char)(first_of_pool + place);
  memcpy(address, bytes, sizeof bytes);
  *notify = TRUE;
  return NO_ERROR;
}

VOID APIENTRY MprAdminReleaseIpAddress(WCHAR* user, WCHAR* port, DWORD* address) {
  if (user == NULL || port == NULL || address == NULL) return;
  unsigned char bytes[sizeof *address];
  memcpy(bytes, address, sizeof bytes);
  if (memcmp(bytes, kNetwork, sizeof kNetwork) != 0) return;
  if (bytes[sizeof kNetwork] < first_of_pool) return;
  give_back(&pool_of_ipv4, user, port, bytes[sizeof kNetwork] - first_of_pool);
}

// The identifier is the last half; the first one is the prefix, and none of our business (R47).
DWORD APIENTRY MprAdminGetIpv6AddressForUser(WCHAR* user, WCHAR* port, IN6_ADDR* address,
                                             BOOL* notify) {
  if (user == NULL || port == NULL || address == NULL || notify == NULL) {
    return ERROR_INVALID_PARAMETER;
  }
  unsigned char place = 0;
  const DWORD answer = take(&pool_of_ipv6, user, port, &place);
  if (answer != NO_ERROR) return answer;

  memcpy(&address->u.Byte[8], kIdentifier, sizeof kIdentifier);
  address->u.Byte[15] = (unsigned char)(first_of_pool + place);
  *notify = TRUE;
  return NO_ERROR;
}

VOID APIENTRY MprAdminReleaseIpv6AddressForUser(WCHAR* user, WCHAR* port, IN6_ADDR* address) {
  if (user == NULL || port == NULL || address == NULL) return;
  if (memcmp(&address->u.Byte[8], kIdentifier, sizeof kIdentifier) != 0) return;
  if (address->u.Byte[15] < first_of_pool) return;
  give_back(&pool_of_ipv6, user, port, address->u.Byte[15] - first_of_pool);
}

// What is up.

// A link, by the connection that it belongs to and the port that it uses. A count for each
// connection would go wrong at a hang-up of a link that we refused (R85).
typedef struct Link {
  HANDLE connection;  // NULL: nothing is here
  HANDLE port;
} Link;

static Link links[links_in_all];
static atomic_flag lock_of_links = ATOMIC_FLAG_INIT;

static BOOL may_come_in(const RAS_CONNECTION_0* connection) {
  return !is_same_name(connection->wszUserName, kKeptOut);
}

BOOL APIENTRY MprAdminAcceptNewConnection3(RAS_CONNECTION_0* connection0,
                                           RAS_CONNECTION_1* connection1,
                                           RAS_CONNECTION_2* connection2,
                                           RAS_CONNECTION_3* connection3) {
  if (connection0 == NULL || connection1 == NULL || connection2 == NULL || connection3 == NULL) {
    return FALSE;
  }
  return may_come_in(connection0);
}

BOOL APIENTRY MprAdminAcceptReauthentication(RAS_CONNECTION_0* connection0,
                                             RAS_CONNECTION_1* connection1,
                                             RAS_CONNECTION_2* connection2,
                                             RAS_CONNECTION_3* connection3) {
  if (connection0 == NULL || connection1 == NULL || connection2 == NULL || connection3 == NULL) {
    return FALSE;
  }
  return may_come_in(connection0);
}

BOOL APIENTRY MprAdminAcceptNewLink(RAS_PORT_0* port0, RAS_PORT_1* port1) {
  if (port0 == NULL || port1 == NULL || port0->hConnection == NULL) return FALSE;

  BOOL accepted = FALSE;
  Link* empty = NULL;
  unsigned of_this_connection = 0;
  enter(&lock_of_links);
  for (Link* link = links; link != links + links_in_all; ++link) {
    if (link->connection == NULL) empty = link;
    if (link->connection != port0->hConnection) continue;
    ++of_this_connection;
    if (link->port == port0->hPort) accepted = TRUE;  // asked again: it is up already
  }
  if (!accepted && empty != NULL && of_this_connection < links_at_most) {
    empty->connection = port0->hConnection;
    empty->port = port0->hPort;
    accepted = TRUE;
  }
  leave(&lock_of_links);
  return accepted;
}

VOID APIENTRY MprAdminLinkHangupNotification(RAS_PORT_0* port0, RAS_PORT_1* port1) {
  if (port0 == NULL || port1 == NULL) return;
  enter(&lock_of_links);
  for (Link* link = links; link != links + links_in_all; ++link) {
    if (link->connection == port0->hConnection && link->port == port0->hPort) {
      link->connection = NULL;
    }
  }
  leave(&lock_of_links);
}

// Its links have ended before (R70); should RAS have kept one of them to itself, it ends here.
VOID APIENTRY MprAdminConnectionHangupNotification3(RAS_CONNECTION_0* connection0,
                                                    RAS_CONNECTION_1* connection1,
                                                    RAS_CONNECTION_2* connection2,
                                                    RAS_CONNECTION_3* connection3) {
  if (connection0 == NULL || connection1 == NULL || connection2 == NULL || connection3 == NULL) {
    return;
  }
  enter(&lock_of_links);
  for (Link* link = links; link != links + links_in_all; ++link) {
    if (link->connection == connection0->hConnection) link->connection = NULL;
  }
  leave(&lock_of_links);
}

// Start and end.

DWORD APIENTRY MprAdminInitializeDll(VOID) { return NO_ERROR; }

// RAS has ended every connection. The next start, without an unloading between, begins anew.
DWORD APIENTRY MprAdminTerminateDll(VOID) {
  enter(&lock_of_pools);
  memset(&pool_of_ipv4, 0, sizeof pool_of_ipv4);
  memset(&pool_of_ipv6, 0, sizeof pool_of_ipv6);
  leave(&lock_of_pools);
  enter(&lock_of_links);
  memset(links, 0, sizeof links);
  leave(&lock_of_links);
  return NO_ERROR;
}
