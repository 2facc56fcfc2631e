// subject.h - a module under examination, in workers that may die of it.
//
// Whatever a call does to its worker becomes a finding, once for each callout and each way to fail,
// and the next call is made by a new one. So does an administration function that a callout calls
// (R130). One thread.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "check/finding.h"
#include "ras/worker.h"

namespace berth::check {

// How bad it is where a call does not return as it should.
struct Bearing {
  Severity severity = Severity::error;
  std::string rule = {};  // else that of the way it failed: R8, R6, R120
  std::string with = {};  // "with an empty user": what was special about the call
};

class Subject {
 public:
  Subject(std::string path, ras::WorkerOptions options, Findings& findings)
      : path_(std::move(path)), options_(std::move(options)), findings_(findings) {
    options_.most_failures = kNoEnd;
  }

  // Loads it anew, in two new processes; what it remembered is gone. Why not, where RAS would
  // refuse it.
  [[nodiscard]] ras::Loaded<std::vector<std::string>> load(
      ras::Initialized addresses = ras::Initialized::here);
  [[nodiscard]] bool is_loaded() const { return module_ != nullptr; }

  // Of a module that is loaded.
  [[nodiscard]] const ras::Face& face() const { return module_->face(); }
  [[nodiscard]] const ras::Flavours& flavours() const { return module_->flavours(); }
  [[nodiscard]] bool has(ras::Callout callout) const { return module_->has(callout); }

  // The callout must be there. An answer with a failure has been told of. What did not return once
  // is not asked again: it is not waited for over and over.
  ras::Answer ask(const ras::Call& call, const Bearing& bearing);
  // The same, and it is not told of.
  [[nodiscard]] ras::Answer ask_quietly(const ras::Call& call) { return module_->call(call); }

 private:
  static constexpr int kNoEnd = 1'000'000;  // of failures that are looked for

  std::string path_;
  ras::WorkerOptions options_;
  Findings& findings_;
  std::unique_ptr<ras::Module> module_;
  std::set<std::pair<ras::Callout, ras::CallFailure::How>> told_;
  std::set<ras::Callout> forbidden_;  // called an administration function, and it was told
};

}  // namespace berth::check
