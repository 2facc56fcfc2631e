// house_test.cc - the whole tree keeps the rules of the house.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "house/rules.h"

namespace house {
namespace {

namespace fs = std::filesystem;

fs::path top() { return BERTH_SOURCE_DIR; }

File read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  return File::of(path.lexically_relative(top()).generic_string(), text);
}

// Every file below one of `folders` with one of `endings`, in order of its path.
std::vector<File> files_in(std::initializer_list<const char*> folders,
                           std::initializer_list<const char*> endings) {
  std::vector<fs::path> paths;
  for (const char* folder : folders) {
    if (!fs::exists(top() / folder)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(top() / folder)) {
      const std::string ending = entry.path().extension().string();
      if (entry.is_regular_file() && std::ranges::count(endings, ending) > 0) {
        paths.push_back(entry.path());
      }
    }
  }
  std::ranges::sort(paths);
  std::vector<File> files;
  std::ranges::transform(paths, std::back_inserter(files), read);
  return files;
}

std::vector<File> sources() {
  return files_in({"include", "sdk", "src", "plugins", "tests", "bench", "fuzz", "examples"},
                  {".h", ".cc", ".c"});
}

std::vector<Room> rooms() { return rooms_of(read(top() / "CMakeLists.txt")); }

// Reports every finding in the form that editors jump to.
void expect_none(const Findings& findings) {
  for (const Finding& finding : findings) {
    ADD_FAILURE_AT(finding.path.c_str(), static_cast<int>(finding.line)) << finding.what_to_do;
  }
}

TEST(House, HasRoomsWhoseDependenciesPointOneWay) {
  ASSERT_FALSE(rooms().empty());
  expect_none(rooms_in_order(rooms()));
}

TEST(House, KeepsItsDoors) {
  ASSERT_FALSE(sources().empty());
  const std::vector<Room> all = rooms();
  for (const File& file : sources()) {
    expect_none(includes_only_what_its_room_may(file, all));
    expect_none(includes_libraries_where_allowed(file));
    expect_none(public_header_stands_alone(file));
    expect_none(sdk_stands_alone(file));
    expect_none(example_is_a_strangers(file));
    expect_none(core_touches_nothing(file));
    expect_none(asks_for_no_system(file));
    expect_none(waits_soundly(file));
  }
}

TEST(House, ReadsWell) {
  for (const File& file : sources()) {
    expect_none(begins_with_its_story(file));
    expect_none(is_a_proper_header(file));
    expect_none(fits_the_page(file));
    expect_none(is_one_idea_long(file));
  }
}

TEST(House, HasScriptsThatFitThePage) {
  for (const File& file : files_in({"cmake", "scripts", ".ci"}, {"", ".sh", ".cmake"})) {
    expect_none(fits_the_page(file));
  }
  for (const char* name : {"run", "test", "CMakeLists.txt", "sdk/CMakeLists.txt"}) {
    expect_none(fits_the_page(read(top() / name)));
  }
}

}  // namespace
}  // namespace house
