// main.cc - berth-rocksdb-rate: what a store of two keys a lease reaches with RocksDB.
//
//   berth-rocksdb-rate FOLDER SECONDS BYTES     leases a second, on standard output
//
// A lease is one key by owner with the whole record, and one by address with the owner. 256
// leases are one batch, synced before the next. RocksDB as it comes; one thread, one million
// owners. Only bench/run builds this: nothing else of ours needs RocksDB.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <rocksdb/db.h>
#include <string>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: berth-rocksdb-rate FOLDER SECONDS BYTES\n", stderr);
    return 2;
  }
  constexpr int kLeasesABatch = 256;
  constexpr unsigned long kOwners = 1'000'000;
  const std::string folder = argv[1];
  const double seconds = std::strtod(argv[2], nullptr);
  const std::string record(std::strtoul(argv[3], nullptr, 10), 'x');

  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(options, folder, &db);
  if (!opened.ok()) {
    std::fprintf(stderr, "%s\n", opened.ToString().c_str());
    return 1;
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  unsigned long leases = 0;
  unsigned long chance = 1;
  double took = 0;
  for (const auto start = std::chrono::steady_clock::now(); took < seconds;) {
    rocksdb::WriteBatch batch;
    for (int i = 0; i < kLeasesABatch; ++i) {
      chance = chance * 6364136223846793005UL + 1442695040888963407UL;
      char owner[24];
      std::snprintf(owner, sizeof owner, "o:user-%011lu", (chance >> 33) % kOwners);
      char address[24];
      std::snprintf(address, sizeof address, "a:%08lx", leases + static_cast<unsigned long>(i));
      batch.Put(owner, record);
      batch.Put(address, owner);
    }
    if (!db->Write(synced, &batch).ok()) return 1;
    leases += kLeasesABatch;
    took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  std::printf("%.0f\n", static_cast<double>(leases) / took);
  delete db;
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}
