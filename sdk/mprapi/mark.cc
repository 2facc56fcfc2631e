// mark.cc - one mark for each thread, and a count of what is under way for all others.
#include "mprapi/mark.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "berth/error.h"

namespace berth::mprapi {
namespace {

struct Mark {
  bool inside = false;
  Manner manner = Manner::checking;
  const char* called = nullptr;
};
thread_local Mark mark;

// Faithful callouts of all threads.
struct Faithful {
  std::mutex mutex;
  std::condition_variable ended_one;
  std::uint64_t begun = 0;
  std::uint64_t ended = 0;
};

// Never destroyed: threads may wait in it when the process ends.
Faithful& faithful() {
  static auto* const kAll = new Faithful;
  return *kAll;
}

[[noreturn]] void wait_for_ever() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

void wait_for_those_under_way() {
  Faithful& all = faithful();
  std::unique_lock lock(all.mutex);
  const std::uint64_t begun = all.begun;
  all.ended_one.wait(lock, [&] { return all.ended >= begun; });
}

}  // namespace

void callout_begins(Manner manner) {
  BERTH_ASSERT(!mark.inside);
  mark = {.inside = true, .manner = manner, .called = nullptr};
  if (manner != Manner::faithful) return;
  const std::lock_guard lock(faithful().mutex);
  ++faithful().begun;
}

const char* callout_ended() {
  BERTH_ASSERT(mark.inside);
  const Mark ended = mark;
  mark = {};
  if (ended.manner == Manner::faithful) {
    const std::lock_guard lock(faithful().mutex);
    ++faithful().ended;
    faithful().ended_one.notify_all();
  }
  return ended.called;
}

bool may_call(const char* function) {
  if (!mark.inside) {
    wait_for_those_under_way();
    return true;
  }
  if (mark.manner == Manner::faithful) wait_for_ever();
  if (mark.called == nullptr) mark.called = function;
  return false;
}

}  // namespace berth::mprapi
