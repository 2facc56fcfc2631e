// disk.cc - SQLite's own file system with another sync.
//
// Every file is opened by the system's VFS and keeps its methods but one. SQLite has a few tables
// of methods; each gets a twin here that differs in xSync alone.
#include "figures/disk.h"

#include <array>
#include <mutex>
#include <string_view>
#include <thread>

#include <sqlite3.h>

#include "berth/error.h"

namespace berth::figures {
namespace {

struct Twin {
  const sqlite3_io_methods* original = nullptr;
  bool journal = false;
  sqlite3_io_methods methods{};
};
constexpr std::size_t kMostTwins = 16;
// What SQLite's calls, which hand over no object of ours, have to go by.
struct Shim {
  std::array<Twin, kMostTwins> twins;
  std::mutex mutex;  // of twins
  sqlite3_vfs vfs{};
  sqlite3_vfs* system_vfs = nullptr;
};

Shim& shim() {
  static Shim shim;
  return shim;
}

const Twin& twin_of(const sqlite3_io_methods* methods) {
  for (const Twin& twin : shim().twins) {
    if (&twin.methods == methods) return twin;
  }
  BERTH_ASSERT(!"a file that was not opened here");
  return shim().twins.front();
}

int sync(sqlite3_file* file, int flags) {
  const Twin& twin = twin_of(file->pMethods);
  Disk::under_sqlite().synced(twin.journal);
  return twin.original->xSync(file, flags);
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* const system = shim().system_vfs;
  const int code = system->xOpen(system, name, file, flags, out_flags);
  if (code != SQLITE_OK || file->pMethods == nullptr) return code;
  const bool journal =
      name != nullptr && std::string_view(name).find(".journal") != std::string_view::npos;
  const std::lock_guard lock(shim().mutex);
  for (Twin& twin : shim().twins) {
    if (twin.original == nullptr) {
      twin = {file->pMethods, journal, *file->pMethods};
      twin.methods.xSync = sync;
    }
    if (twin.original != file->pMethods || twin.journal != journal) continue;
    file->pMethods = &twin.methods;
    return code;
  }
  BERTH_ASSERT(!"SQLite has more tables of methods than we have room for");
  return SQLITE_ERROR;
}

}  // namespace

Disk& Disk::under_sqlite() {
  static Disk disk;
  return disk;
}

Disk::Disk() {
  sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
  BERTH_ASSERT(system != nullptr);
  shim().system_vfs = system;
  shim().vfs = *system;
  shim().vfs.zName = "berth-figures";
  shim().vfs.xOpen = open;
  const int code = sqlite3_vfs_register(&shim().vfs, 1);
  BERTH_ASSERT(code == SQLITE_OK);
}

void Disk::synced(bool journal) {
  ++(journal ? journal_syncs_ : other_syncs_);
  const std::chrono::milliseconds slower = slower_;
  if (slower.count() > 0) std::this_thread::sleep_for(slower);
}

}  // namespace berth::figures
