// mailbox.h - where the Book's threads put their answers, and one thread picks them up.
//
// Bounded by what is outstanding: a job gets one answer.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"

namespace berth::play {

struct Answer {
  std::uint64_t job = 0;
  std::variant<Result<Grant>, Done> result;
};

class Mailbox {
 public:
  // Any thread.
  void put(Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
    // Each wake-up costs more than an answer, so the reader says how many it waits for.
    if (answers_.size() >= wanted_) arrived_.notify_one();
  }

  // One thread: what has come, in the order it came. Waits up to `most` for `wanted` of them.
  [[nodiscard]] std::vector<Answer> take(Milliseconds most, std::size_t wanted) {
    std::unique_lock lock(mutex_);
    wanted_ = wanted;
    // Not even a look at the clock where nobody wants to wait.
    if (answers_.size() < wanted && most > Milliseconds{0}) {
      arrived_.wait_for(lock, most, [&] { return answers_.size() >= wanted; });
    }
    return std::exchange(answers_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Answer> answers_;  // under mutex_
  std::size_t wanted_ = 1;       // under mutex_
};

}  // namespace berth::play
