// hang_windows.c - sleeps for ever.
#include <windows.h>

#include "ras/modules_for_tests/hang.h"

void hang(void) { Sleep(INFINITE); }
