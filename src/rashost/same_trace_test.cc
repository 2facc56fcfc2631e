// same_trace_test.cc - one scenario, one trace: the same bytes on every system.
//
// The trace lies beside the scenario and is compared on each system that runs the tests. After a
// change that is meant, BERTH_REWRITE=1 writes it anew.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "ras/modules_for_tests.h"
#include "rashost/host.h"
#include "rashost/trace.h"

namespace berth::ras::testing {
namespace {

const std::string kTraces = std::string(BERTH_SOURCE_DIR) + "/src/rashost/traces/";

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Every call, every event, and what came of it all. Findings are counted: they name paths, and how
// a process ended.
std::string trace_of(const std::string& text, Isolation isolation) {
  Registration registration;
  for (const char* each : {"odd_table", "odd"}) registration.paths.push_back(module_path(each));
  std::string trace;
  Host host(
      registration,
      {.isolation = isolation,
       .workers = {.program = worker_path(), .deadline = std::chrono::seconds(20)}},
      [&](std::uint64_t number, const Made& made) { trace += line_of(number, made) + '\n'; },
      [&](const std::string& event) { trace += "       -- " + event + " --\n"; });
  const Result<Scenario> scenario = parse_scenario(text, "lives.scenario");
  if (!scenario) return scenario.error().what;
  const Loaded<Judged> judged = host.play(*scenario);
  if (!judged) return to_string(judged.error());
  return trace + std::to_string(judged->calls) + " calls, " + std::to_string(judged->came_up) +
         " up, " + std::to_string(judged->refused) + " refused, " +
         std::to_string(judged->finding_count) + " findings\n";
}

TEST(SameTrace, OneScenarioHasOneTraceOnEverySystem) {
  const std::string trace = trace_of(contents(kTraces + "lives.scenario"), Isolation::workers);
  if (std::getenv("BERTH_REWRITE") != nullptr) {
    std::ofstream(kTraces + "lives.trace", std::ios::binary) << trace;
  }
  EXPECT_EQ(trace, contents(kTraces + "lives.trace"));
}

TEST(SameTrace, AProcessOfItsOwnMakesNoDifference) {
  const std::string text =
      "pool 10.0.0.1-10.0.0.200\n"
      "connect a user=ana port=VPN2-1 families=ipv4,ipv6\n"
      "link a port=VPN2-2\n"
      "hang-up a\n"
      "random connections=100 users=10 ports=8 seed=3\n";
  EXPECT_EQ(trace_of(text, Isolation::workers), trace_of(text, Isolation::in_process));
}

}  // namespace
}  // namespace berth::ras::testing
