// in_process.cc - from a path to a module that can be called.
#include "ras/in_process.h"

#include <mutex>

#include "ras/ban.h"
#include "ras/library.h"

namespace berth::ras {
namespace {

Answer call_banned(const Ban& ban, const Functions& functions, const Call& call, Loans& loans) {
  ban.begins();
  Answer answer = call_function(functions, call, loans);
  answer.administration = ban.ended();
  return answer;
}

class InProcess final : public Module {
 public:
  InProcess(std::string path, const Face& face, std::unique_ptr<Library> library, const Ban& ban,
            const Functions& functions)
      : Module(std::move(path), face),
        library_(std::move(library)),
        ban_(ban),
        functions_(functions) {}

  // One call of a group at a time (R116, R117).
  Answer call(const Call& call) override {
    Calls& calls = group_of(call.callout) == Group::address ? address_ : connection_;
    const std::lock_guard lock(calls.mutex);
    return call_banned(ban_, functions_, call, calls.loans);
  }

 private:
  struct Calls {
    std::mutex mutex;
    Loans loans;  // guarded by mutex
  };
  std::unique_ptr<Library> library_;
  const Ban ban_;
  const Functions functions_;
  Calls address_;
  Calls connection_;
};

Refusal initialize_failed(const std::string& path, Callout callout, std::uint32_t code) {
  return {.code = code,
          .rule = "R11",
          .module = path,
          .callout = std::string(callout_name(callout)),
          .what = std::string(callout_name(callout)) + " returned error " + std::to_string(code),
          .remedy = "see what its maker says about that code, or take it out of the list"};
}

// A module that is being loaded.
struct Loading {
  const std::string& path;
  const Library& library;
  const Ban& ban;
  Functions functions;
  std::vector<std::string> warnings;

  void warn_of(Callout callout, const std::string& administration) {
    if (administration.empty()) return;
    warnings.push_back(std::string(callout_name(callout)) + " called " + administration +
                       ", which never returns to a callout (R130)");
  }
};

// The table takes the place of every exported name (R108).
Loaded<Face> initialize_table(Loading& loading, AnyFunction initialize) {
  using InitializeEx = DWORD(APIENTRY*)(PMPRAPI_ADMIN_DLL_CALLBACKS);
  MPRAPI_ADMIN_DLL_CALLBACKS table{};
  loading.ban.begins();
  const DWORD code = reinterpret_cast<InitializeEx>(initialize)(&table);
  loading.warn_of(Callout::initialize_ex, loading.ban.ended());
  if (code != NO_ERROR) {
    return std::unexpected(initialize_failed(loading.path, Callout::initialize_ex, code));
  }
  Face face{
      .style = Style::table, .revision = read_table(table, loading.functions), .callouts = {}};
  loading.functions.set(Callout::initialize_ex, initialize);
  face.callouts = loading.functions.set();
  return face;
}

Loaded<Face> initialize_exports(Loading& loading, Initialized initialized) {
  Functions& functions = loading.functions;
  for (Callout each : all_callouts()) {
    if (is_exported(each) && each != Callout::initialize_ex) {
      functions.set(each, loading.library.find(callout_name(each)));
    }
  }
  if (functions.at(Callout::initialize) != nullptr && initialized == Initialized::here) {
    Loans none;
    const Answer answer =
        call_banned(loading.ban, functions, {.callout = Callout::initialize}, none);
    loading.warn_of(Callout::initialize, answer.administration);
    if (answer.result != NO_ERROR) {
      return std::unexpected(initialize_failed(loading.path, Callout::initialize, answer.result));
    }
  }
  return Face{.style = Style::exports, .revision = 1, .callouts = functions.set()};
}

}  // namespace

Loaded<LoadedModule> load_in_process(const std::string& path, Strictness strictness,
                                     Initialized initialized, Manner manner) {
  if (const Loaded<void> placed = check_place(path); !placed) {
    return std::unexpected(placed.error());
  }
  Loaded<std::unique_ptr<Library>> library = Library::open(path);
  if (!library) return std::unexpected(library.error());

  const Ban ban(**library, manner);
  Loading loading{.path = path, .library = **library, .ban = ban, .functions = {}, .warnings = {}};
  const AnyFunction initialize_ex = (*library)->find(callout_name(Callout::initialize_ex));
  const Loaded<Face> face = initialize_ex != nullptr ? initialize_table(loading, initialize_ex)
                                                     : initialize_exports(loading, initialized);
  if (!face) return std::unexpected(face.error());
  Loaded<std::vector<std::string>> warnings = check_presence(path, *face, strictness);
  if (!warnings) return std::unexpected(warnings.error());
  warnings->insert(warnings->end(), loading.warnings.begin(), loading.warnings.end());
  return LoadedModule{
      std::make_unique<InProcess>(path, *face, *std::move(library), ban, loading.functions),
      *std::move(warnings)};
}

}  // namespace berth::ras
