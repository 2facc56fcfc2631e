// forgetful_vfs.cc - files in memory, what of them was synced, and SQLite's door to them.
#include "store/forgetful_vfs.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <sqlite3.h>

#include "berth/error.h"

namespace berth {
namespace {

constexpr std::size_t kSector = 512;

// Shared memory of the write-ahead log's index, and who holds which of its locks.
struct SharedMemory {
  struct Lock {
    int shared = 0;
    bool exclusive = false;
  };
  std::vector<std::unique_ptr<std::vector<char>>> regions;
  std::array<Lock, SQLITE_SHM_NLOCK> locks{};
};

struct StoredFile {
  std::vector<char> now;         // what a read sees
  std::vector<char> safe;        // what is there after a power cut, for certain
  std::set<std::size_t> unsafe;  // sectors of `now` that were written since
  bool exists = false;
  bool ever_synced = false;  // else a power cut may take the file away
  int open = 0;              // handles
  int shared = 0;            // locks of the file itself
  bool reserved = false;
  bool exclusive = false;
  SharedMemory memory;

  void write(std::size_t offset, const char* bytes, std::size_t size) {
    if (now.size() < offset + size) now.resize(offset + size);
    std::memcpy(now.data() + offset, bytes, size);
    for (std::size_t s = offset / kSector; s * kSector < offset + size; ++s) unsafe.insert(s);
  }
  void truncate(std::size_t size) { now.resize(size); }
  void sync() {
    safe.resize(now.size());
    for (const std::size_t sector : unsafe) copy_sector(sector, safe);
    unsafe.clear();
    ever_synced = true;
  }
  void land() {
    safe = now;
    ever_synced = true;
    unsafe.clear();
  }
  // Each sector for itself: the old bytes or the new ones.
  void lose_power(std::mt19937_64& chance) {
    if (!ever_synced && chance() % 2 == 0) exists = false;
    std::vector<char> left = safe;
    if (now.size() < safe.size() || chance() % 2 == 0) {
      left.resize(chance() % 2 == 0 ? now.size() : std::max(now.size(), safe.size()));
    }
    for (const std::size_t sector : unsafe) {
      if (chance() % 2 == 0) copy_sector(sector, left);
    }
    now = left;
    safe = std::move(left);
    unsafe.clear();
    shared = open = 0;
    reserved = exclusive = false;
    memory = {};
  }

 private:
  void copy_sector(std::size_t sector, std::vector<char>& to) const {
    const std::size_t begin = sector * kSector;
    const std::size_t end = std::min({begin + kSector, now.size(), to.size()});
    if (begin < end)
      std::copy(now.begin() + diff(begin), now.begin() + diff(end), to.begin() + diff(begin));
  }
  static std::ptrdiff_t diff(std::size_t n) { return static_cast<std::ptrdiff_t>(n); }
};

}  // namespace

struct ForgetfulDisk::Files {
  std::string name;
  sqlite3_vfs vfs{};
  mutable std::recursive_mutex mutex;  // all below; the calls use one another
  std::map<std::string, std::shared_ptr<StoredFile>> files;
  std::uint64_t steps = 0;
  std::uint64_t cut_at = UINT64_MAX;
  std::uint64_t fail_from = UINT64_MAX;
  Failure failure = Failure::none;
  bool off = false;
  std::mt19937_64 chance{1};
  std::function<void()> synced;

