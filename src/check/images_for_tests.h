// images_for_tests.h - a small DLL made by a test, of which everything can be said.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace berth::check::testing {

// What stands in it. Exports are in the order given; one with a '>' is forwarded to what follows.
struct MadeDll {
  std::uint16_t machine = 0x8664;
  bool library = true;
  std::vector<std::string> exports;
  struct Library {
    std::string name;
    std::vector<std::string> functions;
  };
  std::vector<Library> imports;
};

// One section that holds both tables, as compilers lay them out.
class DllMaker {
 public:
  explicit DllMaker(const MadeDll& made) : bytes_(kHeaders, '\0') {
    bytes_.replace(0, 2, "MZ");
    put32(0x3c, kHeader);
    bytes_.replace(kHeader, 4, std::string_view("PE\0\0", 4));
    put16(kHeader + 4, made.machine);
    put16(kHeader + 6, 1);
    put16(kHeader + 20, kOptionalSize);
    put16(kHeader + 22, made.library ? 0x2022 : 0x0022);
    put16(kOptional, 0x20b);
    put32(kOptional + 60, kHeaders);
    put32(kOptional + 108, 16);
    if (!made.exports.empty()) add_exports(made.exports);
    if (!made.imports.empty()) add_imports(made.imports);
    const auto size = static_cast<std::uint32_t>(bytes_.size() - kHeaders);
    const std::size_t section = kOptional + kOptionalSize;
    put32(section + 8, size);
    put32(section + 12, kAddress);
    put32(section + 16, size);
    put32(section + 20, kHeaders);
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  static constexpr std::uint32_t kHeader = 0x80;
  static constexpr std::uint32_t kOptional = kHeader + 24;
  static constexpr std::uint16_t kOptionalSize = 112 + 16 * 8;
  static constexpr std::uint32_t kHeaders = 0x400;
  static constexpr std::uint32_t kAddress = 0x1000;

  void put16(std::size_t at, std::uint16_t value) { std::memcpy(&bytes_[at], &value, 2); }
  void put32(std::size_t at, std::uint32_t value) { std::memcpy(&bytes_[at], &value, 4); }
  void put64(std::size_t at, std::uint64_t value) { std::memcpy(&bytes_[at], &value, 8); }
  // Room at the end; where it is in the file.
  std::size_t room(std::size_t size) {
    const std::size_t at = bytes_.size();
    bytes_.append(size + (8 - size % 8), '\0');
    return at;
  }
  static std::uint32_t address(std::size_t at) {
    return static_cast<std::uint32_t>(at - kHeaders + kAddress);
  }
  std::uint32_t text(std::string_view text) {
    const std::size_t at = room(text.size() + 1);
    bytes_.replace(at, text.size(), text);
    return address(at);
  }
  void directory(std::size_t index, std::size_t at) {
    put32(kOptional + 112 + index * 8, address(at));
    put32(kOptional + 112 + index * 8 + 4, static_cast<std::uint32_t>(bytes_.size() - at));
  }

  void add_exports(const std::vector<std::string>& exports) {
    const std::size_t count = exports.size();
    const std::size_t table = room(40);
    const std::size_t addresses = room(count * 4);
    const std::size_t names = room(count * 4);
    const std::size_t ordinals = room(count * 2);
    put32(table + 20, static_cast<std::uint32_t>(count));
    put32(table + 24, static_cast<std::uint32_t>(count));
    put32(table + 28, address(addresses));
    put32(table + 32, address(names));
    put32(table + 36, address(ordinals));
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t arrow = exports[i].find('>');
      put32(names + i * 4, text(exports[i].substr(0, arrow)));
      put16(ordinals + i * 2, static_cast<std::uint16_t>(i));
      put32(addresses + i * 4,
            arrow == std::string::npos ? 0x10 : text(exports[i].substr(arrow + 1)));
    }
    directory(0, table);
  }

  void add_imports(const std::vector<MadeDll::Library>& libraries) {
    const std::size_t table = room((libraries.size() + 1) * 20);
    for (std::size_t i = 0; i < libraries.size(); ++i) {
      const std::vector<std::string>& functions = libraries[i].functions;
      const std::size_t thunks = room((functions.size() + 1) * 8);
      for (std::size_t k = 0; k < functions.size(); ++k) {
        put64(thunks + k * 8, text(std::string(2, '\1') + functions[k]));
      }
      put32(table + i * 20, address(thunks));
      put32(table + i * 20 + 12, text(libraries[i].name));
    }
    directory(1, table);
  }

  std::string bytes_;
};

inline std::string made(const MadeDll& dll) { return DllMaker(dll).bytes(); }

}  // namespace berth::check::testing
