// ban_posix.cc - libmprapi.so, where the module brought it in.
#include "ras/ban.h"

namespace berth::ras {

Ban::Ban(const Library& module, Manner manner) : manner_(manner) {
  const auto begins = reinterpret_cast<mprapi::Begins>(module.find(mprapi::kBegins));
  const auto ended = reinterpret_cast<mprapi::Ended>(module.find(mprapi::kEnded));
  if (begins == nullptr || ended == nullptr) return;
  begins_ = begins;
  ended_ = ended;
}

}  // namespace berth::ras
