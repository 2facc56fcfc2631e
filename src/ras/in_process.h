// in_process.h - modules loaded into this process: quick, and at their mercy. For tests, and for
// worker processes, which can be spared.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ras/administration.h"
#include "ras/module.h"

namespace berth::ras {

struct LoadedModule {
  std::unique_ptr<Module> module;
  std::vector<std::string> warnings;  // of what the documentation asks for beyond what RAS checks
};

// In which process MprAdminInitializeDll is called. RAS may call address callouts where it never
// was (R122). A table comes from MprAdminInitializeDllEx, which is thus called in either case.
enum class Initialized : std::uint8_t { here, elsewhere };

// Loads, initialises, collects and checks, in this order (R106). Refused: R10 to R18, R98, R107 to
// R110; then the module is unloaded again without a Terminate (R18).
//
// A call has no deadline here, and a crash is ours; nor does a faithful ban end (R131). Destroying
// the module unloads it; call Terminate before, where it was loaded for good (R14).
[[nodiscard]] Loaded<LoadedModule> load_in_process(const std::string& path, Strictness strictness,
                                                   Initialized initialized = Initialized::here,
                                                   Manner manner = Manner::checking);

}  // namespace berth::ras
