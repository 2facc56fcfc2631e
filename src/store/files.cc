// files.cc - what the standard library has for names of files.
#include "store/files.h"

#include <filesystem>
#include <system_error>

namespace berth {
namespace {

std::filesystem::path path_of(const std::string& utf8) {
  return {std::u8string(utf8.begin(), utf8.end())};
}

Done told(const std::error_code& error, const std::string& what) {
  if (!error) return {};
  return fail(Code::store_unavailable, what + ": " + error.message(),
              "check the directory, its permissions and the room on the disk");
}

}  // namespace

bool file_exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path_of(path), ignored);
}

std::uint64_t file_bytes(const std::string& path) {
  std::error_code none;
  const std::uintmax_t bytes = std::filesystem::file_size(path_of(path), none);
  return none ? 0 : bytes;
}

Done move_file(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::rename(path_of(from), path_of(to), error);
  return told(error, "cannot rename " + from + " to " + to);
}

Done keep_file(const std::string& path, const std::string& as) {
  std::error_code error;
  std::filesystem::create_hard_link(path_of(path), path_of(as), error);
  if (!error) return {};
  std::filesystem::copy_file(path_of(path), path_of(as), error);
  if (Done done = told(error, "cannot copy " + path + " to " + as); !done) return done;
  return sync_file(as);
}

bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code neither;
  return std::filesystem::equivalent(path_of(one), path_of(other), neither);
}

void remove_file(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove(path_of(path), ignored);
}

}  // namespace berth
