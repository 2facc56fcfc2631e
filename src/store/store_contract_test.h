// store_contract_test.h - how a store says that it keeps the promises of every store.
//
// The promises are the tests in store_contract_test.cc. A store's own test says how to make one:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, ::testing::Values(StoreMaker{"memory", make}));
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/changes_for_tests.h"
#include "store/store.h"
#include "store/store_files_test.h"

namespace berth::testing {

// Makes an empty store, loaded.
struct StoreMaker {
  std::string name;
  std::function<std::unique_ptr<Store>(StoreFiles&)> make;
};
inline void PrintTo(const StoreMaker& maker, std::ostream* out) { *out << maker.name; }

class StoreContract : public ::testing::TestWithParam<StoreMaker> {
 protected:
  void SetUp() override {
    store = GetParam().make(files);
    ASSERT_TRUE(store);
  }
  Commit commit(const std::vector<std::string>& changes) {
    return berth::testing::commit(*store, changes);
  }
  std::vector<Interval> who(const char* where, WallTime when, Milliseconds window = {}) {
    return store->who_had(*AnyRange::parse(where), when, window).value();
  }
  std::vector<Interval> history(std::string_view owner, const Span& span = {}) {
    return store->history(owner, span).value();
  }
  static std::vector<std::string> owners(const std::vector<Interval>& intervals) {
    std::vector<std::string> names;
    for (const Interval& interval : intervals) names.push_back(interval.owner);
    return names;
  }
  using Names = std::vector<std::string>;

  StoreFiles files;
  std::unique_ptr<Store> store;
};

}  // namespace berth::testing
