// diagnosis.cc - one question after the other.
#include "cli/diagnosis.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "check/check.h"
#include "check/system.h"
#include "cli/files.h"
#include "cli/system.h"
#include "cli/words.h"
#include "ras/process.h"
#include "store/files.h"
#include "store/lock.h"

namespace berth::cli {

namespace {

using State = Diagnosis::State;
using Diagnoses = std::vector<Diagnosis>;

Diagnosis ok(std::string about, std::string what) {
  return {State::ok, std::move(about), std::move(what), {}};
}
Diagnosis problem(std::string about, const Error& error) {
  return {State::problem, std::move(about), error.what, error.remedy};
}

// --- Berth's own ---

void ask_settings(const World& world, Diagnoses& found) {
  const Result<std::string> file = find_settings(world);
  if (!file) return found.push_back(problem("settings", file.error()));
  const Result<Settings> read = settings(world);
  if (!read) return found.push_back(problem("settings", read.error()));
  // In memory: a book refuses a plan that cannot be, and this one touches no store.
  const Result<std::unique_ptr<Book>> book =
      Book::open(read->plan, {.path = "", .clock = &world.clock, .chance = &world.chance});
  if (!book) return found.push_back(problem("settings", book.error()));
  found.push_back(
      ok("settings", *file + " is right, with " + count_of(read->plan.pools.size(), "pool")));
}

void ask_folder(const std::string& store, Diagnoses& found) {
  const std::u8string name(store.begin(), store.end());
  const std::u8string whole = std::filesystem::absolute(name).parent_path().u8string();
  const std::string folder(whole.begin(), whole.end());
  if (!file_exists(folder)) {
    found.push_back({State::problem, "folder", folder + " is not there", "make it"});
    return;
  }
  if (!may_write(folder)) {
    found.push_back({State::problem, "folder", "you may not write to " + folder,
                     "run berth as the user whose store it is"});
  }
  const std::vector<std::string> others =
      check::who_may_change(store, check::Owners::may_be_anybody);
  for (const std::string& each : others) {
    found.push_back({State::warning, "folder", each, "let its owner alone write there"});
  }
  if (others.empty()) found.push_back(ok("folder", "its owner alone can write to it"));
}

void ask_lock(const std::string& store, Diagnoses& found) {
  const std::string file = store + ".lock";
  if (!file_exists(file)) return found.push_back(ok("lock", "nobody has ever written this store"));
  const Result<std::unique_ptr<StoreLock>> lock = StoreLock::take(file);
  if (lock) return found.push_back(ok("lock", "no process holds the store"));
  if (lock.error().code != Code::store_locked) {
    return found.push_back(problem("lock", lock.error()));
  }
  found.push_back(ok("lock", lock.error().what));
}

void ask_store(const World& world, Diagnoses& found) {
  const Result<std::string> store = store_path(world);
  if (!store) return;  // the settings have been told of
  if (!file_exists(*store)) {
    const Error none = no_store(*store);
    found.push_back({State::warning, "store", none.what, none.remedy});
  } else if (const Result<std::unique_ptr<Reader>> reader = berth::open_reader(*store); !reader) {
    found.push_back(problem("store", reader.error()));
  } else if (const Result<WallTime> newest = (*reader)->newest(); !newest) {
    found.push_back(problem("store", newest.error()));
  } else {
    found.push_back(ok("store", *store + " can be read"));
  }
  ask_folder(*store, found);
  ask_lock(*store, found);
}

void ask_worker(Diagnoses& found) {
  const std::string worker = ras::worker_program();
  if (file_exists(worker)) return found.push_back(ok("worker", "berth-worker is there"));
  found.push_back({State::problem, "worker", "there is no " + worker,
                   "install berth-worker beside berth: modules run in it"});
}

// --- Modules that are registered ---

Diagnosis refused(std::string about, const ras::Refusal& refusal) {
  return {State::problem, std::move(about),
          refusal.module + ": " + refusal.what + " (" + refusal.rule + ")", refusal.remedy};
}

std::string file_name_of(const std::string& path) {
  std::string name = path.substr(path.find_last_of("/\\") + 1);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return name;
}

// Whether it gives addresses, as far as its exports show.
bool ask_module(const std::string& path, Diagnoses& found) {
  const std::string about = "module " + path;
  const check::Report report = check::check_file(path);
  const std::size_t before = found.size();
  for (const check::Finding& each : report.findings) {
    if (each.severity < check::Severity::warning) continue;
    found.push_back({each.severity == check::Severity::error ? State::problem : State::warning,
                     about, each.what + " (" + each.rule + ")", each.remedy});
  }
  for (const std::string& each : check::who_may_change(path, check::Owners::count)) {
    found.push_back({State::problem, about, each + " (R107)",
                     "let administrators alone write there: RAS runs it with all rights"});
  }
  if (found.size() == before) found.push_back(ok(about, "RAS would find and load it"));
  return ras::has(report.exported, ras::Callout::get_ipv4);
}

// Of the modules that give addresses RAS asks the first alone (R37).
void ask_order(const std::vector<std::string>& paths, Diagnoses& found) {
  std::set<std::string> seen;
  std::string first_with_addresses;
  bool berth = false;
  for (const std::string& path : paths) {
    const std::string name = file_name_of(path);
    if (!seen.insert(path).second) {
      found.push_back(
          {State::warning, "module " + path, "it is listed twice", "take one of the two away"});
      continue;
    }
    const bool gives = ask_module(path, found);
    if (name == "berth.dll") {
      berth = true;
      if (!first_with_addresses.empty()) {
        found.push_back({State::warning, "module " + path,
                         "RAS asks for IPv4 addresses at " + first_with_addresses +
                             ", which stands before it (R37)",
                         "put berth.dll first in DLLPath"});
      }
    }
    if (gives && first_with_addresses.empty()) first_with_addresses = path;
  }
  if (!berth) {
    found.push_back({State::warning, "modules", "berth.dll is not among them",
                     "register it, if it is to choose addresses on this machine"});
  }
}

}  // namespace

std::string_view state_name(State state) {
  constexpr std::string_view kNames[] = {"ok", "warning", "problem"};
  return kNames[static_cast<std::size_t>(state)];
}

std::vector<Diagnosis> diagnose(const World& world) {
  Diagnoses found;
  ask_settings(world, found);
  ask_store(world, found);
  ask_worker(found);
  if (check::native_kind() == check::ImageKind::pe) {
    std::ranges::move(diagnose_modules(ras::read_registered()), std::back_inserter(found));
  }
  return found;
}

std::vector<Diagnosis> diagnose_modules(const ras::Loaded<ras::Registered>& registered) {
  Diagnoses found;
  if (!registered) return {refused("registry", registered.error())};
  const ras::Loaded<ras::Registration> list = ras::registration_of(*registered);
  if (!list) return {refused("registry", list.error())};
  if (list->paths.empty()) {
    return {{State::warning, "registry",
             registered->key ? "DLLPath names no module" : "no module is registered (R102)",
             "register berth.dll, if it is to choose addresses on this machine"}};
  }
  for (const std::string& each : list->warnings) {
    found.push_back({State::warning, "registry", each, "write DLLPath without blanks"});
  }
  if (!registered->display_name) {
    found.push_back(
        {State::warning, "registry", "there is no DisplayName (R100)", "make it, as REG_SZ"});
  }
  if (found.empty()) {
    found.push_back(ok("registry", "DLLPath lists " + count_of(list->paths.size(), "module")));
  }
  ask_order(list->paths, found);
  return found;
}

}  // namespace berth::cli
