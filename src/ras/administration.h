// administration.h - the administration functions, which no callout may call (R130). Values.
#pragma once

#include <array>
#include <string_view>

#include "mprapi/mark.h"

namespace berth::ras {

// How the ban is kept.
using mprapi::Manner;

// R132: the functions of both pages of Microsoft's, and those that they name.
inline constexpr std::array<std::string_view, 23> kAdministrationFunctions = {
    "MprAdminServerConnect",
    "MprAdminServerDisconnect",
    "MprAdminServerGetInfo",
    "MprAdminIsServiceRunning",
    "MprAdminIsServiceInitialized",
    "MprAdminBufferFree",
    "MprAdminGetErrorString",
    "MprAdminConnectionEnum",
    "MprAdminConnectionEnumEx",
    "MprAdminConnectionGetInfo",
    "MprAdminConnectionGetInfoEx",
    "MprAdminConnectionClearStats",
    "MprAdminConnectionRemoveQuarantine",
    "MprAdminPortEnum",
    "MprAdminPortGetInfo",
    "MprAdminPortClearStats",
    "MprAdminPortReset",
    "MprAdminPortDisconnect",
    "MprAdminUpdateConnection",
    "MprAdminUserGetInfo",
    "MprAdminUserSetInfo",
    "MprAdminSendUserMessage",
    "MprAdminGetPDCServer",
};

}  // namespace berth::ras
