// registered_posix.cc - where there is no registry, the modules are named by whoever starts us.
#include "ras/registered.h"

namespace berth::ras {

Loaded<Registered> read_registered() {
  return std::unexpected(Refusal{.code = static_cast<std::uint32_t>(Win32::module_not_found),
                                 .rule = "R100",
                                 .module = "AdminDll",
                                 .callout = {},
                                 .what = "modules are registered on Windows alone",
                                 .remedy = "name them, in their order"});
}

bool log_refusal(const Refusal& /*refusal*/) { return false; }

}  // namespace berth::ras
