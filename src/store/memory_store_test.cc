// memory_store_test.cc - the promises of every store, kept in memory.
#include "store/memory_store.h"

#include "store/store_contract_test.h"

namespace berth::testing {
namespace {

std::unique_ptr<Store> loaded_memory_store(StoreFiles&) {
  CountingChance chance;
  std::unique_ptr<Store> store = make_memory_store({.chance = &chance});
  Told told;
  return store->load(told) ? std::move(store) : nullptr;
}

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract,
                         ::testing::Values(StoreMaker{"memory", loaded_memory_store}));

TEST(MemoryStore, LetsTheOldestIntervalsGoBeyondItsLimit) {
  CountingChance chance;
  std::unique_ptr<Store> store = make_memory_store({.chance = &chance, .most_intervals = 2});
  commit(*store, {end({.generation = 1, .session = "a"}, at(200), 1),
                  end({.generation = 2, .session = "b"}, at(300), 2),
                  end({.generation = 3, .session = "c"}, at(400), 3)});
  const std::vector<Interval> kept = store->history("ana", {}).value();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[1].session, "b");
}

TEST(MemoryStore, KeepsNoNameForANextLife) {
  CountingChance chance;
  std::unique_ptr<Store> store = make_memory_store({.chance = &chance, .most_intervals = 1});
  commit(*store, {begin({}), end({}, at(200), 1), change(Reserve{"ben", "Ben", {}}),
                  end({.generation = 2, .owner = "cid", .user = "cid"}, at(300), 2)});
  std::size_t names = 0;
  EXPECT_TRUE(store->for_each_name([&names](std::string_view, std::string_view) -> Done {
    ++names;
    return {};
  }));
  EXPECT_EQ(names, 0U);
}

TEST(MemoryStore, RefusesABackup) {
  CountingChance chance;
  EXPECT_EQ(make_memory_store({.chance = &chance})->backup("copy.db").error().code, Code::invalid);
}

}  // namespace
}  // namespace berth::testing
