// index.h - from a hash to the records that have it, in about one memory access.
//
// Each entry is a Ref and 16 bits of its hash: the record has the key itself. Ten entries and
// their bits share one cache line, so a lookup touches that line and then the record. Those bits
// also say where an entry belongs, so that growing reads no record. Entries are spread over
// 4,096 shards that grow one at a time, by half: no insertion waits for more than a few thousand
// entries to move, however many there are in all.
//
//   Ref ref = index.find(hash, [&](Ref r) { return name_of(r) == name; });
//
// Not safe to share between threads.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "berth/error.h"
#include "core/arena.h"

namespace berth {

class Index {
 public:
  Index() : shards_(kShards) {}

  // The entry with this hash for which `is_it(ref)` holds, or kNone.
  template <class IsIt>
  [[nodiscard]] Ref find(std::uint64_t hash, IsIt&& is_it) const {
    const Shard& shard = shards_[shard_of(hash)];
    if (shard.count == 0) return kNone;
    const Tag tag = tag_of(hash);
    for (std::uint32_t b = bucket_of(tag, shard.count);; b = next(b, shard.count)) {
      const Bucket& bucket = shard.buckets[b];
      for (std::size_t word = 0; word < kWords; ++word) {
        for (std::uint64_t hits = bucket.hits(word, tag); hits != 0; hits &= hits - 1) {
          const auto lane = static_cast<std::size_t>(std::countr_zero(hits)) / kTagBits;
          const Ref ref = bucket.refs[word * kLanes + lane];
          if (is_it(ref)) return ref;
        }
      }
      if (bucket.passed == 0) return kNone;
    }
  }

  // Adds an entry that is not there yet.
  void insert(std::uint64_t hash, Ref ref) {
    Shard& shard = shards_[shard_of(hash)];
    if ((std::uint64_t{shard.size} + 1) * 5 > std::uint64_t{shard.count} * kPerBucket * 4)
      grow(shard);
    put(shard, tag_of(hash), ref);
    ++shard.size;
    ++size_;
  }

  // Takes the entry away; it must be there.
  void erase(std::uint64_t hash, Ref ref) {
    Shard& shard = shards_[shard_of(hash)];
    BERTH_ASSERT(shard.count != 0);
    const std::uint32_t home = bucket_of(tag_of(hash), shard.count);
    for (std::uint32_t b = home;; b = next(b, shard.count)) {
      Bucket& bucket = shard.buckets[b];
      for (std::size_t i = 0; i < kPerBucket; ++i) {
        if (bucket.tags[i] == 0 || bucket.refs[i] != ref) continue;
        bucket.tags[i] = 0;
        for (std::uint32_t p = home; p != b; p = next(p, shard.count)) {
          if (shard.buckets[p].passed != kManyPassed) --shard.buckets[p].passed;
        }
        --shard.size;
        --size_;
        return;
      }
      BERTH_ASSERT(bucket.passed != 0);
    }
  }

  // Asks for the cache line that a find with this hash will read first.
  void prefetch(std::uint64_t hash) const {
    const Shard& shard = shards_[shard_of(hash)];
    if (shard.count == 0) return;
    __builtin_prefetch(&shard.buckets[bucket_of(tag_of(hash), shard.count)]);
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  using Tag = std::uint16_t;
  static constexpr std::size_t kShards = 4096;
  static constexpr std::size_t kPerBucket = 10;
  static constexpr std::size_t kTagBits = 16;
  // Tags are compared four at a time, as the lanes of a word.
  static constexpr std::size_t kLanes = 4;
  static constexpr std::size_t kWords = 3;
  // Stays there once reached: the bucket is then always passed, which costs time, not truth.
  static constexpr std::uint16_t kManyPassed = 0xffff;

  struct alignas(64) Bucket {
    std::array<Tag, kPerBucket> tags{};  // 0: empty
    std::uint16_t passed = 0;            // entries whose home is here or before, and who lie behind
    std::uint16_t spare = 0;             // fills the last word
    std::array<Ref, kPerBucket> refs{};

    // The highest bit of each lane of this word whose tag is `tag`.
    [[nodiscard]] std::uint64_t hits(std::size_t word, Tag tag) const {
      constexpr std::uint64_t kOnes = 0x0001'0001'0001'0001;
      constexpr std::uint64_t kLow = 0x7fff * kOnes;
      std::uint64_t lanes = 0;
      std::memcpy(&lanes, reinterpret_cast<const char*>(this) + word * sizeof lanes, sizeof lanes);
      const std::uint64_t differ = lanes ^ (kOnes * tag);
      const std::uint64_t hits = ~(((differ & kLow) + kLow) | differ | kLow);
      return word + 1 < kWords ? hits : hits & 0xffff'ffff;  // `passed` and `spare` are no tags
    }
  };
  static_assert(sizeof(Bucket) == 64 && offsetof(Bucket, refs) == kWords * 8);

  struct Shard {
    std::unique_ptr<Bucket[]> buckets;
    std::uint32_t count = 0;  // of buckets
    std::uint32_t size = 0;   // of entries
  };

  // Two parts of the hash that do not overlap. The tag also says which bucket; within one, what
  // is left of it still tells most entries apart.
  static std::size_t shard_of(std::uint64_t hash) { return hash >> 52; }
  static Tag tag_of(std::uint64_t hash) {
    const auto low = static_cast<Tag>(hash);
    return low == 0 ? Tag{1} : low;
  }
  static std::uint32_t bucket_of(Tag tag, std::uint32_t count) {
    return static_cast<std::uint32_t>((std::uint64_t{tag} * count) >> kTagBits);
  }
  static std::uint32_t next(std::uint32_t bucket, std::uint32_t count) {
    return bucket + 1 == count ? 0 : bucket + 1;
  }

  static void put(Shard& shard, Tag tag, Ref ref) {
    for (std::uint32_t b = bucket_of(tag, shard.count);; b = next(b, shard.count)) {
      Bucket& bucket = shard.buckets[b];
      for (std::size_t i = 0; i < kPerBucket; ++i) {
        if (bucket.tags[i] != 0) continue;
        bucket.tags[i] = tag;
        bucket.refs[i] = ref;
        return;
      }
      if (bucket.passed != kManyPassed) ++bucket.passed;
    }
  }

  static void grow(Shard& shard) {
    Shard larger;
    larger.count = shard.count + shard.count / 2 + 1;
    larger.buckets = std::make_unique<Bucket[]>(larger.count);
    larger.size = shard.size;
    for (std::uint32_t b = 0; b < shard.count; ++b) {
      const Bucket& bucket = shard.buckets[b];
      for (std::size_t i = 0; i < kPerBucket; ++i) {
        if (bucket.tags[i] != 0) put(larger, bucket.tags[i], bucket.refs[i]);
      }
    }
    shard = std::move(larger);
  }

  std::vector<Shard> shards_;
  std::uint64_t size_ = 0;
};

}  // namespace berth
