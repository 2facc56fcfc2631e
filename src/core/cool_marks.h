// cool_marks.h - up to which serial everything that was given back has cooled.
//
// What is given back cools for the same time, so it cools in the order in which it was given
// back, and one serial tells for all. The allocator writes it into the journal now and then:
// after a restart nothing up to it cools again, and a store may forget what nobody lists.
// One for each kind of each pool. Not safe to share between threads.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>

#include "core/change.h"
#include "core/tick.h"

namespace berth {

class CoolMarks {
 public:
  // Something is given back and cools until `due`; 0: it needs no cooling.
  void add(Tick due, Serial serial) {
    if (due == 0) {
      if (marks_.empty()) cooled_ = std::max(cooled_, serial);
      return;
    }
    if (marks_.empty() || marks_.back().due != due) marks_.push_back({due, serial});
    marks_.back().serial = std::max(marks_.back().serial, serial);
  }

  // The serial up to which everything is cool, when it grew since the last call.
  [[nodiscard]] std::optional<Serial> newly_cooled(Tick now) {
    for (; !marks_.empty() && marks_.front().due <= now; marks_.pop_front()) {
      cooled_ = std::max(cooled_, marks_.front().serial);
    }
    if (cooled_ == told_) return std::nullopt;
    told_ = cooled_;
    return cooled_;
  }

  // When everything that was given back so far has cooled; 0: it has.
  [[nodiscard]] Tick all_cool_at() const { return marks_.empty() ? 0 : marks_.back().due; }

  // For loading: the mark that was kept.
  void set(Serial serial) {
    cooled_ = std::max(cooled_, serial);
    told_ = cooled_;
  }
  [[nodiscard]] Serial cooled() const { return cooled_; }

 private:
  struct Mark {
    Tick due;
    Serial serial;  // what was given back up to this is cool at `due`
  };
  std::deque<Mark> marks_;  // one a tick: few, however much is given back
  Serial cooled_ = 0;
  Serial told_ = 0;
};

}  // namespace berth
