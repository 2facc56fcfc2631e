// listener.h - where libmprapi.so asks this RAS side (mprapi/protocol.h).
//
// One thread answers all. Who asks must be root or the user of this process, and has two seconds to
// ask; a reply that is not taken in two seconds is dropped. So one who dawdles keeps others waiting
// for so long at most.
#pragma once

#include <memory>
#include <string>

#include "berth/error.h"
#include "ras/answers.h"

namespace berth::ras {

// Callers at once; those beyond wait until one has gone.
inline constexpr std::size_t kMostCallers = 64;

class Listener {
 public:
  // A Unix socket at `path`, which is taken away again. What a dead process left there is replaced;
  // one that is served is an Error. Not on Windows: there the functions are Windows' own.
  [[nodiscard]] static Result<std::unique_ptr<Listener>> open(const std::string& path, Live& live,
                                                              Hooks hooks);
  // Ends the thread.
  virtual ~Listener() = default;
};

}  // namespace berth::ras
