// listener_windows.cc - none: the administration functions of Windows ask Windows' own service.
#include "ras/listener.h"

namespace berth::ras {

Result<std::unique_ptr<Listener>> Listener::open(const std::string& /*path*/, Live& /*live*/,
                                                 Hooks /*hooks*/) {
  return fail(Code::invalid, "there is no socket for administration functions on Windows",
              "leave it out: Windows' own functions ask Windows' own service");
}

}  // namespace berth::ras
