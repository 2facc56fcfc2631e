// codes.h - what RAS is told when a user cannot have an address.
//
// RAS writes the code into its own log and ends the connection (R26). Each cause has a code of its
// own, so that the code alone says where to look; docs/rras.md has them in a table. Pure.
#pragma once

#include <cstdint>

#include "berth/error.h"

namespace berth::rras {

// Codes of Windows, by what they mean here.
enum class Win32 : std::uint32_t {
  success = 0,
  sharing_violation = 32,         // another process has the store
  invalid_parameter = 87,         // a name is no text, too long or empty; a NULL
  disk_full = 112,                // no room for the store
  busy = 170,                     // too much is waiting already
  ip_configuration = 716,         // the settings are missing, or cannot be
  no_ip_addresses = 717,          // the pools are exhausted
  address_rejected = 735,         // what was found is the server's own address
  no_address_assigned = 738,      // no rule or no pool has an address of this family for the user
  function_failed = 1003,         // a fault of our own
  io_device = 1117,               // the store cannot be read or written
  already_associated = 1227,      // the address is to be taken over, and is still up
  connection_count_limit = 1238,  // the user is connected already
  revision_mismatch = 1306,       // a later Berth wrote the store
  file_corrupt = 1392,            // what the store holds cannot be right
  timeout = 1460,                 // no answer within the deadline
};

[[nodiscard]] Win32 win32_of(Code code);

}  // namespace berth::rras
