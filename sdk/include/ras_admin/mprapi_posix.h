// mprapi_posix.h - what callouts are told of connections and ports, laid out as on 64-bit Windows.
//
// In place of Windows' <mprapi.h>. RAS fills every member before it calls: what it does not know
// is 0, or an empty string (R141). All structures of one call tell of one connection and agree in
// hConnection, wszUserName, dwInterfaceType and guid (R146). Handles are names, not pointers to
// follow: compare them, keep them, give them to nothing (R9).
//
// Where a protocol has an error member, 0 means that it was negotiated; only then do its other
// members mean anything (R147). Addresses come in pairs: the plain one is the server's, the one
// with Remote in its name is the client's (R145).
//
// Byte and frame counters end at 2^32 and begin again. Bytes are counted as compressed; ratios are
// compressed to plain, in percent (R149).
//
// RAS_PORT_2 and RAS_CONNECTION_4 of later Windows are not here: no callout gets them (R150).
#pragma once

#include "ras_admin/names_posix.h"

#ifdef __cplusplus
extern "C" {
#endif

// How many WCHARs a name may have; its array has one more, for the 0 at the end (R140).
#define UNLEN 256            // a user's name
#define DNLEN 15             // a domain
#define UNCLEN 17            // a server, with two backslashes before it
#define NETBIOS_NAME_LEN 16  // a computer
#define MAX_INTERFACE_NAME_LEN 256
#define MAX_PORT_NAME 16
#define MAX_MEDIA_NAME 16
#define MAX_DEVICE_NAME 128
#define MAX_DEVICETYPE_NAME 16
#define MAX_PHONE_NUMBER_LEN 128
#define IPADDRESSLEN 15    // of IPv4, as text
#define IPXADDRESSLEN 22   // of IPX
#define ATADDRESSLEN 32    // of AppleTalk
#define MAXIPADRESSLEN 64  // of either IP; the missing D is part of its name

// Protocols by number.
#define PID_IP 0x00000021
#define PID_ATALK 0x00000029
#define PID_IPX 0x0000002B
#define PID_NBF 0x0000003F

// What brought an interface of the router about. A user who dials in is a client.
typedef enum ROUTER_INTERFACE_TYPE {
  ROUTER_IF_TYPE_CLIENT,
  ROUTER_IF_TYPE_HOME_ROUTER,
  ROUTER_IF_TYPE_FULL_ROUTER,
  ROUTER_IF_TYPE_DEDICATED,
  ROUTER_IF_TYPE_INTERNAL,
  ROUTER_IF_TYPE_LOOPBACK,
  ROUTER_IF_TYPE_TUNNEL1,
  ROUTER_IF_TYPE_DIALOUT
} ROUTER_INTERFACE_TYPE;

// Ports: one for each link.

// The header that NT 4 had counted these from 1.
typedef enum RAS_PORT_CONDITION {
  RAS_PORT_NON_OPERATIONAL,
  RAS_PORT_DISCONNECTED,
  RAS_PORT_CALLING_BACK,
  RAS_PORT_LISTENING,
  RAS_PORT_AUTHENTICATING,
  RAS_PORT_AUTHENTICATED,
  RAS_PORT_INITIALIZING
} RAS_PORT_CONDITION;

typedef enum RAS_HARDWARE_CONDITION {
  RAS_HARDWARE_OPERATIONAL,
  RAS_HARDWARE_FAILURE
} RAS_HARDWARE_CONDITION;

// A port: which it is, and whose connection it carries.
typedef struct RAS_PORT_0 {
  HANDLE hPort;
  HANDLE hConnection;  // the connection that this link belongs to (R83)
  RAS_PORT_CONDITION dwPortCondition;
  DWORD dwTotalNumberOfCalls;
  DWORD dwConnectDuration;               // seconds
  WCHAR wszPortName[MAX_PORT_NAME + 1];  // "VPN2-17"
  WCHAR wszMediaName[MAX_MEDIA_NAME + 1];
  WCHAR wszDeviceName[MAX_DEVICE_NAME + 1];
  WCHAR wszDeviceType[MAX_DEVICETYPE_NAME + 1];
} RAS_PORT_0, *PRAS_PORT_0;

// The same port: how it fares.
typedef struct RAS_PORT_1 {
  HANDLE hPort;
  HANDLE hConnection;
  RAS_HARDWARE_CONDITION dwHardwareCondition;
  DWORD dwLineSpeed;  // bits a second
  DWORD dwBytesXmited;
  DWORD dwBytesRcved;
  DWORD dwFramesXmited;
  DWORD dwFramesRcved;
  DWORD dwCrcErr;
  DWORD dwTimeoutErr;
  DWORD dwAlignmentErr;
  DWORD dwHardwareOverrunErr;
  DWORD dwFramingErr;
  DWORD dwBufferOverrunErr;
  DWORD dwCompressionRatioIn;
  DWORD dwCompressionRatioOut;
} RAS_PORT_1, *PRAS_PORT_1;

// What PPP negotiated, protocol by protocol.

typedef struct PPP_NBFCP_INFO {  // NetBEUI
  DWORD dwError;
  WCHAR wszWksta[NETBIOS_NAME_LEN + 1];
} PPP_NBFCP_INFO;

typedef struct PPP_IPCP_INFO {  // IPv4; addresses as text, empty if not known
  DWORD dwError;
  WCHAR wszAddress[IPADDRESSLEN + 1];
  WCHAR wszRemoteAddress[IPADDRESSLEN + 1];
} PPP_IPCP_INFO;

#define PPP_IPCP_VJ 0x00000001  // an option: headers compressed after Van Jacobson

typedef struct PPP_IPCP_INFO2 {
  DWORD dwError;
  WCHAR wszAddress[IPADDRESSLEN + 1];
  WCHAR wszRemoteAddress[IPADDRESSLEN + 1];
  DWORD dwOptions;
  DWORD dwRemoteOptions;
} PPP_IPCP_INFO2;

typedef struct PPP_IPXCP_INFO {
  DWORD dwError;
  WCHAR wszAddress[IPXADDRESSLEN + 1];
} PPP_IPXCP_INFO;

typedef struct PPP_ATCP_INFO {  // AppleTalk
  DWORD dwError;
  WCHAR wszAddress[ATADDRESSLEN + 1];
} PPP_ATCP_INFO;

// The client's address is the first dwPrefixLength bits of bPrefix, then
// bRemoteInterfaceIdentifier as its last eight bytes (R148).
typedef struct PPP_IPV6_CP_INFO {
  DWORD dwVersion;  // rely on neither of these two (R144)
  DWORD dwSize;
  DWORD dwError;
  BYTE bInterfaceIdentifier[8];
  BYTE bRemoteInterfaceIdentifier[8];
  DWORD dwOptions;
  DWORD dwRemoteOptions;
  BYTE bPrefix[8];  // the first half of the address
  DWORD dwPrefixLength;
} PPP_IPV6_CP_INFO, *PPPP_IPV6_CP_INFO;

// Algorithms of CCP, and its options.
#define RASCCPCA_STAC 0x00000005
#define RASCCPCA_MPPC 0x00000006
#define PPP_CCP_COMPRESSION 0x00000001
#define PPP_CCP_ENCRYPTION40BITOLD 0x00000010
#define PPP_CCP_ENCRYPTION40BIT 0x00000020
#define PPP_CCP_ENCRYPTION128BIT 0x00000040
#define PPP_CCP_ENCRYPTION56BIT 0x00000080
#define PPP_CCP_HISTORYLESS 0x01000000

typedef struct PPP_CCP_INFO {  // compression and encryption
  DWORD dwError;
  DWORD dwCompressionAlgorithm;
  DWORD dwOptions;
  DWORD dwRemoteCompressionAlgorithm;
  DWORD dwRemoteOptions;
} PPP_CCP_INFO;

// How one side proved to the other who it is; under CHAP, dwAuthenticationData says which CHAP.
#define PPP_LCP_PAP 0xC023
#define PPP_LCP_SPAP 0xC027
#define PPP_LCP_CHAP 0xC223
#define PPP_LCP_EAP 0xC227
#define PPP_LCP_CHAP_MD5 0x05
#define PPP_LCP_CHAP_MS 0x80
#define PPP_LCP_CHAP_MSV2 0x81

// Options of LCP; ras_admin/later_constants.h has those of AES.
#define PPP_LCP_MULTILINK_FRAMING 0x00000001
#define PPP_LCP_PFC 0x00000002
#define PPP_LCP_ACFC 0x00000004
#define PPP_LCP_SSHF 0x00000008
#define PPP_LCP_DES_56 0x00000010
#define PPP_LCP_3_DES 0x00000020

typedef struct PPP_LCP_INFO {  // the link itself
  DWORD dwError;
  DWORD dwAuthenticationProtocol;  // PPP_LCP_PAP and so on
  DWORD dwAuthenticationData;      // PPP_LCP_CHAP_..., if it is CHAP
  DWORD dwRemoteAuthenticationProtocol;
  DWORD dwRemoteAuthenticationData;
  DWORD dwTerminateReason;  // this and the next are always 0
  DWORD dwRemoteTerminateReason;
  DWORD dwOptions;
  DWORD dwRemoteOptions;
  DWORD dwEapTypeId;  // under EAP
  DWORD dwRemoteEapTypeId;
} PPP_LCP_INFO;

// The three that RAS_CONNECTION_1, _2 and _3 hold.
typedef struct PPP_INFO {
  PPP_NBFCP_INFO nbf;
  PPP_IPCP_INFO ip;
  PPP_IPXCP_INFO ipx;
  PPP_ATCP_INFO at;
} PPP_INFO;

typedef struct PPP_INFO_2 {
  PPP_NBFCP_INFO nbf;
  PPP_IPCP_INFO2 ip;
  PPP_IPXCP_INFO ipx;
  PPP_ATCP_INFO at;
  PPP_CCP_INFO ccp;
  PPP_LCP_INFO lcp;
} PPP_INFO_2;

typedef struct PPP_INFO_3 {
  PPP_NBFCP_INFO nbf;
  PPP_IPCP_INFO2 ip;
  PPP_IPV6_CP_INFO ipv6;
  PPP_CCP_INFO ccp;
  PPP_LCP_INFO lcp;
} PPP_INFO_3;

// Connections: one for each user who is there.

// dwConnectionFlags. ARAP and IKEV2 share a bit: where there is a projectionInfoType, ask that.
#define RAS_FLAGS_PPP_CONNECTION 0x00000001
#define RAS_FLAGS_MESSENGER_PRESENT 0x00000002
#define RAS_FLAGS_QUARANTINE_PRESENT 0x00000008
#define RAS_FLAGS_ARAP_CONNECTION 0x00000010
#define RAS_FLAGS_IKEV2_CONNECTION 0x00000010
#define RAS_FLAGS_DORMANT 0x00000020

// How healthy the client's machine was found.
typedef enum RAS_QUARANTINE_STATE {
  RAS_QUAR_STATE_NORMAL,
  RAS_QUAR_STATE_QUARANTINE,
  RAS_QUAR_STATE_PROBATION,  // as NORMAL, until a time
  RAS_QUAR_STATE_NOT_CAPABLE
} RAS_QUARANTINE_STATE;

// Who is there.
typedef struct RAS_CONNECTION_0 {
  HANDLE hConnection;  // the same from the accept callout to the hang-up (R72)
  HANDLE hInterface;
  DWORD dwConnectDuration;  // seconds
  ROUTER_INTERFACE_TYPE dwInterfaceType;
  DWORD dwConnectionFlags;
  WCHAR wszInterfaceName[MAX_INTERFACE_NAME_LEN + 1];
  WCHAR wszUserName[UNLEN + 1];
  WCHAR wszLogonDomain[DNLEN + 1];
  WCHAR wszRemoteComputer[NETBIOS_NAME_LEN + 1];
} RAS_CONNECTION_0, *PRAS_CONNECTION_0;

// What it negotiated, and how it fares.
typedef struct RAS_CONNECTION_1 {
  HANDLE hConnection;
  HANDLE hInterface;
  PPP_INFO PppInfo;
  DWORD dwBytesXmited;
  DWORD dwBytesRcved;
  DWORD dwFramesXmited;
  DWORD dwFramesRcved;
  DWORD dwCrcErr;
  DWORD dwTimeoutErr;
  DWORD dwAlignmentErr;
  DWORD dwHardwareOverrunErr;
  DWORD dwFramingErr;
  DWORD dwBufferOverrunErr;
  DWORD dwCompressionRatioIn;
  DWORD dwCompressionRatioOut;
} RAS_CONNECTION_1, *PRAS_CONNECTION_1;

// Since Windows 2000: how each side authenticated, and a guid that holds as long as the connection.
typedef struct RAS_CONNECTION_2 {
  HANDLE hConnection;
  WCHAR wszUserName[UNLEN + 1];
  ROUTER_INTERFACE_TYPE dwInterfaceType;
  GUID guid;
  PPP_INFO_2 PppInfo2;
} RAS_CONNECTION_2, *PRAS_CONNECTION_2;

// Since Windows Server 2008: IPv6 and quarantine.
typedef struct RAS_CONNECTION_3 {
  DWORD dwVersion;  // rely on neither of these two (R144)
  DWORD dwSize;
  HANDLE hConnection;
  WCHAR wszUserName[UNLEN + 1];
  ROUTER_INTERFACE_TYPE dwInterfaceType;
  GUID guid;
  PPP_INFO_3 PppInfo3;
  RAS_QUARANTINE_STATE rasQuarState;
  FILETIME timer;  // when probation ends (R90)
} RAS_CONNECTION_3, *PRAS_CONNECTION_3;

// Objects that say what they are, for modules that hand over a table (ras_admin/callbacks.h).

#define MPRAPI_RAS_CONNECTION_OBJECT_REVISION_1 0x01
#define MPRAPI_MPR_SERVER_OBJECT_REVISION_1 0x01
#define MPRAPI_MPR_SERVER_SET_CONFIG_OBJECT_REVISION_1 0x01

typedef enum MPRAPI_OBJECT_TYPE {
  MPRAPI_OBJECT_TYPE_RAS_CONNECTION_OBJECT = 0x1,
  MPRAPI_OBJECT_TYPE_MPR_SERVER_OBJECT = 0x2,
  MPRAPI_OBJECT_TYPE_MPR_SERVER_SET_CONFIG_OBJECT = 0x3,
  MPRAPI_OBJECT_TYPE_AUTH_VALIDATION_OBJECT = 0x4,
  MPRAPI_OBJECT_TYPE_UPDATE_CONNECTION_OBJECT = 0x5
} MPRAPI_OBJECT_TYPE;

typedef struct MPRAPI_OBJECT_HEADER {
  UCHAR revision;
  UCHAR type;   // a MPRAPI_OBJECT_TYPE
  USHORT size;  // of the whole structure
} MPRAPI_OBJECT_HEADER, *PMPRAPI_OBJECT_HEADER;

// What PPP negotiated, in one piece.
typedef struct PPP_PROJECTION_INFO {
  DWORD dwIPv4NegotiationError;
  WCHAR wszAddress[IPADDRESSLEN + 1];  // taken to be the server's here, too (R145)
  WCHAR wszRemoteAddress[IPADDRESSLEN + 1];
  DWORD dwIPv4Options;
  DWORD dwIPv4RemoteOptions;
  ULONG64 IPv4SubInterfaceIndex;
  DWORD dwIPv6NegotiationError;
  BYTE bInterfaceIdentifier[8];
  BYTE bRemoteInterfaceIdentifier[8];
  BYTE bPrefix[8];
  DWORD dwPrefixLength;
  ULONG64 IPv6SubInterfaceIndex;
  DWORD dwLcpError;
  DWORD dwAuthenticationProtocol;
  DWORD dwAuthenticationData;
  DWORD dwRemoteAuthenticationProtocol;
  DWORD dwRemoteAuthenticationData;
  DWORD dwLcpTerminateReason;
  DWORD dwLcpRemoteTerminateReason;
  DWORD dwLcpOptions;
  DWORD dwLcpRemoteOptions;
  DWORD dwEapTypeId;
  DWORD dwRemoteEapTypeId;
  DWORD dwCcpError;
  DWORD dwCompressionAlgorithm;
  DWORD dwCcpOptions;
  DWORD dwRemoteCompressionAlgorithm;
  DWORD dwCcpRemoteOptions;
} PPP_PROJECTION_INFO, *PPPP_PROJECTION_INFO;

// IKEV2_PROJECTION_INFO.dwEncryptionMethod.
typedef enum IPSEC_CIPHER_TYPE {
  IPSEC_CIPHER_TYPE_DES = 1,
  IPSEC_CIPHER_TYPE_3DES,
  IPSEC_CIPHER_TYPE_AES_128,
  IPSEC_CIPHER_TYPE_AES_192,
  IPSEC_CIPHER_TYPE_AES_256,
  IPSEC_CIPHER_TYPE_MAX
} IPSEC_CIPHER_TYPE;

// What IKEv2 negotiated.
typedef struct IKEV2_PROJECTION_INFO {
  DWORD dwIPv4NegotiationError;
  WCHAR wszAddress[IPADDRESSLEN + 1];
  WCHAR wszRemoteAddress[IPADDRESSLEN + 1];
  ULONG64 IPv4SubInterfaceIndex;
  DWORD dwIPv6NegotiationError;
  BYTE bInterfaceIdentifier[8];
  BYTE bRemoteInterfaceIdentifier[8];
  BYTE bPrefix[8];
  DWORD dwPrefixLength;
  ULONG64 IPv6SubInterfaceIndex;
  DWORD dwOptions;
  DWORD dwAuthenticationProtocol;  // MPRAPI_IKEV2_AUTH_USING_...
  DWORD dwEapTypeId;
  DWORD dwCompressionAlgorithm;
  DWORD dwEncryptionMethod;  // an IPSEC_CIPHER_TYPE
} IKEV2_PROJECTION_INFO, *PIKEV2_PROJECTION_INFO;

// One of the two; projectionInfoType says which: MPRAPI_..._PROJECTION_INFO_TYPE.
typedef struct PROJECTION_INFO {
  UCHAR projectionInfoType;
  union {
    IKEV2_PROJECTION_INFO Ikev2ProjectionInfo;
    PPP_PROJECTION_INFO PppProjectionInfo;
  };
} PROJECTION_INFO, *PPROJECTION_INFO;

// A connection with all that is known of it. Header is revision 1, type 1 (R142).
typedef struct RAS_CONNECTION_EX {
  MPRAPI_OBJECT_HEADER Header;
  DWORD dwConnectDuration;
  ROUTER_INTERFACE_TYPE dwInterfaceType;
  DWORD dwConnectionFlags;
  WCHAR wszInterfaceName[MAX_INTERFACE_NAME_LEN + 1];
  WCHAR wszUserName[UNLEN + 1];
  WCHAR wszLogonDomain[DNLEN + 1];
  WCHAR wszRemoteComputer[NETBIOS_NAME_LEN + 1];
  GUID guid;
  RAS_QUARANTINE_STATE rasQuarState;
  FILETIME probationTime;  // when probation ends (R90)
  DWORD dwBytesXmited;
  DWORD dwBytesRcved;
  DWORD dwFramesXmited;
  DWORD dwFramesRcved;
  DWORD dwCrcErr;
  DWORD dwTimeoutErr;
  DWORD dwAlignmentErr;
  DWORD dwHardwareOverrunErr;
  DWORD dwFramingErr;
  DWORD dwBufferOverrunErr;
  DWORD dwCompressionRatioIn;
  DWORD dwCompressionRatioOut;
  DWORD dwNumSwitchOvers;  // IKEv2: how often an end of the tunnel has moved
  WCHAR wszRemoteEndpointAddress[MAXIPADRESSLEN + 1];
  WCHAR wszLocalEndpointAddress[MAXIPADRESSLEN + 1];
  PROJECTION_INFO ProjectionInfo;
  HANDLE hConnection;
  HANDLE hInterface;
} RAS_CONNECTION_EX, *PRAS_CONNECTION_EX;

// A client that has authenticated already, below PPP. Header is revision 1, type 4 (R143).
typedef struct AUTH_VALIDATION_EX {
  MPRAPI_OBJECT_HEADER Header;
  HANDLE hRasConnection;
  WCHAR wszUserName[UNLEN + 1];
  WCHAR wszLogonDomain[DNLEN + 1];
  DWORD AuthInfoSize;
  BYTE AuthInfo[1];  // and on: AuthInfoSize bytes, which RAS does not read
} AUTH_VALIDATION_EX, *PAUTH_VALIDATION_EX;

// Of the administration functions, which no callout may call (R130): they share this header on
// Windows, and the layout of what they take is kept here with the rest.

// A server, as MprAdminServerConnect() hands it out.
typedef HANDLE RAS_SERVER_HANDLE;
typedef HANDLE MPR_SERVER_HANDLE;

// What a server is doing.
typedef struct MPR_SERVER_0 {
  BOOL fLanOnlyMode;  // it routes, and has no remote access
  DWORD dwUpTime;     // seconds
  DWORD dwTotalPorts;
  DWORD dwPortsInUse;
} MPR_SERVER_0, *PMPR_SERVER_0;

// Where the ends of a tunnel are now. Header is revision 1, type 5 (R143).
typedef struct RAS_UPDATE_CONNECTION {
  MPRAPI_OBJECT_HEADER Header;
  DWORD dwIfIndex;
  WCHAR wszLocalEndpointAddress[MAXIPADRESSLEN + 1];
  WCHAR wszRemoteEndpointAddress[MAXIPADRESSLEN + 1];
} RAS_UPDATE_CONNECTION, *PRAS_UPDATE_CONNECTION;

// bfPrivilege: may this user dial in, and who pays for the call.
#define RASPRIV_NoCallback 0x01
#define RASPRIV_AdminSetCallback 0x02
#define RASPRIV_CallerSetCallback 0x04
#define RASPRIV_DialinPrivilege 0x08
#define RASPRIV_CallbackType \
  (RASPRIV_AdminSetCallback | RASPRIV_CallerSetCallback | RASPRIV_NoCallback)
#define RASPRIV2_DialinPolicy 0x1  // bfPrivilege2: the policy decides, not the user's entry

typedef struct RAS_USER_0 {
  BYTE bfPrivilege;
  WCHAR wszPhoneNumber[MAX_PHONE_NUMBER_LEN + 1];
} RAS_USER_0, *PRAS_USER_0;

typedef struct RAS_USER_1 {
  BYTE bfPrivilege;
  WCHAR wszPhoneNumber[MAX_PHONE_NUMBER_LEN + 1];
  BYTE bfPrivilege2;
} RAS_USER_1, *PRAS_USER_1;

#ifdef __cplusplus
}
#endif
