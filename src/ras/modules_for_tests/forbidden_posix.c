// forbidden_posix.c - the same function, which no library here need have.
#include "ras/modules_for_tests/forbidden.h"
#include <ras_admin_module.h>

DWORD APIENTRY MprAdminBufferFree(void* buffer) __attribute__((weak));

void forbidden(void) {
  if (&MprAdminBufferFree != 0) MprAdminBufferFree(0);
}
