// wire.h - little-endian numbers and short texts to and from bytes.
//
// The writer appends to a string; the reader never reads behind its end and remembers that it
// would have had to: read everything, then ask ok() once.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "berth/error.h"

namespace berth {

// The longest text: its length takes 16 bits.
inline constexpr std::size_t kMaxWireText = 0xffff;

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie");

class WireWriter {
 public:
  explicit WireWriter(std::string& out) : out_(out) {}

  // Makes sure that so many bytes more will not have to be moved.
  void make_room(std::size_t more) { out_.reserve(out_.size() + more); }

  template <class T>
  void number(T value) {
    static_assert(std::is_integral_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(std::string_view text) {
    BERTH_ASSERT(text.size() <= kMaxWireText);
    number(static_cast<std::uint16_t>(text.size()));
    out_.append(text);
  }

 private:
  std::string& out_;
};

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  [[nodiscard]] T number() {
    static_assert(std::is_integral_v<T>);
    T value{};
    if (rest_.size() < sizeof value) {
      fail();
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  [[nodiscard]] std::string_view text() {
    const auto size = number<std::uint16_t>();
    if (rest_.size() < size) {
      fail();
      return {};
    }
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  void fail() {
    ok_ = false;
    rest_ = {};
  }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace berth
