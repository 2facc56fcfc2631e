// elf.cc - header, dynamic symbols, needed libraries.
#include "check/elf.h"

#include <utility>

#include <fmt/format.h>

#include "check/bytes.h"

namespace berth::check {
namespace {

constexpr std::uint16_t kMachineX64 = 62;
constexpr std::uint16_t kSharedObject = 3;
constexpr std::uint32_t kDynamicSection = 6;
constexpr std::uint32_t kDynamicSymbols = 11;
constexpr std::uint64_t kNeeded = 1;

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case kMachineX64: return std::string(kX64);
    case 3: return "x86";
    case 183: return "arm64";
    case 40: return "arm";
    case 243: return "riscv";
    default: return fmt::format("machine {:#x}", machine);
  }
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Result<Image> read() {
    image_.kind = ImageKind::elf;
    const bool wide = bytes_.number<std::uint8_t>(4) == 2;
    const bool little = bytes_.number<std::uint8_t>(5) == 1;
    if (wide && little) {
      image_.library = bytes_.number<std::uint16_t>(16) == kSharedObject;
      image_.machine = machine_name(bytes_.number<std::uint16_t>(18));
      read_sections();
    } else {
      image_.library = true;
      image_.machine = wide ? "big-endian" : "32-bit";
    }
    if (bytes_.broken()) {
      return fail(Code::invalid,
                  "the file begins like a shared object, and is damaged or cut short",
                  "copy it again");
    }
    return std::move(image_);
  }

 private:
  struct Section {
    std::uint32_t type;
    std::uint64_t offset;
    std::uint64_t size;
    std::uint64_t names;  // where the section of its names begins
  };

  Section section(std::uint64_t index) {
    const std::uint64_t at = sections_at_ + index * kHeaderBytes;
    return {.type = bytes_.number<std::uint32_t>(at + 4),
            .offset = bytes_.number<std::uint64_t>(at + 24),
            .size = bytes_.number<std::uint64_t>(at + 32),
            .names = 0};
  }

  void read_sections() {
    sections_at_ = bytes_.number<std::uint64_t>(40);
    const auto count = bytes_.number<std::uint16_t>(60);
    if (count > 0 && bytes_.number<std::uint16_t>(58) != kHeaderBytes) return bytes_.give_up();
    if (sections_at_ > bytes_.size()) return bytes_.give_up();
    for (std::uint64_t i = 0; i < count && !bytes_.broken(); ++i) {
      Section each = section(i);
      bool& seen = each.type == kDynamicSymbols ? symbols_seen_ : needed_seen_;
      if (each.type != kDynamicSection && each.type != kDynamicSymbols) continue;
      if (std::exchange(seen, true)) return bytes_.give_up();  // there is one of each
      const auto names = bytes_.number<std::uint32_t>(sections_at_ + i * kHeaderBytes + 40);
      if (names >= count) return bytes_.give_up();
      each.names = section(names).offset;
      if (each.offset > bytes_.size() || each.names > bytes_.size()) return bytes_.give_up();
      each.type == kDynamicSymbols ? read_symbols(each) : read_needed(each);
    }
  }

  void read_symbols(const Section& table) {
    constexpr std::uint64_t kSymbolBytes = 24;
    const std::uint64_t count = table.size / kSymbolBytes;
    if (count > kMostSymbols) return bytes_.give_up();
    for (std::uint64_t i = 1; i < count && !bytes_.broken(); ++i) {  // the first is empty
      const std::uint64_t at = table.offset + i * kSymbolBytes;
      const std::string name(bytes_.text(table.names + bytes_.number<std::uint32_t>(at)));
      const auto info = bytes_.number<std::uint8_t>(at + 4);
      const auto where = bytes_.number<std::uint16_t>(at + 6);
      const bool local = (info >> 4U) == 0;
      if (name.empty() || local) continue;
      if (where == 0) {
        image_.functions.push_back(name);
      } else {
        image_.exports.push_back({.name = name, .forwarded_to = {}});
      }
    }
  }

  void read_needed(const Section& list) {
    constexpr std::uint64_t kEntryBytes = 16;
    for (std::uint64_t i = 0; i < list.size / kEntryBytes && !bytes_.broken(); ++i) {
      const std::uint64_t at = list.offset + i * kEntryBytes;
      const auto what = bytes_.number<std::uint64_t>(at);
      if (what == 0) return;
      if (what != kNeeded) continue;
      const auto name = bytes_.number<std::uint64_t>(at + 8);
      if (name > bytes_.size() || image_.libraries.size() >= kMostLibraries) {
        return bytes_.give_up();
      }
      image_.libraries.emplace_back(bytes_.text(list.names + name));
    }
  }

  static constexpr std::uint64_t kHeaderBytes = 64;

  Bytes bytes_;
  Image image_;
  std::uint64_t sections_at_ = 0;
  bool symbols_seen_ = false;
  bool needed_seen_ = false;
};

}  // namespace

Result<Image> read_elf(std::string_view bytes) { return Reader(bytes).read(); }

}  // namespace berth::check
