// ban.h - no callout may call an administration function (R130), and what becomes of one that does.
//
// On Linux a module has these functions from libmprapi.so, which is told of each callout. On
// Windows it has them from mprapi.dll, which is Windows' own: there the loaded module is made to
// call ours first, whether it was linked with mprapi.dll, now or delayed, or finds a function by
// GetProcAddress. What a library calls that the module brought along is seen on Linux alone; on
// Linux a library that the module loads by itself, after it was initialised, is not seen.
#pragma once

#include <string>

#include "ras/administration.h"
#include "ras/library.h"

namespace berth::ras {

class Ban {
 public:
  // On a module that was just loaded, as long as it stays so.
  Ban(const Library& module, Manner manner);

  // Around each callout, on the thread that makes it.
  void begins() const {
    if (begins_ != nullptr) begins_(manner_ == Manner::faithful ? 1 : 0);
  }
  // The first administration function that the callout called; empty: none.
  [[nodiscard]] std::string ended() const {
    const char* const called = ended_ == nullptr ? nullptr : ended_();
    return called == nullptr ? std::string() : called;
  }

 private:
  Manner manner_;
  mprapi::Begins begins_ = nullptr;  // both or neither
  mprapi::Ended ended_ = nullptr;
};

}  // namespace berth::ras
