// files.cc - opens files by their UTF-8 names.
#include "cli/files.h"

#include <filesystem>
#include <system_error>

#include "core/quote.h"
#include "settings/path.h"

namespace berth::cli {

bool is_file(std::string_view path) {
  std::error_code ignored;
  auto status = std::filesystem::status(path_of(path), ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_directory(status);
}

std::uint64_t size_of(std::string_view path) {
  std::error_code failed;
  auto size = std::filesystem::file_size(path_of(path), failed);
  return failed ? 0 : size;
}

Result<std::ifstream> open_input(std::string_view path) {
  std::ifstream file;
  if (is_file(path)) file.open(path_of(path), std::ios::binary);
  if (!file.is_open()) {
    return fail(Code::invalid, "cannot read " + berth::quoted(path),
                "check the name, and that you may read it");
  }
  return file;
}

}  // namespace berth::cli