  void cut_power() {
    off = true;
    cut_at = UINT64_MAX;
  }
  // Counts a step. False: there is no power for it.
  bool step() {
    if (off) return false;
    if (++steps < cut_at) return true;
    cut_power();
    return false;
  }
  [[nodiscard]] bool fails(Failure kind) const { return failure == kind && steps >= fail_from; }
};

namespace {

using Files = ForgetfulDisk::Files;

// What SQLite allocates for an open file, and we put a Handle into.
struct Handle {
  sqlite3_file base{};  // first: SQLite knows only this
  Files* disk = nullptr;
  std::shared_ptr<StoredFile> file;
  std::string name;
  bool delete_on_close = false;
  int lock = SQLITE_LOCK_NONE;
  std::array<bool, SQLITE_SHM_NLOCK> shared{};
  std::array<bool, SQLITE_SHM_NLOCK> exclusive{};
};

Handle& of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

int read(sqlite3_file* base, void* to, int amount, sqlite3_int64 from) {
  Handle& handle = of(base);
  const std::lock_guard lock(handle.disk->mutex);
  const std::vector<char>& bytes = handle.file->now;
  const auto offset = static_cast<std::size_t>(from);
  const auto size = static_cast<std::size_t>(amount);
  const std::size_t there = offset < bytes.size() ? std::min(size, bytes.size() - offset) : 0;
  if (there != 0) std::memcpy(to, bytes.data() + offset, there);
  std::memset(static_cast<char*>(to) + there, 0, size - there);
  return there == size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* base, const void* from, int amount, sqlite3_int64 to) {
  Handle& handle = of(base);
  const std::lock_guard lock(handle.disk->mutex);
  const bool was_on = !handle.disk->off;
  const bool powered = handle.disk->step();
  if (powered && handle.disk->fails(ForgetfulDisk::Failure::full)) return SQLITE_FULL;
  if (powered && handle.disk->fails(ForgetfulDisk::Failure::write_error)) {
    return SQLITE_IOERR_WRITE;
  }
  // The write at which the power goes may still land, in part.
  if (was_on) {
    handle.file->write(static_cast<std::size_t>(to), static_cast<const char*>(from),
                       static_cast<std::size_t>(amount));
  }
  return powered ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

int truncate(sqlite3_file* base, sqlite3_int64 size) {
  Handle& handle = of(base);
  const std::lock_guard lock(handle.disk->mutex);
  if (!handle.disk->step()) return SQLITE_IOERR_TRUNCATE;
  handle.file->truncate(static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int sync(sqlite3_file* base, int) {
  Handle& handle = of(base);
  std::function<void()> called;
  {
    const std::lock_guard lock(handle.disk->mutex);
    called = handle.disk->synced;
  }
  if (called) called();
  const std::lock_guard lock(handle.disk->mutex);
  if (!handle.disk->step()) return SQLITE_IOERR_FSYNC;
  if (handle.disk->fails(ForgetfulDisk::Failure::sync_error)) return SQLITE_IOERR_FSYNC;
  handle.file->sync();
  return SQLITE_OK;
}

int file_size(sqlite3_file* base, sqlite3_int64* size) {
  const std::lock_guard lock(of(base).disk->mutex);
  *size = static_cast<sqlite3_int64>(of(base).file->now.size());
  return SQLITE_OK;
}

// SQLite's five levels; pending is as good as exclusive between threads of one process.
int lock(sqlite3_file* base, int level) {
  Handle& handle = of(base);
  const std::lock_guard guard(handle.disk->mutex);
  StoredFile& file = *handle.file;
  if (handle.lock >= level) return SQLITE_OK;
  if (handle.lock == SQLITE_LOCK_NONE) {
    if (file.exclusive) return SQLITE_BUSY;
    ++file.shared;
    handle.lock = SQLITE_LOCK_SHARED;
  }
  if (level >= SQLITE_LOCK_RESERVED && handle.lock < SQLITE_LOCK_RESERVED) {
    if (file.reserved) return SQLITE_BUSY;
    file.reserved = true;
    handle.lock = SQLITE_LOCK_RESERVED;
  }
  if (level == SQLITE_LOCK_EXCLUSIVE) {
    if (file.shared > 1) return SQLITE_BUSY;
    file.exclusive = true;
    handle.lock = SQLITE_LOCK_EXCLUSIVE;
  }
  return SQLITE_OK;
}

int unlock(sqlite3_file* base, int level) {
  Handle& handle = of(base);
  const std::lock_guard guard(handle.disk->mutex);
  StoredFile& file = *handle.file;
  if (handle.lock >= SQLITE_LOCK_RESERVED && level < SQLITE_LOCK_RESERVED) file.reserved = false;
  if (handle.lock == SQLITE_LOCK_EXCLUSIVE && level < SQLITE_LOCK_EXCLUSIVE) {
    file.exclusive = false;
  }
  if (handle.lock >= SQLITE_LOCK_SHARED && level == SQLITE_LOCK_NONE) --file.shared;
  handle.lock = std::min(handle.lock, level);
  return SQLITE_OK;
}

int reserved(sqlite3_file* base, int* result) {
  const std::lock_guard guard(of(base).disk->mutex);
  *result = of(base).file->reserved ? 1 : 0;
  return SQLITE_OK;
}

int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return static_cast<int>(kSector); }
// As on Linux: a torn write touches only sectors that were written.
int traits(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int shm_map(sqlite3_file* base, int region, int size, int extend, void volatile** to) {
  Handle& handle = of(base);
  const std::lock_guard guard(handle.disk->mutex);
  auto& regions = handle.file->memory.regions;
  const auto index = static_cast<std::size_t>(region);
  if (regions.size() <= index && extend == 0) {
    *to = nullptr;
    return SQLITE_OK;
  }
  while (regions.size() <= index) {
    regions.push_back(std::make_unique<std::vector<char>>(static_cast<std::size_t>(size)));
  }
  *to = regions[index]->data();
  return SQLITE_OK;
}

int shm_lock(sqlite3_file* base, int first, int count, int flags) {
  Handle& handle = of(base);
  const std::lock_guard guard(handle.disk->mutex);
  auto& locks = handle.file->memory.locks;
  const auto from = static_cast<std::size_t>(first);
  const auto to = from + static_cast<std::size_t>(count);
  for (std::size_t i = from; i < to; ++i) {
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
      if (handle.shared[i]) --locks[i].shared;
      if (handle.exclusive[i]) locks[i].exclusive = false;
      handle.shared[i] = handle.exclusive[i] = false;
      continue;
    }
    const int others = locks[i].shared - (handle.shared[i] ? 1 : 0);
    if (locks[i].exclusive && !handle.exclusive[i]) return SQLITE_BUSY;
    if ((flags & SQLITE_SHM_EXCLUSIVE) != 0 && others > 0) return SQLITE_BUSY;
  }
  if ((flags & SQLITE_SHM_UNLOCK) != 0) return SQLITE_OK;
  for (std::size_t i = from; i < to; ++i) {
    if ((flags & SQLITE_SHM_EXCLUSIVE) != 0) {
      handle.exclusive[i] = locks[i].exclusive = true;
    } else if (!handle.shared[i]) {
      handle.shared[i] = true;
      ++locks[i].shared;
    }
  }
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file* base) { const std::lock_guard guard(of(base).disk->mutex); }

int shm_unmap(sqlite3_file* base, int) {
  return shm_lock(base, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK);
}

int close(sqlite3_file* base) {
  Handle& handle = of(base);
  unlock(base, SQLITE_LOCK_NONE);
  shm_unmap(base, 0);
  {
    const std::lock_guard guard(handle.disk->mutex);
    StoredFile& file = *handle.file;
    if (--file.open == 0) file.memory = {};
    if (handle.delete_on_close) handle.disk->files.erase(handle.name);
  }
  handle.~Handle();
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {2,           close,       read,    write,   truncate,
                                     sync,        file_size,   lock,    unlock,  reserved,
                                     control,     sector_size, traits,  shm_map, shm_lock,
                                     shm_barrier, shm_unmap,   nullptr, nullptr};

Files& disk_of(sqlite3_vfs* vfs) { return *static_cast<Files*>(vfs->pAppData); }

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* base, int flags, int* out_flags) {
  Files& disk = disk_of(vfs);
  const std::lock_guard guard(disk.mutex);
  base->pMethods = nullptr;
  if (disk.off) return SQLITE_CANTOPEN;
  const std::string path = name != nullptr ? name : "temporary-" + std::to_string(disk.chance());
  std::shared_ptr<StoredFile>& file = disk.files[path];
  if (!file) file = std::make_shared<StoredFile>();
  if (!file->exists && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
  file->exists = true;
  ++file->open;
  auto* handle = new (base) Handle;
  handle->disk = &disk;
  handle->file = file;
  handle->name = path;
  handle->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  handle->base.pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int) {
  Files& disk = disk_of(vfs);
  const std::lock_guard guard(disk.mutex);
  if (!disk.step()) return SQLITE_IOERR_DELETE;
  const auto found = disk.files.find(name);
  if (found == disk.files.end() || !found->second->exists) return SQLITE_IOERR_DELETE_NOENT;
  disk.files.erase(found);
  return SQLITE_OK;
}

int access(sqlite3_vfs* vfs, const char* name, int, int* result) {
  Files& disk = disk_of(vfs);
  const std::lock_guard guard(disk.mutex);
  const auto found = disk.files.find(name);
  *result = found != disk.files.end() && found->second->exists ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* to) {
  sqlite3_snprintf(size, to, "%s", name);
  return SQLITE_OK;
}

// The same numbers in every run: salts of the log come from here.
int randomness(sqlite3_vfs* vfs, int size, char* to) {
  Files& disk = disk_of(vfs);
  const std::lock_guard guard(disk.mutex);
  for (int i = 0; i < size; ++i) to[i] = static_cast<char>(disk.chance());
  return size;
}

}  // namespace

ForgetfulDisk::ForgetfulDisk(std::string name) : files_(std::make_unique<Files>()) {
  files_->name = std::move(name);
  const sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
  sqlite3_vfs& vfs = files_->vfs;
  vfs = *real;  // for sleeping and the time
  vfs.iVersion = 1;
  vfs.szOsFile = sizeof(Handle);
  vfs.mxPathname = 512;
  vfs.pNext = nullptr;
  vfs.zName = files_->name.c_str();
  vfs.pAppData = files_.get();
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  BERTH_ASSERT(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

ForgetfulDisk::~ForgetfulDisk() { sqlite3_vfs_unregister(&files_->vfs); }

const std::string& ForgetfulDisk::vfs() const { return files_->name; }

std::uint64_t ForgetfulDisk::steps() const {
  const std::lock_guard guard(files_->mutex);
  return files_->steps;
}

void ForgetfulDisk::cut_power_at(std::uint64_t step, std::uint64_t seed) {
  const std::lock_guard guard(files_->mutex);
  files_->chance.seed(seed);
  files_->cut_at = step;
}

void ForgetfulDisk::cut_power(std::uint64_t seed, Unsynced landed) {
  const std::lock_guard guard(files_->mutex);
  if (landed == Unsynced::all) {
    for (auto& [name, file] : files_->files) file->land();
  }
  files_->chance.seed(seed);
  files_->cut_power();
}

bool ForgetfulDisk::is_off() const {
  const std::lock_guard guard(files_->mutex);
  return files_->off;
}

void ForgetfulDisk::restart() {
  const std::lock_guard guard(files_->mutex);
  for (auto& [name, file] : files_->files) file->lose_power(files_->chance);
  std::erase_if(files_->files, [](const auto& entry) { return !entry.second->exists; });
  files_->off = false;
  files_->cut_at = UINT64_MAX;
  files_->failure = Failure::none;
}

void ForgetfulDisk::fail_at(std::uint64_t step, Failure failure) {
  const std::lock_guard guard(files_->mutex);
  files_->fail_from = step;
  files_->failure = failure;
}

void ForgetfulDisk::on_sync(std::function<void()> called) {
  const std::lock_guard guard(files_->mutex);
  files_->synced = std::move(called);
}

std::uint64_t ForgetfulDisk::size() const {
  const std::lock_guard guard(files_->mutex);
  std::uint64_t size = 0;
  for (const auto& [name, file] : files_->files) size += file->now.size();
  return size;
}

bool ForgetfulDisk::contains(const std::string& bytes) const {
  const std::lock_guard guard(files_->mutex);
  return std::ranges::any_of(files_->files, [&](const auto& entry) {
    const std::vector<char>& all = entry.second->now;
    return std::search(all.begin(), all.end(), bytes.begin(), bytes.end()) != all.end();
  });
}

}  // namespace berth
