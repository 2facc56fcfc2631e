// subject.cc - one call after the other, and what became of it.
#include "check/subject.h"

namespace berth::check {
namespace {

using How = ras::CallFailure::How;

struct Way {
  std::string rule;
  std::string what;
  std::string remedy;
};

Way way_of(const ras::CallFailure& failure, std::chrono::milliseconds deadline) {
  switch (failure.how) {
    case How::deadline:
      return {"R120",
              "did not return within " + std::to_string(deadline.count()) +
                  " ms: all other clients wait meanwhile",
              "return at once, and do what takes time on a thread of its own"};
    case How::overran:
      return {"R6", "wrote beyond the memory of its answer",
              "write four bytes of an IPv4 address, sixteen of IPv6, and one BOOL"};
    case How::kept:
      return {"R6", "or another thread wrote through a pointer that an earlier callout had kept",
              "copy what is needed later: arguments are there for the time of the call"};
    case How::crashed:
    case How::off: break;
  }
  return {"R8", "ended its process: " + failure.what, "run it in a debugger: rashost --in-process"};
}

}  // namespace

ras::Loaded<std::vector<std::string>> Subject::load(ras::Initialized addresses) {
  module_.reset();
  options_.addresses = addresses;
  ras::Loaded<ras::LoadedModule> loaded =
      ras::load_in_workers(path_, ras::Strictness::enforced, options_);
  if (!loaded) return std::unexpected(loaded.error());
  module_ = std::move(loaded->module);
  return std::move(loaded->warnings);
}

ras::Answer Subject::ask(const ras::Call& call, const Bearing& bearing) {
  if (told_.contains({call.callout, How::deadline})) {
    return {.address = {}, .failure = ras::CallFailure{How::deadline, "it did not return before"}};
  }
  ras::Answer answer = module_->call(call);
  if (!answer.administration.empty() && forbidden_.insert(call.callout).second) {
    findings_.push_back({Severity::error, "R130",
                         std::string(ras::callout_name(call.callout)) + " called " +
                             answer.administration + ", which never returns to a callout",
                         "call it from a thread of your own that no callout waits for (R131)"});
  }
  if (!answer.failure || !told_.insert({call.callout, answer.failure->how}).second) return answer;
  const Way way = way_of(*answer.failure, options_.deadline);
  findings_.push_back({bearing.severity, bearing.rule.empty() ? way.rule : bearing.rule,
                       std::string(ras::callout_name(call.callout)) +
                           (bearing.with.empty() ? "" : ", " + bearing.with + ",") + " " + way.what,
                       way.remedy});
  return answer;
}

}  // namespace berth::check
