// thread.h - calls a function on a thread of its own.
#pragma once

#include <ras_admin_module.h>

void call_on_thread(void (*function)(void), BOOL wait);
