// forbidden.c - one function of each kind, and a thread that calls one.
#include "ras/modules_for_tests/forbidden.h"

#include <ras_admin/administration.h>
#include <stdatomic.h>

#include "ras/modules_for_tests/thread.h"

DWORD ask_for_user(const WCHAR* user) {
  RAS_USER_0 info;
  return MprAdminUserGetInfo(NULL, user, 0, (LPBYTE)&info);
}

DWORD ask_for_connections(void) {
  BYTE* buffer = NULL;
  DWORD read = 0;
  DWORD total = 0;
  return MprAdminConnectionEnum(NULL, 0, &buffer, (DWORD)-1, &read, &total, NULL);
}

static atomic_uint returned;

static void ask(void) {
  MprAdminIsServiceRunning(NULL);
  returned = FUNCTION_RETURNED;
}

DWORD ask_elsewhere_and_wait(void) {
  call_on_thread(ask, TRUE);
  return returned;
}

DWORD ask_elsewhere(void) {
  const DWORD before = returned;
  call_on_thread(ask, FALSE);
  return before;
}
