// check.cc - the file, then the module.
#include "check/check.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "check/address_probes.h"
#include "check/connection_probes.h"
#include "check/static_check.h"
#include "check/system.h"
#include "ras/library.h"

namespace berth::check {
namespace {

std::filesystem::path path_of(const std::string& utf8) {
  return {reinterpret_cast<const char8_t*>(utf8.c_str())};
}

// The bytes of a file; 126: it cannot be read.
ras::Loaded<std::string> read(const std::string& path) {
  const auto refused = [&](std::string what) {
    return std::unexpected(
        ras::Refusal{.code = static_cast<std::uint32_t>(ras::Win32::module_not_found),
                     .rule = "R110",
                     .module = path,
                     .callout = {},
                     .what = std::move(what),
                     .remedy = "see whether it is there, and whether you may read it"});
  };
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path_of(path), failed);
  if (failed) return refused("the file cannot be read: " + failed.message());
  if (size > kMostImageBytes) return refused("the file is too large for a module");
  std::string bytes(size, '\0');
  std::ifstream file(path_of(path), std::ios::binary);
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) {
    return refused("the file cannot be read");
  }
  return bytes;
}

bool has_error(const Report& report) { return report.count(Severity::error) != 0; }

Report read_file(const std::string& path, std::optional<Image>& image) {
  Report report{.module = path, .kind = {}, .machine = {}, .findings = {}};
  const ras::Loaded<std::string> bytes = read(path);
  if (!bytes) {
    report.findings.push_back(finding_of(bytes.error()));
    return report;
  }
  if (const ras::Loaded<void> placed = ras::check_place(path); !placed) {
    report.findings.push_back(finding_of(placed.error()));
  } else {
    const std::vector<std::string> others = who_may_change(path, Owners::count);
    for (const std::string& each : others) {
      report.findings.push_back({Severity::advice, "R107", each,
                                 "keep it where administrators alone may write: RAS runs it with "
                                 "all rights"});
    }
    if (others.empty()) {
      pass(report.findings, "R107", "the file is there, and administrators alone can change it");
    }
  }
  Result<Image> read = read_image(*bytes);
  if (!read) {
    report.findings.push_back(
        {Severity::error, "R110", read.error().what + " (error 193)", read.error().remedy});
    return report;
  }
  report.kind = read->kind;
  report.machine = read->machine;
  report.exported = callouts_of(*read);
  check_image(*read, path, report.findings);
  image = *std::move(read);
  report.loadable = !has_error(report);
  return report;
}

// All that is found out by calling it.
void call(Report& report, const CheckOptions& options) {
  Subject subject(report.module, {.program = options.worker, .deadline = options.deadline},
                  report.findings);
  const ras::Loaded<std::vector<std::string>> loaded = subject.load();
  report.called = true;
  if (!loaded) {
    report.findings.push_back(finding_of(loaded.error()));
    report.loadable = false;
    return;
  }
  pass(report.findings, "R121", "it is loaded and initialised in two processes at once");
  pass(report.findings, "R98", "it has all that RAS insists on");
  if (subject.face().style == ras::Style::table) {
    pass(report.findings, "R109", "it hands over a table of revision 2");
  }
  add_presence(subject.face(), *loaded, report.findings);
  probe_addresses(subject, options.user, report.findings);
  probe_connections(subject, options.user, report.findings);
  probe_nothing(subject, report.findings);
  probe_end(subject, report.findings);
}

}  // namespace

std::size_t Report::count(Severity severity) const {
  return static_cast<std::size_t>(std::ranges::count(findings, severity, &Finding::severity));
}

Report check_file(const std::string& path) {
  std::optional<Image> image;
  return read_file(path, image);
}

Report check_module(const std::string& path, const CheckOptions& options) {
  std::optional<Image> image;
  Report report = read_file(path, image);
  if (!image) return report;
  // What is of the other system, or broken already, can only be read.
  if (image->kind == native_kind() && report.loadable) {
    call(report, options);
  } else {
    check_exports(*image, path, report.findings);
    report.loadable = !has_error(report);
  }
  return report;
}

int exit_code_of(const Report& report, Strict strict) {
  constexpr int kConforms = 0;
  constexpr int kFindings = 1;
  constexpr int kRefused = 3;
  if (!report.loadable) return kRefused;
  const bool warned = strict == Strict::yes && report.count(Severity::warning) != 0;
  return has_error(report) || warned ? kFindings : kConforms;
}

}  // namespace berth::check
