// names_posix.h - the small types of Windows, and its error codes, where there is no <windows.h>.
//
// Widths are those of 64-bit Windows. No wchar_t, which has 32 bits here, and no long, which has 64
// (R169). WCHAR is char16_t in C++, so that text is not taken for a number; C has no such type of
// its own, and u"" gives 16-bit integers there.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void VOID;
typedef unsigned char BYTE;
typedef unsigned char UCHAR;
typedef uint16_t USHORT;
typedef uint16_t WORD;
typedef uint32_t DWORD;
typedef uint64_t ULONG64;
typedef uint64_t ULONGLONG;
typedef int BOOL;  // any value but 0 is TRUE (R5)
typedef void* HANDLE;
#ifdef __cplusplus
typedef char16_t WCHAR;  // UTF-16LE; strings end with 0 (R5)
#else
typedef uint16_t WCHAR;
#endif

// As the administration functions are declared.
typedef void* LPVOID;
typedef BYTE* LPBYTE;
typedef DWORD* LPDWORD;
typedef WCHAR* LPWSTR;
#define INVALID_HANDLE_VALUE ((HANDLE)(intptr_t)-1)

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

typedef struct GUID {
  DWORD Data1;
  WORD Data2;
  WORD Data3;
  BYTE Data4[8];
} GUID;

// Tenths of a microsecond since 1601-01-01 00:00 UTC, in two halves.
typedef struct FILETIME {
  DWORD dwLowDateTime;
  DWORD dwHighDateTime;
} FILETIME;

// An IPv6 address, or half of one, as it goes over the wire: Byte[0] first.
typedef struct IN6_ADDR {
  union {
    BYTE Byte[16];
    USHORT Word[8];
  } u;
} IN6_ADDR;

// Windows' calling conventions: a shared object is called the way this system calls.
#define APIENTRY
#define CALLBACK
#define WINAPI

// A string or a sign of WCHAR: RAS_TEXT("VPN"), RAS_TEXT('\\').
#define RAS_TEXT(text) RAS_TEXT_(text)
#define RAS_TEXT_(text) u##text

// Found by whoever loads the module, even if it was compiled with -fvisibility=hidden.
#define RAS_CALLOUT __attribute__((visibility("default")))

// What callouts and administration functions answer: 0 is success, all else names a reason.
#define NO_ERROR 0
#define ERROR_ACCESS_DENIED 5
#define ERROR_INVALID_HANDLE 6
#define ERROR_NOT_ENOUGH_MEMORY 8
#define ERROR_NOT_SUPPORTED 50
#define ERROR_INVALID_PARAMETER 87  // a NULL, a name too long; a module that lacks a callout
#define ERROR_INVALID_LEVEL 124
#define ERROR_MOD_NOT_FOUND 126   // no such module, or not what it needs
#define ERROR_PROC_NOT_FOUND 127  // no such function in it
#define ERROR_BAD_EXE_FORMAT 193  // a module for another kind of machine
#define ERROR_MORE_DATA 234
#define ERROR_MR_MID_NOT_FOUND 317    // a code that nobody has a text for
#define ERROR_REGISTRY_CORRUPT 1015   // a setting of another type than it should have
#define ERROR_POSSIBLE_DEADLOCK 1131  // an administration function inside a callout (R130)
#define ERROR_NOT_FOUND 1168          // how a connection without a usable address ends (R27)
#define ERROR_NO_SUCH_USER 1317
#define ERROR_NO_SUCH_DOMAIN 1355
#define RPC_S_INVALID_BINDING 1702
#define RPC_S_UNKNOWN_IF 1717

// Of remote access.
#define RASBASE 600
#define ERROR_INVALID_PORT_HANDLE (RASBASE + 1)
#define ERROR_IP_CONFIGURATION (RASBASE + 116)
#define ERROR_NO_IP_ADDRESSES (RASBASE + 117)                // what an empty pool answers
#define ERROR_PPP_REQUIRED_ADDRESS_REJECTED (RASBASE + 135)  // one that is in use (R29)
#define ERROR_PPP_NO_ADDRESS_ASSIGNED (RASBASE + 138)

// Of routing.
#define ROUTEBASE 900
#define ERROR_DDM_NOT_RUNNING (ROUTEBASE + 3)
#define ERROR_INTERFACE_NOT_CONNECTED (ROUTEBASE + 6)

#ifdef __cplusplus
}
#endif
