// report.cc - what was found, for people and for programs.
#include <algorithm>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "check/check.h"
#include "check/system.h"
#include "core/quote.h"
#include "core/utf16.h"

namespace berth::check {
namespace {

std::string counted(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string verdict_of(const Report& report, Strict strict) {
  const std::string counts = counted(report.count(Severity::error), "error") + ", " +
                             counted(report.count(Severity::warning), "warning") + ", " +
                             fmt::format("{} of advice", report.count(Severity::advice));
  switch (exit_code_of(report, strict)) {
    case 0: return "CONFORMS: " + counts;
    case 1: return "DOES NOT CONFORM: " + counts;
    default: return "RAS DOES NOT LOAD IT: " + counts;
  }
}

std::string what_it_is(const Report& report) {
  if (!report.kind) return "no module";
  std::string text = fmt::format("{} for {}", kind_name(*report.kind), report.machine);
  if (report.called || *report.kind == native_kind()) return text;
  return text + fmt::format("; only read: calling it needs {}",
                            *report.kind == ImageKind::pe ? "Windows" : "Linux");
}

// Names of files and what loaders say need not be UTF-8; JSON is.
boost::json::string json_text(const std::string& text) {
  return boost::json::string(utf16_of(text) ? text : berth::quoted(text));
}

}  // namespace

std::string_view severity_name(Severity severity) {
  constexpr std::string_view kNames[] = {"passed", "advice", "warning", "error"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::string text_of(const Report& report, Strict strict) {
  Findings findings = report.findings;
  std::ranges::stable_sort(findings, {}, &Finding::severity);
  std::string text = what_it_is(report) + "\n";
  for (const Finding& each : findings) {
    text += fmt::format("{:<8} {:<5} {}\n", severity_name(each.severity), each.rule, each.what);
    if (!each.remedy.empty()) text += fmt::format("{:<14} {}\n", "", each.remedy);
  }
  return text + verdict_of(report, strict) + "\n";
}

boost::json::object json_of(const Report& report, Strict strict) {
  boost::json::array findings;
  for (const Finding& each : report.findings) {
    findings.push_back(boost::json::object{{"rule", each.rule},
                                           {"severity", severity_name(each.severity)},
                                           {"what", json_text(each.what)},
                                           {"remedy", json_text(each.remedy)}});
  }
  boost::json::value kind;
  if (report.kind) kind = kind_name(*report.kind);
  return {{"module", json_text(report.module)}, {"kind", std::move(kind)},
          {"machine", report.machine},          {"called", report.called},
          {"loadable", report.loadable},        {"conforms", exit_code_of(report, strict) == 0},
          {"findings", std::move(findings)}};
}

}  // namespace berth::check
