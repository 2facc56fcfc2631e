// exit_codes.cc - from the codes of errors to the few that a script tells apart.
#include "cli/exit_codes.h"

namespace berth::cli {

Exit exit_for(Code code) {
  switch (code) {
    case Code::invalid:
    case Code::import_invalid: return Exit::bad_input;
    case Code::no_pool:
    case Code::pool_exhausted:
    case Code::second_login:
    case Code::address_taken:
    case Code::not_found:
    case Code::stale:
    case Code::foreign:
    case Code::conflict: return Exit::refused;
    case Code::settings_invalid:
    case Code::store_full:
    case Code::store_unavailable:
    case Code::store_corrupt:
    case Code::store_newer:
    case Code::owners_collide: return Exit::bad_store;
    case Code::busy:
    case Code::deadline:
    case Code::store_locked: return Exit::try_again;
  }
  BERTH_ASSERT(!"every code has an exit");
}

}  // namespace berth::cli
