// ras_admin_module.h - what the author of a RAS administration module includes, on both systems.
//
// A remote-access server (RAS) asks an administration module which address a user gets and whether
// a connection or a link may come up, and tells it what has gone down. It does so by calling
// functions of fixed names, the callouts. On Windows the module is a DLL of the Routing and Remote
// Access service, on Linux a shared object. The names, types and layouts are those of 64-bit
// Windows on both, so one source compiles for both; this one lets everybody have one link:
//
//   #include <ras_admin_module.h>
//
//   BOOL APIENTRY MprAdminAcceptNewLink(RAS_PORT_0* port, RAS_PORT_1* counters) {
//     return port != NULL && counters != NULL && is_first_link(port->hConnection);
//   }
//
// Read next
//   ras_admin/callouts.h    the manual: every callout, when it comes, what its answer does
//   ras_admin/callbacks.h   the other way to hand them over: a table in place of exported names
//
// What differs between the systems, and what hides it
//   strings     UTF-16 on both, but wchar_t has 32 bits on Linux: write RAS_TEXT("VPN"), and
//               neither L"" nor the functions of <wchar.h>.
//   numbers     DWORD has 32 bits on both; it is `unsigned long` on Windows and never on Linux, so
//               cast it before printf.
//   calls       APIENTRY is __stdcall on Windows and nothing on Linux: each system's own way.
//   exports     on Windows a .def file names the callouts that the module has, no more (R168); on
//               Linux the callouts declared here are visible whatever -fvisibility says.
//   mingw-w64   release 10 declares some things wrongly and lacks others; they are put right here
//               (ras_admin/mprapi_windows.h says which), so do not include <mprapi.h> before.
//
// C11 or C++; no library is needed. R20 and the like name rules of the contract between RAS and a
// module; tests cite them too.
#pragma once

#include "ras_admin/callbacks.h"
#include "ras_admin/callouts.h"
