// load.h - from the list of registered modules to the chain that RAS asks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ras/chain.h"
#include "ras/registration.h"
#include "ras/worker.h"

namespace berth::ras {

// Where modules run.
enum class Isolation : std::uint8_t {
  workers,     // in processes of their own: what one of them breaks is its own
  in_process,  // in this one: for tests, and for modules that one trusts with it
};

struct LoadOptions {
  Strictness strictness = Strictness::enforced;
  Isolation isolation = Isolation::workers;
  WorkerOptions workers = {};        // where they run in workers, but for its manner
  Manner manner = Manner::checking;  // of the ban on administration functions
  ChainOptions chain = {};
};

struct LoadedChain {
  std::unique_ptr<Chain> chain;
  std::vector<std::string> warnings;  // each names its module and rule
};

// Loads one after the other (R101, R106). The first that is refused ends it: RAS does not start,
// those after it are not tried, and those before it are terminated (R110).
[[nodiscard]] Loaded<LoadedChain> load_chain(const Registration& registration,
                                             const LoadOptions& options);

}  // namespace berth::ras
