// thread_posix.c - a thread of POSIX.
#include <pthread.h>

#include "ras/modules_for_tests/thread.h"

static void (*wanted)(void);

static void* run(void* nothing) {
  wanted();
  return nothing;
}

void call_on_thread(void (*function)(void), BOOL wait) {
  pthread_t thread;
  wanted = function;
  pthread_create(&thread, NULL, run, NULL);
  if (wait) {
    pthread_join(thread, NULL);
  } else {
    pthread_detach(thread);
  }
}
