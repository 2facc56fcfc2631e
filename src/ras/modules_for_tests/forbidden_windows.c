// forbidden_windows.c - a function of mprapi.dll.
#include "ras/modules_for_tests/forbidden.h"
#include <ras_admin_module.h>

void forbidden(void) { MprAdminBufferFree(NULL); }
