// codes.cc - from the codes of Berth to those of Windows.
#include "rras/codes.h"

namespace berth::rras {

Win32 win32_of(Code code) {
  switch (code) {
    case Code::invalid:
    case Code::import_invalid: return Win32::invalid_parameter;
    case Code::settings_invalid:
    case Code::not_found:
    case Code::owners_collide: return Win32::ip_configuration;
    case Code::no_pool: return Win32::no_address_assigned;
    case Code::pool_exhausted: return Win32::no_ip_addresses;
    case Code::second_login: return Win32::connection_count_limit;
    case Code::address_taken: return Win32::address_rejected;
    case Code::busy:
    case Code::stale:
    case Code::foreign:
    case Code::conflict: return Win32::busy;
    case Code::deadline: return Win32::timeout;
    case Code::store_locked: return Win32::sharing_violation;
    case Code::store_full: return Win32::disk_full;
    case Code::store_unavailable: return Win32::io_device;
    case Code::store_corrupt: return Win32::file_corrupt;
    case Code::store_newer: return Win32::revision_mismatch;
  }
  return Win32::function_failed;
}

}  // namespace berth::rras
