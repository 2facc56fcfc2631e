// folder_for_tests.h - a folder of a test's own, which is gone when the test is.
//
// Its name is a random one: two users of a machine, or two runs at once, never meet in it.
#pragma once

#include <filesystem>
#include <random>
#include <string>

namespace berth::cli {

class TestFolder {
 public:
  TestFolder() {
    std::random_device seed;
    path_ = std::filesystem::temp_directory_path() /
            ("berth-test-" + std::to_string(seed()) + "-" + std::to_string(seed()));
    std::filesystem::create_directories(path_);
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace berth::cli
