// main.cc - rashost: the RAS side as a program, for whoever writes an administration module.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "check/check.h"
#include "core/quote.h"
#include "core/utf16.h"
#include "ras/listener.h"
#include "ras/process.h"
#include "ras/registered.h"
#include "rashost/host.h"
#include "rashost/trace.h"

namespace berth::ras {
namespace {

// Exit codes.
constexpr int kGood = 0;
constexpr int kFindings = 1;
constexpr int kWrongUse = 2;
constexpr int kRefused = 3;

struct Asked {
  std::string check;  // a module; empty: a scenario is played
  std::string user;   // for the check
  std::string scenario;
  std::vector<std::string> modules;
  std::string settings;  // a file; empty: addresses are the scenario's
  bool registered = false;
  bool json = false;
  bool quiet = false;
  bool strict = false;
  bool windows_2000 = false;
  bool in_process = false;
  bool faithful = false;
  std::optional<int> deadline;
  std::string worker;
  std::string admin_socket;
};

int complain(const Error& error) {
  std::cerr << "rashost: " << error.what << '\n';
  if (!error.remedy.empty()) std::cerr << "         " << error.remedy << '\n';
  return kWrongUse;
}

Result<std::string> read(const std::string& path) {
  std::ostringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  const std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Code::invalid, "cannot read " + berth::quoted(path), "name a scenario");
  text << file.rdbuf();
  return text.str();
}

void print(const Judged& judged, bool json) {
  if (json) {
    boost::json::array findings(judged.findings.begin(), judged.findings.end());
    std::cout << boost::json::object{{"calls", judged.calls},
                                     {"connections", judged.came_up},
                                     {"refused", judged.refused},
                                     {"good", judged.good()},
                                     {"finding_count", judged.finding_count},
                                     {"findings", std::move(findings)}}
              << '\n';
    return;
  }
  for (const std::string& each : judged.findings) std::cout << "!!     " << each << '\n';
  if (judged.finding_count > judged.findings.size()) {
    std::cout << "!!     and " << judged.finding_count - judged.findings.size() << " more\n";
  }
  std::cout << (judged.good() ? "GOOD" : "NOT GOOD") << ": " << judged.calls << " calls, "
            << judged.came_up << " connections came up, " << judged.refused << " were refused, "
            << judged.finding_count << " findings\n";
}

// Those named, else those of the machine, else those of the settings.
Loaded<Registration> modules_of(const Asked& asked, const std::optional<Settings>& settings) {
  if (settings && asked.modules.empty() && !asked.registered) {
    return Registration{
        .display_name = settings->ras.display_name, .paths = settings->ras.modules, .warnings = {}};
  }
  if (asked.registered) {
    const Loaded<Registered> registered = read_registered();
    if (!registered) return std::unexpected(registered.error());
    return registration_of(*registered);
  }
  Registration registration;
  for (const std::string& module : asked.modules) {
    registration.paths.push_back(std::filesystem::absolute(module).string());
  }
  return registration;
}

// Of the modules that the machine has registered its log is told, as RAS would tell it (R111).
int refuse(const Refusal& refusal, const Asked& asked) {
  std::cerr << "rashost: RAS does not start: " << to_string(refusal) << '\n';
  if (asked.registered) log_refusal(refusal);
  return kRefused;
}

int check(const Asked& asked) {
  check::CheckOptions options{.worker = asked.worker};
  if (!asked.user.empty()) options.user = utf16_of(asked.user).value_or(u"");
  if (options.user.empty() || options.user.size() > kMaxUserUnits) {
    return complain({Code::invalid, berth::quoted(asked.user) + " cannot be a user",
                     "name one of at most 256 characters, in UTF-8"});
  }
  if (asked.deadline) options.deadline = std::chrono::milliseconds(*asked.deadline);
  const check::Report report =
      check::check_module(std::filesystem::absolute(asked.check).string(), options);
  const check::Strict strict = asked.strict ? check::Strict::yes : check::Strict::no;
  if (asked.json) {
    std::cout << check::json_of(report, strict) << '\n';
  } else {
    std::cout << check::text_of(report, strict);
  }
  return check::exit_code_of(report, strict);
}

int play(const Asked& asked) {
  const Result<std::string> text = read(asked.scenario);
  if (!text) return complain(text.error());
  const Result<Scenario> scenario =
      parse_scenario(*text, asked.scenario == "-" ? "standard input" : asked.scenario);
  if (!scenario) return complain(scenario.error());

  std::optional<Settings> settings;
  if (!asked.settings.empty()) {
    Result<Settings> read = read_settings(asked.settings);
    if (!read) return complain(read.error());
    settings = *std::move(read);
  }
  const RasSettings ras = settings ? settings->ras : RasSettings{};
  const Loaded<Registration> registration = modules_of(asked, settings);
  if (!registration) return refuse(registration.error(), asked);
  for (const std::string& warning : registration->warnings) {
    std::cerr << "rashost: " << warning << '\n';
  }
  LoadOptions options{
      .strictness = asked.strict || ras.strict ? Strictness::documented : Strictness::enforced,
      .isolation = asked.in_process || ras.in_process ? Isolation::in_process : Isolation::workers,
      .workers = {.program = asked.worker,
                  .deadline = asked.deadline ? std::chrono::milliseconds(*asked.deadline)
                                             : std::chrono::milliseconds(ras.deadline),
                  .most_failures = ras.failures},
      .manner = asked.faithful ? Manner::faithful : Manner::checking,
      .chain = {.when_off = ras.when_off, .windows_2000 = asked.windows_2000}};
  Host host(
      *registration, options,
      [&](std::uint64_t number, const Made& made) {
        if (asked.quiet) return;
        if (asked.json) {
          std::cout << json_of(number, made) << '\n';
        } else {
          std::cout << line_of(number, made) << '\n';
        }
      },
      [&](const std::string& event) {
        if (asked.quiet) return;
        if (asked.json) {
          std::cout << boost::json::object{{"event", event}} << '\n';
        } else {
          std::cout << "       -- " << event << " --\n";
        }
      },
      settings);
  std::unique_ptr<Listener> listener;
  if (!asked.admin_socket.empty()) {
    Result<std::unique_ptr<Listener>> opened =
        Listener::open(asked.admin_socket, host.administered().live(), host.administered().hooks());
    if (!opened) return complain(opened.error());
    listener = *std::move(opened);
  }
  const Loaded<Judged> judged = host.play(*scenario);
  if (!judged) return refuse(judged.error(), asked);
  print(*judged, asked.json);
  return judged->good() ? kGood : kFindings;
}

}  // namespace
}  // namespace berth::ras

