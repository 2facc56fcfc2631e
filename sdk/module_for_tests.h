// module_for_tests.h - an administration module, loaded as RAS loads it: one door to both systems.
#pragma once

#include <string>
#include <vector>

namespace sdk {

// Stays loaded as long as the object lives.
class Module {
 public:
  // Stops the test program, and says why, if it cannot be loaded.
  explicit Module(const std::string& path);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  // The function of that very name (R2); nullptr if there is none. F is a pointer to one.
  template <class F>
  [[nodiscard]] F function(const char* name) const {
    return reinterpret_cast<F>(find(name));
  }

  // Every name that it exports, and every library that it needs.
  [[nodiscard]] std::vector<std::string> exports() const;
  [[nodiscard]] std::vector<std::string> libraries() const;

 private:
  using Function = void (*)();
  [[nodiscard]] Function find(const char* name) const;

  void* handle_;
  std::string path_;
};

}  // namespace sdk
