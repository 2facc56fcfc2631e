// diagnosis.h - what berth doctor asks this machine, and what it was answered.
//
// Nothing is changed, but that the store's lock is taken for an instant where there is one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/world.h"
#include "ras/registered.h"

namespace berth::cli {

struct Diagnosis {
  enum class State : std::uint8_t { ok, warning, problem };
  State state = State::ok;
  std::string about;   // "settings", "store", "module C:\Berth\berth.dll"
  std::string what;    // one sentence
  std::string remedy;  // empty where all is well
};
[[nodiscard]] std::string_view state_name(Diagnosis::State state);  // "ok", "warning", "problem"

// Settings, store, folder, lock and worker; on Windows the registered modules as well.
[[nodiscard]] std::vector<Diagnosis> diagnose(const World& world);

// The list of modules, its values (R100 to R105), and each module's file, in their order.
[[nodiscard]] std::vector<Diagnosis> diagnose_modules(
    const ras::Loaded<ras::Registered>& registered);

}  // namespace berth::cli
