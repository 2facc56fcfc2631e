// siphash.h - a short keyed hash: SipHash-2-4 of Aumasson and Bernstein (2012).
//
// Used for the indexes (names come from strangers: without the key nobody can make them collide),
// for lease ids, and as the function F of RFC 7217 that makes identifiers. Feed it piece by
// piece; take() ends it. Our own since it is thirty lines, has published test vectors, and no
// library that we use has it.
//
//   std::uint64_t hash = SipHash(key).text(server).text(session).take();
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace berth {

using SipKey = std::array<std::uint64_t, 2>;

class SipHash {
 public:
  explicit SipHash(const SipKey& key)
      : v0_(key[0] ^ 0x736f6d6570736575),
        v1_(key[1] ^ 0x646f72616e646f6d),
        v2_(key[0] ^ 0x6c7967656e657261),
        v3_(key[1] ^ 0x7465646279746573) {}

  // The bytes alone: what the published vectors are about.
  SipHash& bytes(std::string_view data) {
    for (; data.size() >= 8; data.remove_prefix(8)) add(load(data, 8), 8);
    if (!data.empty()) add(load(data, data.size()), data.size());
    return *this;
  }
  // A text and its end, so that "ab" + "c" and "a" + "bc" differ.
  SipHash& text(std::string_view text) { return number(text.size()).bytes(text); }
  SipHash& number(std::uint64_t value) {
    add(value, sizeof value);
    return *this;
  }

  [[nodiscard]] std::uint64_t take() {
    compress(word_ | (size_ << 56));
    v2_ ^= 0xff;
    for (int i = 0; i < 4; ++i) round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  // `size` bytes, at most 8, as a number; zeros above.
  static std::uint64_t load(std::string_view data, std::size_t size) {
    std::uint64_t word = 0;
    std::memcpy(&word, data.data(), size);
    return word;
  }
  // Appends the low `size` bytes of `word`; the others are zero.
  void add(std::uint64_t word, std::size_t size) {
    const std::size_t filled = size_ % 8;
    size_ += size;
    word_ |= word << (8 * filled);
    if (filled + size < 8) return;
    compress(word_);
    word_ = filled == 0 ? 0 : word >> (8 * (8 - filled));
  }
  void compress(std::uint64_t word) {
    v3_ ^= word;
    round();
    round();
    v0_ ^= word;
  }
  void round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  std::uint64_t v0_, v1_, v2_, v3_;
  std::uint64_t word_ = 0;  // bytes that do not fill a word yet
  std::uint64_t size_ = 0;
};

}  // namespace berth
