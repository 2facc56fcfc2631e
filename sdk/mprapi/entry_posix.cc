// entry_posix.cc - the two functions by which whoever makes callouts tells this library of them.
#include "mprapi/mark.h"

extern "C" {
__attribute__((visibility("default"))) void berth_callout_begins(int faithful);
__attribute__((visibility("default"))) const char* berth_callout_ended();
}

using namespace berth::mprapi;  // NOLINT(google-build-using-namespace)

void berth_callout_begins(int faithful) {
  callout_begins(faithful != 0 ? Manner::faithful : Manner::checking);
}

const char* berth_callout_ended() { return callout_ended(); }
