// administered.h - what the administration functions may see of a scenario, and do to it.
//
// They ask on a thread of their own; what they ask for is done by the thread that plays, between
// two actions or while the scenario waits.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ras/book_users.h"

namespace berth::ras {

class Administered {
 public:
  [[nodiscard]] Live& live() { return live_; }
  // For Listener; they hold as long as this does.
  [[nodiscard]] Hooks hooks();

  // A user that there is from now on, with the right to dial in.
  void know(const std::u16string& user);
  // Who may dial in is as this Book has it, in place of that; nullptr: not any longer. It is not
  // used when this has returned.
  void ask(const Book* book, std::string server = {});
  // The ports whose links are to end, each once; waits for one until then.
  [[nodiscard]] std::vector<Handle> take(std::chrono::steady_clock::time_point until);

 private:
  Live live_;
  std::mutex mutex_;
  std::condition_variable asked_one_;
  std::vector<Handle> asked_;
  std::map<std::u16string, UserRights> users_;
  const Book* book_ = nullptr;  // this, and all above but live_, under mutex_
  std::string server_;
};

}  // namespace berth::ras
