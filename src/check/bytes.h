// bytes.h - numbers and texts out of a file that may hold anything.
//
// Nothing is ever read beyond its end: the first attempt to makes it broken, from then on every
// number is 0 and every text empty. Read what a format promises, then ask broken() once; loops ask
// each time around.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/wire.h"

namespace berth::check {

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}

  // The little-endian number that lies there.
  template <class T>
  [[nodiscard]] T number(std::uint64_t offset) {
    T value{};
    if (!has(offset, sizeof value)) return value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }
  // The text that begins there and ends before a zero byte.
  [[nodiscard]] std::string_view text(std::uint64_t offset) {
    if (!has(offset, 1)) return {};
    const std::string_view rest = bytes_.substr(offset, kMostNameBytes + 1);
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos || end > texts_left_) {
      broken_ = true;
      return {};
    }
    texts_left_ -= end;
    return rest.substr(0, end);
  }

  [[nodiscard]] std::uint64_t size() const { return bytes_.size(); }
  [[nodiscard]] bool broken() const { return broken_; }
  // What was read cannot be meant.
  void give_up() { broken_ = true; }

 private:
  // Longer names than any compiler makes.
  static constexpr std::size_t kMostNameBytes = 4096;
  // Many entries may name one long text: all that is handed out together.
  static constexpr std::size_t kMostTextBytes = std::size_t{64} << 20;

  bool has(std::uint64_t offset, std::uint64_t size) {
    if (offset > bytes_.size() || bytes_.size() - offset < size) broken_ = true;
    return !broken_;
  }

  std::string_view bytes_;
  std::size_t texts_left_ = kMostTextBytes;
  bool broken_ = false;
};

}  // namespace berth::check