int main(int count, char** arguments) {
  using namespace berth::ras;  // NOLINT(google-build-using-namespace)
  Asked asked;
  asked.worker = worker_program();
  CLI::App app(
      "Plays a scenario to administration modules as a remote-access server would: loads them in "
      "their order, calls each callout as the contract has it, shows every call, and says what was "
      "not as it should be.",
      "rashost");
  app.set_version_flag("--version", BERTH_VERSION);
  app.allow_windows_style_options(false);  // /tmp/a.scenario is a file on every system
  CLI::Option* const scenario =
      app.add_option("SCENARIO", asked.scenario, "what is to happen; - for standard input");
  CLI::Option* const modules =
      app.add_option("MODULE", asked.modules, "modules, in the order of registration");
  app.add_option(
         "--settings", asked.settings,
         "a berth.toml: addresses and leases are those of its store, and modules those of its "
         "[ras] where none are named")
      ->type_name("FILE");
  app.add_flag("--registered", asked.registered,
               "the modules that Windows has registered, in place of MODULE")
      ->excludes(modules);
  CLI::Option* const checked =
      app.add_option("--check", asked.check,
                     "in place of a scenario: says how far this module keeps to the contract")
          ->type_name("MODULE")
          ->excludes(scenario);
  app.add_option("--user", asked.user, "with --check: a user whom the module serves")
      ->needs(checked);
  app.add_flag("--json", asked.json, "an object a line in place of text");
  app.add_flag("--quiet", asked.quiet, "the verdict alone");
  app.add_flag("--strict", asked.strict,
               "refuse what lacks a callout that the documentation asks for");
  app.add_flag("--windows-2000", asked.windows_2000,
               "as Windows 2000 does: one module, and no hang-up after a refusal");
  app.add_flag("--in-process", asked.in_process,
               "load modules into this process; else each has two of its own");
  app.add_flag(
      "--faithful", asked.faithful,
      "an administration function that a callout calls never returns, as with RAS; else it "
      "fails and is found");
  app.add_option("--deadline", asked.deadline,
                 "milliseconds that a callout may take: 200; with --check 1000")
      ->check(CLI::Range(1, 600'000));
  app.add_option("--admin-socket", asked.admin_socket,
                 "where libmprapi.so asks who is connected, a Unix socket; else it is not asked")
      ->type_name("PATH");
  app.add_option("--worker", asked.worker,
                 "the program berth-worker, if it is not beside this one");
  try {
    app.parse(count, arguments);
    if (asked.check.empty() && asked.scenario.empty()) throw CLI::RequiredError("SCENARIO");
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kGood : kWrongUse;
  }
  return asked.check.empty() ? play(asked) : check(asked);
}
