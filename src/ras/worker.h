// worker.h - modules in processes of their own: what one of them breaks is its own.
//
// Each module has two workers, one for the address callouts and one for those about connections
// (R121): the module is loaded and initialised in both, and shares nothing between them. A worker
// makes its calls one by one (R115 to R119). A call that takes longer than the deadline, or in
// which the worker dies, fails; the worker is replaced, and those that waited behind it are made
// by the new one. So a hang costs the call that hung, and those behind it one deadline.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "ras/in_process.h"

namespace berth::ras {

struct WorkerOptions {
  std::string program;                             // berth-worker, with its path
  std::chrono::milliseconds deadline{200};         // of a call, from when it is the worker's turn
  std::chrono::milliseconds start_deadline{5000};  // of loading and initialising
  // After so many failures in a row the module is off: no call is made any more, each fails at
  // once.
  int most_failures = 5;
  // Of the worker for addresses: elsewhere, it makes the state that it needs by itself (R122).
  Initialized addresses = Initialized::here;
  // What becomes of an administration function that a callout calls (R131). In a faithful worker it
  // never returns, so that the deadline ends the call.
  Manner manner = Manner::checking;
  // Told of each failure, from the thread that made the call.
  std::function<void(const Module&, const Call&, const CallFailure&)> failed = nullptr;
};

// Calls that wait for one worker at most; more fail at once.
inline constexpr std::size_t kMostQueued = 1024;

// As load_in_process(), in both workers. Destroying the module ends them.
[[nodiscard]] Loaded<LoadedModule> load_in_workers(const std::string& path, Strictness strictness,
                                                   const WorkerOptions& options);

// The whole of a worker process: loads what it is told to, makes the calls that come, and returns
// the exit code when nobody is left to ask.
[[nodiscard]] int run_worker();

}  // namespace berth::ras
