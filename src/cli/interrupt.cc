// interrupt.cc - the one signal that a person sends.
#include "cli/interrupt.h"

#include <csignal>

namespace berth::cli {

namespace {

// A signal handler can reach nothing but a global of this type.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t was_asked = 0;

extern "C" void remember(int signal) {
  was_asked = 1;
  std::signal(signal, SIG_DFL);
}

// What SIGINT did before.
auto listen() {
  was_asked = 0;
  return std::signal(SIGINT, remember);
}

}  // namespace

Interrupt::Interrupt() : before_(listen()) {}

Interrupt::~Interrupt() { std::signal(SIGINT, before_ == SIG_ERR ? SIG_DFL : before_); }

bool Interrupt::asked() { return was_asked != 0; }

}  // namespace berth::cli
