// default_store_posix.cc - the store of who names none: where Linux keeps the state of services.
#include "berth/settings.h"

namespace berth {

std::string default_store() { return "/var/lib/berth/leases.db"; }

}  // namespace berth
