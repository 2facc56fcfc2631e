// disk.h - a disk that counts its syncs and can be made slow: a layer under SQLite.
//
// Disks of virtual machines say "flushed" in a tenth of a millisecond; real ones take one to ten.
// Once made, a Disk stands under every database of this process that is opened after it, also
// under those that do not know of it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace berth::figures {

class Disk {
 public:
  // There is one in a process; SQLite's list of file systems is one, too.
  static Disk& under_sqlite();

  // From now on each sync takes so much longer.
  void slow_down(std::chrono::milliseconds by) { slower_ = by; }

  // Syncs of logs of journals ("….journal-wal"), and of all else.
  [[nodiscard]] std::uint64_t journal_syncs() const { return journal_syncs_; }
  [[nodiscard]] std::uint64_t other_syncs() const { return other_syncs_; }

  void synced(bool journal);  // called by the layer

 private:
  Disk();
  std::atomic<std::chrono::milliseconds> slower_{};
  std::atomic<std::uint64_t> journal_syncs_ = 0;
  std::atomic<std::uint64_t> other_syncs_ = 0;
};

}  // namespace berth::figures
