// installed_for_tests.h - the module as an administrator installs it: in a folder, with berth.toml
// beside it. Each test has one of its own.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include "berth/book.h"
#include "berth/settings.h"

namespace berth::rras::testing {

class Installed {
 public:
  // What a test says goes behind `store`.
  explicit Installed(const std::string& module, const std::string& settings) {
    std::random_device seed;
    folder_ = std::filesystem::absolute(std::filesystem::temp_directory_path()) /
              ("berth-module-" + std::to_string(seed()) + "-" + std::to_string(seed()));
    std::filesystem::create_directories(folder_);
    module_ = folder_ / std::filesystem::path(module).filename();
    std::filesystem::copy_file(module, module_);
    write(settings);
  }
  ~Installed() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Installed(const Installed&) = delete;
  Installed& operator=(const Installed&) = delete;

  void write(const std::string& settings) const {
    std::ofstream(folder_ / "berth.toml") << "store = \"leases.db\"\n" << settings;
  }
  [[nodiscard]] std::string module() const { return module_.string(); }
  [[nodiscard]] std::string store() const { return (folder_ / "leases.db").string(); }

  // What the module left behind; it must be closed.
  [[nodiscard]] std::unique_ptr<Book> book() const {
    Result<Settings> settings = read_settings((folder_ / "berth.toml").string());
    if (!settings) return nullptr;
    auto opened = Book::open(settings->plan, {.path = settings->store});
    return opened ? *std::move(opened) : nullptr;
  }

 private:
  std::filesystem::path folder_;
  std::filesystem::path module_;
};

}  // namespace berth::rras::testing
