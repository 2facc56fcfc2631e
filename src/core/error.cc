// error.cc - the names of the codes, and the end of a process that can no longer be trusted.
#include "berth/error.h"

#include <cstdio>
#include <cstdlib>

namespace berth {

// A switch without default: the compiler says which code has no name.
std::string_view code_name(Code code) {
  switch (code) {
    case Code::invalid: return "invalid";
    case Code::settings_invalid: return "settings_invalid";
    case Code::import_invalid: return "import_invalid";
    case Code::no_pool: return "no_pool";
    case Code::pool_exhausted: return "pool_exhausted";
    case Code::second_login: return "second_login";
    case Code::address_taken: return "address_taken";
    case Code::not_found: return "not_found";
    case Code::stale: return "stale";
    case Code::foreign: return "foreign";
    case Code::busy: return "busy";
    case Code::deadline: return "deadline";
    case Code::conflict: return "conflict";
    case Code::store_locked: return "store_locked";
    case Code::store_full: return "store_full";
    case Code::store_unavailable: return "store_unavailable";
    case Code::store_corrupt: return "store_corrupt";
    case Code::store_newer: return "store_newer";
    case Code::owners_collide: return "owners_collide";
  }
  return "unknown";
}

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "berth: %s:%d: this must hold and does not: %s\n", file, line, condition);
  std::fflush(stderr);
  std::abort();
}

}  // namespace berth
