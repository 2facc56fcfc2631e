// load.cc - all modules, or none.
#include "ras/load.h"

namespace berth::ras {
namespace {

Loaded<LoadedModule> load(const std::string& path, const LoadOptions& options) {
  if (options.isolation == Isolation::in_process) {
    return load_in_process(path, options.strictness, Initialized::here, options.manner);
  }
  WorkerOptions workers = options.workers;
  workers.manner = options.manner;
  return load_in_workers(path, options.strictness, workers);
}

}  // namespace

Loaded<LoadedChain> load_chain(const Registration& registration, const LoadOptions& options) {
  LoadedChain loaded{.chain = nullptr, .warnings = registration.warnings};
  if (options.chain.windows_2000 && registration.paths.size() > 1) {
    return std::unexpected(Refusal{.code = static_cast<std::uint32_t>(Win32::module_not_found),
                                   .rule = "R101",
                                   .module = registration.paths[1],
                                   .callout = {},
                                   .what = "is the second; Windows 2000 takes the whole list for "
                                           "one path",
                                   .remedy = "register one module"});
  }
  std::vector<std::unique_ptr<Module>> modules;
  for (const std::string& path : registration.paths) {
    Loaded<LoadedModule> module = load(path, options);
    if (!module) {
      Chain(std::move(modules), options.chain).terminate();
      return std::unexpected(module.error());
    }
    for (const std::string& warning : module->warnings) {
      loaded.warnings.push_back("module " + path + ": " + warning);
    }
    modules.push_back(std::move(module->module));
  }
  loaded.chain = std::make_unique<Chain>(std::move(modules), options.chain);
  return loaded;
}

}  // namespace berth::ras
