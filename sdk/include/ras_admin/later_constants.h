// later_constants.h - constants that Windows has and mingw-w64 10 lacks (R164).
//
// Each stands aside for a header that has it already.
#pragma once

// Protocols, beside PID_IP.
#ifndef PID_IPV6
#define PID_IPV6 0x00000057
#endif

// dwConnectionFlags; Windows' own headers dropped this one with Windows XP.
#ifndef RAS_FLAGS_RAS_CONNECTION
#define RAS_FLAGS_RAS_CONNECTION 0x00000004
#endif

// How many ROUTER_INTERFACE_TYPEs there are; none of them.
#ifndef ROUTER_IF_TYPE_MAX
#define ROUTER_IF_TYPE_MAX 8
#endif

// MPRAPI_ADMIN_DLL_CALLBACKS.revision. Only the second means that there is a table (R109).
#ifndef MPRAPI_ADMIN_DLL_VERSION_1
#define MPRAPI_ADMIN_DLL_VERSION_1 1  // callouts by name, as if there were no table
#endif
#ifndef MPRAPI_ADMIN_DLL_VERSION_2
#define MPRAPI_ADMIN_DLL_VERSION_2 2  // the table, and RAS_CONNECTION_EX
#endif

// One more MPRAPI_OBJECT_TYPE, and the revision of RAS_UPDATE_CONNECTION.
#ifndef MPRAPI_OBJECT_TYPE_IF_CUSTOM_CONFIG_OBJECT
#define MPRAPI_OBJECT_TYPE_IF_CUSTOM_CONFIG_OBJECT 0x6
#endif
#ifndef MPRAPI_RAS_UPDATE_CONNECTION_OBJECT_REVISION_1
#define MPRAPI_RAS_UPDATE_CONNECTION_OBJECT_REVISION_1 0x01
#endif

// PROJECTION_INFO.projectionInfoType: which member of the union holds.
#ifndef MPRAPI_PPP_PROJECTION_INFO_TYPE
#define MPRAPI_PPP_PROJECTION_INFO_TYPE 1  // PppProjectionInfo
#endif
#ifndef MPRAPI_IKEV2_PROJECTION_INFO_TYPE
#define MPRAPI_IKEV2_PROJECTION_INFO_TYPE 2  // Ikev2ProjectionInfo
#endif

// IKEV2_PROJECTION_INFO.dwAuthenticationProtocol.
#ifndef MPRAPI_IKEV2_AUTH_USING_CERT
#define MPRAPI_IKEV2_AUTH_USING_CERT 1
#endif
#ifndef MPRAPI_IKEV2_AUTH_USING_EAP
#define MPRAPI_IKEV2_AUTH_USING_EAP 2
#endif

// Options of LCP that name ciphers. The order is theirs: 192 came after 256.
#ifndef PPP_LCP_AES_128
#define PPP_LCP_AES_128 0x00000040
#endif
#ifndef PPP_LCP_AES_256
#define PPP_LCP_AES_256 0x00000080
#endif
#ifndef PPP_LCP_AES_192
#define PPP_LCP_AES_192 0x00000100
#endif
#ifndef PPP_LCP_GCM_AES_128
#define PPP_LCP_GCM_AES_128 0x00000200
#endif
#ifndef PPP_LCP_GCM_AES_192
#define PPP_LCP_GCM_AES_192 0x00000400
#endif
#ifndef PPP_LCP_GCM_AES_256
#define PPP_LCP_GCM_AES_256 0x00000800
#endif
