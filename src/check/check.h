// check.h - the conformance kit: how far a module keeps to the contract, rule by rule.
//
//   const Report report = check_module("/opt/berth/sample.so", {.worker = worker_program()});
//   std::cout << text_of(report);
//   return exit_code_of(report, Strict::no);
//
// First the file is read, whichever system it is for; then, where it is for this one, the module is
// loaded and called in worker processes, with users and connections that are made up. It is asked
// for real addresses: a module that keeps a store writes to it, and gets back what it gave.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "check/finding.h"
#include "check/image.h"
#include "ras/callout.h"

namespace berth::check {

struct CheckOptions {
  std::string worker;                        // berth-worker, with its path
  std::chrono::milliseconds deadline{1000};  // of one call
  std::u16string user = u"berth-check";  // one whom the module serves, for what it gives to none
};

struct Report {
  std::string module;             // its path, absolute
  std::optional<ImageKind> kind;  // nothing: it is no library
  std::string machine;
  ras::CalloutSet exported;  // by name; what a table holds is not among them
  bool called = false;       // rather than only read
  bool loadable = false;     // as far as was seen, RAS would load it
  Findings findings;         // in the order in which they were made

  [[nodiscard]] std::size_t count(Severity severity) const;
};

// Takes some seconds. Any thread; the calling one does the work.
[[nodiscard]] Report check_module(const std::string& path, const CheckOptions& options);

// What the file alone says of it (static_check.h): the first part of check_module().
[[nodiscard]] Report check_file(const std::string& path);

// Whether warnings count like errors.
enum class Strict : std::uint8_t { no, yes };

// 0: it conforms; 1: there are findings; 3: RAS would not load it.
[[nodiscard]] int exit_code_of(const Report& report, Strict strict);

// For people: a line for each finding, the worst last, and a verdict.
[[nodiscard]] std::string text_of(const Report& report, Strict strict);
// For programs: "module", "kind", "machine", "called", "loadable", "conforms", "findings".
[[nodiscard]] boost::json::object json_of(const Report& report, Strict strict);

}  // namespace berth::check
