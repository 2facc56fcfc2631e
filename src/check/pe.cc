// pe.cc - headers, sections, and the two tables that matter.
#include "check/pe.h"

#include <optional>

#include <fmt/format.h>

#include "check/bytes.h"

namespace berth::check {
namespace {

constexpr std::uint16_t kPe32 = 0x10b;
constexpr std::uint16_t kPe32Plus = 0x20b;
constexpr std::uint16_t kIsDll = 0x2000;
constexpr std::uint16_t kMostSections = 96;  // Windows loads no more

// Data directories.
constexpr std::uint32_t kExports = 0;
constexpr std::uint32_t kImports = 1;
constexpr std::uint32_t kDelayedImports = 13;

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case 0x8664: return std::string(kX64);
    case 0x014c: return "x86";
    case 0xaa64: return "arm64";
    case 0x01c4: return "arm";
    default: return fmt::format("machine {:#x}", machine);
  }
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Result<Image> read() {
    read_headers();
    if (!bytes_.broken()) read_exports();
    if (!bytes_.broken()) read_imports();
    if (!bytes_.broken()) read_delayed_imports();
    if (bytes_.broken()) {
      return fail(Code::invalid, "the file begins like a DLL, and is damaged or cut short",
                  "copy it again");
    }
    return std::move(image_);
  }

 private:
  struct Section {
    std::uint32_t address;  // in memory
    std::uint32_t size;     // in the file
    std::uint32_t offset;
  };
  struct Directory {
    std::uint32_t address = 0;
    std::uint32_t size = 0;
  };

  void read_headers() {
    const auto at = std::uint64_t{bytes_.number<std::uint32_t>(0x3c)};
    if (bytes_.number<std::uint32_t>(at) != 0x00004550) return bytes_.give_up();  // "PE", 0, 0
    image_.kind = ImageKind::pe;
    image_.machine = machine_name(bytes_.number<std::uint16_t>(at + 4));
    const auto sections = bytes_.number<std::uint16_t>(at + 6);
    const auto optional_size = bytes_.number<std::uint16_t>(at + 20);
    image_.library = (bytes_.number<std::uint16_t>(at + 22) & kIsDll) != 0;

    const std::uint64_t optional = at + 24;
    const auto magic = bytes_.number<std::uint16_t>(optional);
    if ((magic != kPe32 && magic != kPe32Plus) || sections > kMostSections) {
      return bytes_.give_up();
    }
    wide_ = magic == kPe32Plus;
    headers_size_ = bytes_.number<std::uint32_t>(optional + 60);
    directory_count_ = bytes_.number<std::uint32_t>(optional + (wide_ ? 108 : 92));
    directories_ = optional + (wide_ ? 112 : 96);
    for (std::uint64_t i = 0; i < sections; ++i) {
      const std::uint64_t header = optional + optional_size + i * 40;
      sections_.push_back({.address = bytes_.number<std::uint32_t>(header + 12),
                           .size = bytes_.number<std::uint32_t>(header + 16),
                           .offset = bytes_.number<std::uint32_t>(header + 20)});
    }
  }

  Directory directory(std::uint32_t index) {
    if (index >= directory_count_) return {};
    const std::uint64_t at = directories_ + std::uint64_t{index} * 8;
    return {.address = bytes_.number<std::uint32_t>(at),
            .size = bytes_.number<std::uint32_t>(at + 4)};
  }

  // Where in the file that address of memory comes from.
  std::uint64_t offset_of(std::uint32_t address) {
    for (const Section& each : sections_) {
      if (address >= each.address && address - each.address < each.size) {
        return std::uint64_t{each.offset} + (address - each.address);
      }
    }
    if (address >= headers_size_) bytes_.give_up();
    return address;
  }
  std::string text_at(std::uint32_t address) {
    return std::string(bytes_.text(offset_of(address)));
  }

