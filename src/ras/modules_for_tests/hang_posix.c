// hang_posix.c - waits for signals, for ever.
#define _POSIX_C_SOURCE 200809L  // pause()
#include <unistd.h>

#include "ras/modules_for_tests/hang.h"

void hang(void) {
  for (;;) pause();
}
