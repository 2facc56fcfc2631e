// lock.h - the one process that writes a store.
//
// A lock on a file of our own beside the store, so that readers and plain sqlite3 work freely.
// The system lets it go when the process ends, however it ends. The file holds the process id
// and stays when the lock is gone: taking it away would let two processes lock two files of
// one name.
#pragma once

#include <memory>
#include <string>

#include "berth/error.h"

namespace berth {

class StoreLock {
 public:
  // store_locked: names the process that has it. store_unavailable.
  [[nodiscard]] static Result<std::unique_ptr<StoreLock>> take(const std::string& path);
  virtual ~StoreLock() = default;
};

// The Error that names who holds a lock; `holder` is what the lock file says.
[[nodiscard]] inline Error locked_by(const std::string& path, const std::string& holder) {
  return {Code::store_locked,
          path + " is held by process " + (holder.empty() ? "unknown" : holder) +
              ", which writes this store",
          "stop that process, or ask it"};
}

}  // namespace berth
