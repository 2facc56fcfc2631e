// index_test.cc - an index holds what was put in and nothing else, also when hashes collide.
#include "core/index.h"

#include <random>
#include <unordered_map>

#include <gtest/gtest.h>

#include "core/arena.h"

namespace berth {
namespace {

class IndexTest : public testing::Test {
 protected:
  void insert(std::uint64_t hash, Ref ref) {
    hashes_[ref] = hash;
    index_.insert(hash, ref);
  }
  void erase(Ref ref) {
    index_.erase(hashes_.at(ref), ref);
    hashes_.erase(ref);
  }
  Ref find(std::uint64_t hash, Ref ref) const {
    return index_.find(hash, [ref](Ref each) { return each == ref; });
  }

  Index index_;
  std::unordered_map<Ref, std::uint64_t> hashes_;
};

TEST_F(IndexTest, FindsWhatWasInsertedUntilItIsErased) {
  insert(7, 1);
  EXPECT_EQ(find(7, 1), 1U);
  EXPECT_EQ(find(8, 1), kNone);
  erase(1);
  EXPECT_EQ(find(7, 1), kNone);
  EXPECT_EQ(index_.size(), 0U);
}

TEST_F(IndexTest, KeepsEntriesOfOneHashApart) {
  for (Ref ref = 1; ref <= 1000; ++ref) insert(42, ref);  // far more than a bucket holds
  for (Ref ref = 2; ref <= 1000; ref += 2) erase(ref);
  for (Ref ref = 1; ref <= 1000; ++ref) EXPECT_EQ(find(42, ref), ref % 2 == 1 ? ref : kNone);
}

TEST_F(IndexTest, AgreesWithAPlainMapOverManyRandomSteps) {
  const std::uint64_t seed = 20261121;
  std::mt19937_64 chance(seed);
  Ref next = 1;
  for (int step = 0; step < 200'000; ++step) {
    if (hashes_.empty() || chance() % 3 != 0) {
      // Few shards and few tags: crowded on purpose.
      insert((chance() % 4) << 52 | chance() % 512, next++);
    } else {
      auto victim = hashes_.begin();
      std::advance(victim, static_cast<std::ptrdiff_t>(chance() % 4 % hashes_.size()));
      erase(victim->first);
    }
    ASSERT_EQ(index_.size(), hashes_.size());
  }
  for (const auto& [ref, hash] : hashes_) ASSERT_EQ(find(hash, ref), ref) << "seed " << seed;
}

TEST(Arena, GivesAFreedBlockToTheNextOfItsSize) {
  Arena arena;
  const Ref first = arena.take(40);
  const Ref second = arena.take(40);
  EXPECT_NE(first, second);
  arena.give_back(first, 40);
  EXPECT_NE(arena.take(48), first);  // another size
  EXPECT_EQ(arena.take(37), first);  // rounds to the same
}

TEST(Arena, NeverGivesTheSameBytesTwice) {
  Arena arena;
  std::mt19937_64 chance(7);
  std::vector<std::pair<Ref, std::size_t>> blocks;
  for (int i = 0; i < 50'000; ++i) {
    const std::size_t size = 1 + chance() % 200;
    const Ref ref = arena.take(size);
    ASSERT_NE(ref, kNone);
    std::fill_n(static_cast<unsigned char*>(arena.at(ref)), size, static_cast<unsigned char>(ref));
    blocks.emplace_back(ref, size);
  }
  for (const auto& [ref, size] : blocks) {
    const auto* bytes = static_cast<const unsigned char*>(arena.at(ref));
    const auto mark = static_cast<unsigned char>(ref);
    ASSERT_EQ(std::count(bytes, bytes + size, mark), static_cast<std::ptrdiff_t>(size));
  }
}

}  // namespace
}  // namespace berth
