// finding.h - what was seen of a module, each with the rule of the contract that it is about.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace berth::check {

// In the order of weight. An error keeps RAS from starting, a user from connecting, or breaks what
// others rely on; a warning is what a RAS bears and the contract does not have; advice is nobody's
// right to demand.
enum class Severity : std::uint8_t { passed, advice, warning, error };
[[nodiscard]] std::string_view severity_name(Severity severity);  // "passed", "advice", …

struct Finding {
  Severity severity = Severity::passed;
  std::string rule;    // "R36"
  std::string what;    // one sentence that names the thing
  std::string remedy;  // what to do; empty where it passed

  bool operator==(const Finding&) const = default;
};
using Findings = std::vector<Finding>;

inline void pass(Findings& findings, std::string rule, std::string what) {
  findings.push_back({Severity::passed, std::move(rule), std::move(what), {}});
}

}  // namespace berth::check
