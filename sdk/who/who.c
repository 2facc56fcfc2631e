// who.c - who is connected to the RAS side of this machine; and ends what a port carries.
//
//   who              a line for each connection: its handle, its user, its address
//   who ports        a line for each port: its handle, its connection, its name
//   who end PORT     ends what this port carries
//
// One source for Windows and Linux: README.md has a line to build it for each.
#include <ras_admin/administration.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Names of ASCII are shown as they are, any other sign as a question mark.
static const char* shown(const WCHAR* text) {
  static char line[300];
  size_t length = 0;
  for (; text[length] != 0 && length + 1 < sizeof line; ++length) {
    line[length] = '?';
    if (text[length] >= 0x20 && text[length] < 0x7f) line[length] = (char)text[length];
  }
  line[length] = 0;
  return line;
}

static unsigned long long number_of(HANDLE handle) { return (unsigned long long)(size_t)handle; }

static int failed(const char* function, DWORD code) {
  LPWSTR text = NULL;
  const int known = MprAdminGetErrorString(code, &text) == NO_ERROR;
  fprintf(stderr, "%s: error %u: %s\n", function, (unsigned)code, known ? shown(text) : "unknown");
  if (known) MprAdminBufferFree(text);
  return 1;
}

// A few at a time, so that a thousand connections need no more memory than ten.
enum { at_once = 10 };

static int list_connections(MPR_SERVER_HANDLE server) {
  DWORD resume = 0;
  DWORD code = ERROR_MORE_DATA;
  while (code == ERROR_MORE_DATA) {
    BYTE* buffer = NULL;
    DWORD read = 0;
    DWORD total = 0;
    code = MprAdminConnectionEnum(server, 0, &buffer, at_once * sizeof(RAS_CONNECTION_0), &read,
                                  &total, &resume);
    if (code != NO_ERROR && code != ERROR_MORE_DATA) return failed("MprAdminConnectionEnum", code);
    const RAS_CONNECTION_0* each = (const RAS_CONNECTION_0*)(void*)buffer;
    for (DWORD i = 0; i < read; ++i, ++each) {
      RAS_CONNECTION_1* more = NULL;
      // It may have ended since.
      if (MprAdminConnectionGetInfo(server, 1, each->hConnection, (BYTE**)&more) != NO_ERROR) {
        continue;
      }
      printf("%llu %s", number_of(each->hConnection), shown(each->wszUserName));
      printf(" %s\n", shown(more->PppInfo.ip.wszRemoteAddress));
      MprAdminBufferFree(more);
    }
    if (buffer != NULL) MprAdminBufferFree(buffer);
  }
  return 0;
}

static int list_ports(MPR_SERVER_HANDLE server) {
  BYTE* buffer = NULL;
  DWORD read = 0;
  DWORD total = 0;
  const DWORD code =
      MprAdminPortEnum(server, 0, INVALID_HANDLE_VALUE, &buffer, (DWORD)-1, &read, &total, NULL);
  if (code != NO_ERROR) return failed("MprAdminPortEnum", code);
  const RAS_PORT_0* each = (const RAS_PORT_0*)(void*)buffer;
  for (DWORD i = 0; i < read; ++i, ++each) {
    printf("%llu %llu %s\n", number_of(each->hPort), number_of(each->hConnection),
           shown(each->wszPortName));
  }
  if (buffer != NULL) MprAdminBufferFree(buffer);
  return 0;
}

static int end(MPR_SERVER_HANDLE server, const char* port) {
  const DWORD code = MprAdminPortDisconnect(server, (HANDLE)(size_t)strtoull(port, NULL, 10));
  return code == NO_ERROR ? 0 : failed("MprAdminPortDisconnect", code);
}

int main(int count, char** arguments) {
  MPR_SERVER_HANDLE server = NULL;
  const DWORD code = MprAdminServerConnect(NULL, &server);
  if (code != NO_ERROR) return failed("MprAdminServerConnect", code);
  int result = 2;
  if (count == 1) result = list_connections(server);
  if (count == 2 && strcmp(arguments[1], "ports") == 0) result = list_ports(server);
  if (count == 3 && strcmp(arguments[1], "end") == 0) result = end(server, arguments[2]);
  MprAdminServerDisconnect(server);
  if (result == 2) fprintf(stderr, "who, who ports, or who end PORT\n");
  return result;
}
