// forbidden.h - calls administration functions, as no callout may (R130).
#pragma once

#include <ras_admin_module.h>

// MprAdminUserGetInfo and MprAdminConnectionEnum, here and now; their codes.
DWORD ask_for_user(const WCHAR* user);
DWORD ask_for_connections(void);

// One on a thread of its own, which is waited for or not (R131). FUNCTION_RETURNED: it has returned
// there, this time or one before; else 0.
#define FUNCTION_RETURNED 170
DWORD ask_elsewhere_and_wait(void);
DWORD ask_elsewhere(void);
