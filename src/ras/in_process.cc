// in_process.cc - from a path to a module that can be called.
#include "ras/in_process.h"

#include <mutex>

#include "ras/library.h"

namespace berth::ras {
namespace {

class InProcess final : public Module {
 public:
  InProcess(std::string path, const Face& face, std::unique_ptr<Library> library,
            const Functions& functions)
      : Module(std::move(path), face), library_(std::move(library)), functions_(functions) {}

  // One call of a group at a time (R116, R117).
  Answer call(const Call& call) override {
    const std::lock_guard lock(group_of(call.callout) == Group::address ? address_ : connection_);
    return call_function(functions_, call);
  }

 private:
  std::unique_ptr<Library> library_;
  const Functions functions_;
  std::mutex address_;
  std::mutex connection_;
};

Refusal initialize_failed(const std::string& path, Callout callout, std::uint32_t code) {
  return {.code = code,
          .rule = "R11",
          .module = path,
          .callout = std::string(callout_name(callout)),
          .what = std::string(callout_name(callout)) + " returned error " + std::to_string(code),
          .remedy = "see what its maker says about that code, or take it out of the list"};
}

// The table takes the place of every exported name (R108).
Loaded<Face> initialize_table(const std::string& path, AnyFunction initialize,
                              Functions& functions) {
  using InitializeEx = DWORD(APIENTRY*)(PMPRAPI_ADMIN_DLL_CALLBACKS);
  MPRAPI_ADMIN_DLL_CALLBACKS table{};
  const DWORD code = reinterpret_cast<InitializeEx>(initialize)(&table);
  if (code != NO_ERROR) {
    return std::unexpected(initialize_failed(path, Callout::initialize_ex, code));
  }
  Face face{.style = Style::table, .revision = read_table(table, functions), .callouts = {}};
  functions.set(Callout::initialize_ex, initialize);
  face.callouts = functions.set();
  return face;
}

Loaded<Face> initialize_exports(const std::string& path, const Library& library,
                                Initialized initialized, Functions& functions) {
  for (Callout each : all_callouts()) {
    if (is_exported(each) && each != Callout::initialize_ex) {
      functions.set(each, library.find(callout_name(each)));
    }
  }
  if (functions.at(Callout::initialize) != nullptr && initialized == Initialized::here) {
    const Answer answer = call_function(functions, {.callout = Callout::initialize});
    if (answer.result != NO_ERROR) {
      return std::unexpected(initialize_failed(path, Callout::initialize, answer.result));
    }
  }
  return Face{.style = Style::exports, .revision = 1, .callouts = functions.set()};
}

}  // namespace

Loaded<LoadedModule> load_in_process(const std::string& path, Strictness strictness,
                                     Initialized initialized) {
  if (const Loaded<void> placed = check_place(path); !placed) {
    return std::unexpected(placed.error());
  }
  Loaded<std::unique_ptr<Library>> library = Library::open(path);
  if (!library) return std::unexpected(library.error());

  Functions functions;
  const AnyFunction initialize_ex = (*library)->find(callout_name(Callout::initialize_ex));
  const Loaded<Face> face = initialize_ex != nullptr
                                ? initialize_table(path, initialize_ex, functions)
                                : initialize_exports(path, **library, initialized, functions);
  if (!face) return std::unexpected(face.error());
  Loaded<std::vector<std::string>> warnings = check_presence(path, *face, strictness);
  if (!warnings) return std::unexpected(warnings.error());
  return LoadedModule{std::make_unique<InProcess>(path, *face, *std::move(library), functions),
                      *std::move(warnings)};
}

}  // namespace berth::ras