  void read_exports() {
    const Directory table = directory(kExports);
    if (table.address == 0) return;
    const std::uint64_t at = offset_of(table.address);
    const auto functions = bytes_.number<std::uint32_t>(at + 20);
    const auto names = bytes_.number<std::uint32_t>(at + 24);
    if (names == 0) return;  // all of it is known by numbers alone
    if (names > kMostSymbols) return bytes_.give_up();
    const std::uint64_t addresses_at = offset_of(bytes_.number<std::uint32_t>(at + 28));
    const std::uint64_t names_at = offset_of(bytes_.number<std::uint32_t>(at + 32));
    const std::uint64_t ordinals_at = offset_of(bytes_.number<std::uint32_t>(at + 36));
    for (std::uint64_t i = 0; i < names && !bytes_.broken(); ++i) {
      Export found{.name = text_at(bytes_.number<std::uint32_t>(names_at + i * 4)),
                   .forwarded_to = {}};
      const auto ordinal = bytes_.number<std::uint16_t>(ordinals_at + i * 2);
      if (ordinal >= functions) return bytes_.give_up();
      const auto address = bytes_.number<std::uint32_t>(addresses_at + std::uint64_t{ordinal} * 4);
      // What points into the table itself is no function but the name of one elsewhere.
      if (address >= table.address && address - table.address < table.size) {
        found.forwarded_to = text_at(address);
      }
      image_.exports.push_back(std::move(found));
    }
  }

  void read_imports() {
    const Directory table = directory(kImports);
    if (table.address == 0) return;
    const std::uint64_t at = offset_of(table.address);
    for (std::uint64_t i = 0; i <= kMostLibraries && !bytes_.broken(); ++i) {
      const std::uint64_t entry = at + i * 20;
      const auto name = bytes_.number<std::uint32_t>(entry + 12);
      if (name == 0) return;
      // The names; bound at build time they are in the first table alone, else in both.
      auto names = bytes_.number<std::uint32_t>(entry);
      if (names == 0) names = bytes_.number<std::uint32_t>(entry + 16);
      add_library(text_at(name), names);
    }
    bytes_.give_up();
  }

  void read_delayed_imports() {
    const Directory table = directory(kDelayedImports);
    if (table.address == 0) return;
    const std::uint64_t at = offset_of(table.address);
    for (std::uint64_t i = 0; i <= kMostLibraries && !bytes_.broken(); ++i) {
      const std::uint64_t entry = at + i * 32;
      const auto name = bytes_.number<std::uint32_t>(entry + 4);
      if (name == 0) return;
      const bool relative = (bytes_.number<std::uint32_t>(entry) & 1U) != 0;
      if (!relative) continue;  // of compilers of the last century
      add_library(text_at(name), bytes_.number<std::uint32_t>(entry + 16));
    }
    bytes_.give_up();
  }

  void add_library(std::string name, std::uint32_t names) {
    image_.libraries.push_back(std::move(name));
    if (names == 0) return;
    const std::uint64_t at = offset_of(names);
    for (std::uint64_t i = 0; !bytes_.broken(); ++i) {
      const std::uint64_t entry = wide_ ? bytes_.number<std::uint64_t>(at + i * 8)
                                        : bytes_.number<std::uint32_t>(at + i * 4);
      if (entry == 0) return;
      if (++imported_ > kMostSymbols) return bytes_.give_up();
      const bool by_number = (entry >> (wide_ ? 63U : 31U)) != 0;
      if (by_number) continue;
      if (entry > 0x7fffffff) return bytes_.give_up();
      const std::uint64_t hint = offset_of(static_cast<std::uint32_t>(entry));
      image_.functions.emplace_back(bytes_.text(hint + 2));
    }
  }

  Bytes bytes_;
  Image image_;
  bool wide_ = false;
  std::uint32_t headers_size_ = 0;
  std::uint32_t directory_count_ = 0;
  std::uint64_t directories_ = 0;
  std::vector<Section> sections_;
  std::uint32_t imported_ = 0;  // functions, by name or number
};

}  // namespace

Result<Image> read_pe(std::string_view bytes) { return Reader(bytes).read(); }

}  // namespace berth::check
