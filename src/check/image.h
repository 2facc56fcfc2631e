// image.h - a shared library as it lies on the disk: for which machine, what it offers, what it
// needs.
//
// Windows' format (PE, pe.h) and that of Linux (ELF, elf.h) are read on every system; nothing of
// the file is run. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"

namespace berth::check {

enum class ImageKind : std::uint8_t { pe, elf };
[[nodiscard]] std::string_view kind_name(ImageKind kind);  // "PE", "ELF"

// What 64-bit Windows and Linux on the same processors are called here.
inline constexpr std::string_view kX64 = "x86-64";

struct Export {
  std::string name;
  std::string forwarded_to;  // "other.Function" of PE; mostly empty
};

struct Image {
  ImageKind kind = ImageKind::pe;
  std::string machine;   // "x86-64", "x86", "arm64", or its number: "machine 0x1c0"
  bool library = false;  // rather than a program
  std::vector<Export> exports;
  std::vector<std::string> libraries;  // that the system must find before it can be loaded
  std::vector<std::string> functions;  // of others, by name
};

// Larger files are refused, as are longer tables in them.
inline constexpr std::uint64_t kMostImageBytes = std::uint64_t{256} << 20;
inline constexpr std::uint32_t kMostSymbols = 65'536;
inline constexpr std::uint32_t kMostLibraries = 1024;

// invalid: it is neither, or is damaged; the sentence says which.
[[nodiscard]] Result<Image> read_image(std::string_view bytes);

}  // namespace berth::check
