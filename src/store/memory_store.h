// memory_store.h - a store that is gone with the process: for tests, and for trying things out.
//
// Keeps the same promises as the others but durability. History is bounded: the oldest ended
// intervals go first beyond `most_intervals`.
#pragma once

#include <memory>

#include "berth/time.h"
#include "store/store.h"

namespace berth {

struct MemoryOptions {
  Chance* chance = nullptr;  // for the key; must be there
  std::size_t most_intervals = 1'000'000;
};

[[nodiscard]] std::unique_ptr<Store> make_memory_store(const MemoryOptions& options);

}  // namespace berth
