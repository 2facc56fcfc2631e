// ex_callouts.h - the callouts with one structure, under the names that Windows' manual has.
//
// RAS never looks for these names (R108); they are reached through the table.
#pragma once

#include <ras_admin_module.h>

extern "C" {

RAS_CALLOUT BOOL APIENTRY MprAdminAcceptNewConnectionEx(RAS_CONNECTION_EX* connection);
RAS_CALLOUT VOID APIENTRY MprAdminConnectionHangupNotificationEx(RAS_CONNECTION_EX* connection);
RAS_CALLOUT BOOL APIENTRY MprAdminAcceptReauthenticationEx(RAS_CONNECTION_EX* connection);

}  // extern "C"
