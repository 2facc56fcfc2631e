// store_files_test.h - a directory of its own for the files of a test's store.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "store/changes_for_tests.h"
#include "store/sqlite_store.h"

namespace berth::testing {

class StoreFiles {
 public:
  StoreFiles() {
    std::random_device seed;
    directory_ = std::filesystem::temp_directory_path() /
                 ("berth-store-" + std::to_string(seed()) + std::to_string(seed()));
    std::filesystem::create_directories(directory_);
  }
  ~StoreFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  StoreFiles(const StoreFiles&) = delete;
  StoreFiles& operator=(const StoreFiles&) = delete;

  [[nodiscard]] std::string path(const std::string& name = "leases.db") const {
    return (directory_ / name).string();
  }

  // Opens the store and loads it into `told`; nullptr and a failure where it cannot.
  std::unique_ptr<Store> open(SqliteOptions options = {}, Told* told = nullptr) {
    if (options.path.empty()) options.path = path();
    if (options.chance == nullptr) options.chance = &chance_;
    auto store = open_sqlite_store(options);
    if (!store) {
      ADD_FAILURE() << store.error().what;
      return nullptr;
    }
    Told ignored;
    const auto loaded = (*store)->load(told != nullptr ? *told : ignored);
    if (!loaded) {
      ADD_FAILURE() << loaded.error().what;
      return nullptr;
    }
    return *std::move(store);
  }

  // Copies the files as they are now: what a kill at this instant would leave.
  void copy_to(StoreFiles& other) const {
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with("-shm")) continue;  // memory, as far as a kill is concerned
      std::filesystem::copy_file(entry.path(), other.path(name));
    }
  }

  // Every byte of every file that is there.
  [[nodiscard]] std::string bytes() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }
  [[nodiscard]] std::uintmax_t size() const {
    std::uintmax_t size = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      std::error_code gone;
      const auto bytes = std::filesystem::file_size(entry.path(), gone);
      if (!gone) size += bytes;
    }
    return size;
  }

 private:
  std::filesystem::path directory_;
  CountingChance chance_;
};

}  // namespace berth::testing
