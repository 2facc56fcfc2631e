// module_for_tests_windows.cc - a DLL, by LoadLibraryEx as RAS does; its headers say what it has.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <windows.h>

#include "sdk/module_for_tests.h"

namespace sdk {
namespace {

// A loaded DLL, in which everything is so many bytes from its beginning.
class Image {
 public:
  explicit Image(void* begin) : begin_(static_cast<const char*>(begin)) {}

  template <class T>
  [[nodiscard]] const T* at(std::uint32_t offset) const {
    return reinterpret_cast<const T*>(begin_ + offset);
  }

  // One of the tables that the headers name: IMAGE_DIRECTORY_ENTRY_...
  template <class T>
  [[nodiscard]] const T* table(std::size_t which) const {
    const auto* headers =
        at<IMAGE_NT_HEADERS>(static_cast<std::uint32_t>(at<IMAGE_DOS_HEADER>(0)->e_lfanew));
    return at<T>(headers->OptionalHeader.DataDirectory[which].VirtualAddress);
  }

 private:
  const char* begin_;
};

}  // namespace

// An absolute path, and no look beside it for other DLLs (R107).
Module::Module(const std::string& path)
    : handle_(::LoadLibraryExW(std::filesystem::absolute(path).make_preferred().wstring().c_str(),
                               nullptr, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS)),
      path_(path) {
  if (handle_ != nullptr) return;
  std::cerr << path << ": error " << ::GetLastError() << '\n';
  std::abort();
}

Module::~Module() { ::FreeLibrary(static_cast<HMODULE>(handle_)); }

Module::Function Module::find(const char* name) const {
  return reinterpret_cast<Function>(::GetProcAddress(static_cast<HMODULE>(handle_), name));
}

std::vector<std::string> Module::exports() const {
  const Image image(handle_);
  const auto* table = image.table<IMAGE_EXPORT_DIRECTORY>(IMAGE_DIRECTORY_ENTRY_EXPORT);
  std::vector<std::string> names;
  for (DWORD i = 0; i < table->NumberOfNames; ++i) {
    names.emplace_back(image.at<char>(image.at<std::uint32_t>(table->AddressOfNames)[i]));
  }
  return names;
}

std::vector<std::string> Module::libraries() const {
  const Image image(handle_);
  const auto* row = image.table<IMAGE_IMPORT_DESCRIPTOR>(IMAGE_DIRECTORY_ENTRY_IMPORT);
  std::vector<std::string> names;
  for (; row->Name != 0; ++row) names.emplace_back(image.at<char>(row->Name));
  return names;
}

}  // namespace sdk
