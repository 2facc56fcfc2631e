// forgetful_vfs.h - a disk that forgets, fills up, fails or is slow: for tests and benchmarks.
//
// A SQLite VFS over memory. Files live in a Disk, so that a test can cut the power, look at what
// is left, and open the store again. What was written but not synced may then be there or not,
// sector by sector, in no order: a seed decides. Locks and shared memory work between the
// connections of one process.
//
//   ForgetfulDisk disk("a-name");
//   open_sqlite_store({.path = "leases.db", .vfs = disk.vfs()});
//   disk.cut_power(seed);   // every later write fails, until
//   disk.restart();         // what was lost is lost, and files can be opened again
//
// Any thread may call anything. One disk of a name at a time; it outlives its connections.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace berth {

class ForgetfulDisk {
 public:
  explicit ForgetfulDisk(std::string name);
  ~ForgetfulDisk();
  ForgetfulDisk(const ForgetfulDisk&) = delete;
  ForgetfulDisk& operator=(const ForgetfulDisk&) = delete;

  [[nodiscard]] const std::string& vfs() const;

  // Writes, syncs and truncations so far: instants at which power can fail.
  [[nodiscard]] std::uint64_t steps() const;
  // Cuts the power when this many steps were made; of a write that is under way a part lands.
  void cut_power_at(std::uint64_t step, std::uint64_t seed);
  // `all`: everything that was written has landed, though no sync said so.
  enum class Unsynced : std::uint8_t { some, all };
  void cut_power(std::uint64_t seed, Unsynced landed = Unsynced::some);
  [[nodiscard]] bool is_off() const;
  // Power is back. No file may be open.
  void restart();

  enum class Failure : std::uint8_t { none, full, write_error, sync_error };
  // From this step on, writes (or syncs) fail, until it is called again with none.
  void fail_at(std::uint64_t step, Failure failure);

  // Called in every sync of a file, before it; to add a delay or to count.
  void on_sync(std::function<void()> called);

  [[nodiscard]] std::uint64_t size() const;                     // of all files
  [[nodiscard]] bool contains(const std::string& bytes) const;  // in any byte of any file

  struct Files;  // what SQLite's calls are given

 private:
  std::unique_ptr<Files> files_;
};

}  // namespace berth
