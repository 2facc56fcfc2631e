// module_for_tests_posix.cc - a shared object, by dlopen(3); binutils say what is in it.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <iostream>
#include <sstream>

#include "sdk/module_for_tests.h"

namespace sdk {
namespace {

std::vector<std::string> words_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string said;
  std::array<char, 4096> part;
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe)) {
    said.append(part.data(), got);
  }
  if (::pclose(pipe) != 0) return {};
  std::istringstream stream(said);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace

Module::Module(const std::string& path)
    : handle_(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)), path_(path) {
  if (handle_ != nullptr) return;
  std::cerr << ::dlerror() << '\n';
  std::abort();
}

Module::~Module() { ::dlclose(handle_); }

Module::Function Module::find(const char* name) const {
  return reinterpret_cast<Function>(::dlsym(handle_, name));
}

std::vector<std::string> Module::exports() const {
  return words_of("nm --dynamic --defined-only --format=just-symbols '" + path_ + "'");
}

std::vector<std::string> Module::libraries() const {
  return words_of("objdump -p '" + path_ + "' | sed -n 's/^ *NEEDED *//p'");
}

}  // namespace sdk
