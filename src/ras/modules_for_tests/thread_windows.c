// thread_windows.c - a thread of Windows.
#include "ras/modules_for_tests/thread.h"

static void (*wanted)(void);

static DWORD WINAPI run(LPVOID nothing) {
  (void)nothing;
  wanted();
  return 0;
}

void call_on_thread(void (*function)(void), BOOL wait) {
  wanted = function;
  HANDLE thread = CreateThread(NULL, 0, run, NULL, 0, NULL);
  if (wait) WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
}
