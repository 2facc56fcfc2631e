// module.c - an administration module that lets everything pass: what is measured is the way to it.
#include <ras_admin_module.h>

DWORD APIENTRY MprAdminInitializeDll(VOID) { return NO_ERROR; }
DWORD APIENTRY MprAdminTerminateDll(VOID) { return NO_ERROR; }

DWORD APIENTRY MprAdminGetIpAddressForUser(WCHAR* user, WCHAR* port, DWORD* address, BOOL* notify) {
  *notify = *user != 0 && *port != 0 && *address != 0;
  return NO_ERROR;
}
VOID APIENTRY MprAdminReleaseIpAddress(WCHAR* user, WCHAR* port, DWORD* address) {
  (void)user;
  (void)port;
  (void)address;
}

BOOL APIENTRY MprAdminAcceptNewConnection(RAS_CONNECTION_0* connection0,
                                          RAS_CONNECTION_1* connection1) {
  return connection0 != NULL && connection1 != NULL;
}
VOID APIENTRY MprAdminConnectionHangupNotification(RAS_CONNECTION_0* connection0,
                                                   RAS_CONNECTION_1* connection1) {
  (void)connection0;
  (void)connection1;
}
BOOL APIENTRY MprAdminAcceptNewLink(RAS_PORT_0* port0, RAS_PORT_1* port1) {
  return port0 != NULL && port1 != NULL;
}
VOID APIENTRY MprAdminLinkHangupNotification(RAS_PORT_0* port0, RAS_PORT_1* port1) {
  (void)port0;
  (void)port1;
}
BOOL APIENTRY MprAdminAcceptReauthentication(RAS_CONNECTION_0* connection0,
                                             RAS_CONNECTION_1* connection1,
                                             RAS_CONNECTION_2* connection2,
                                             RAS_CONNECTION_3* connection3) {
  return connection0 != NULL && connection1 != NULL && connection2 != NULL && connection3 != NULL;
}
