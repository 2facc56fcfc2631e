// check.cc - berth check: does an administration module keep to the contract?
#include "check/check.h"

#include <filesystem>
#include <ostream>
#include <sstream>

#include <CLI/CLI.hpp>

#include "cli/json.h"
#include "cli/verbs.h"
#include "core/quote.h"
#include "core/utf16.h"
#include "ras/facts.h"
#include "ras/process.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

struct Asked {
  std::string module;
  std::string user = "berth-check";
  int deadline = 1000;
  bool strict = false;
};

Exit exit_of(int code) {
  if (code == 0) return Exit::done;
  return code == 1 ? Exit::refused : Exit::bad_store;
}

void print(World& world, const check::Report& report, check::Strict strict) {
  if (world.json) {
    return print_json(world.out, check::json_of(report, strict));
  }
  std::istringstream text(check::text_of(report, strict));
  for (std::string line; std::getline(text, line);) world.out << printable(line) << '\n';
}

Outcome check_module(World& world, const Asked& asked) {
  const std::optional<std::u16string> user = utf16_of(asked.user);
  if (!user || user->empty() || user->size() > ras::kMaxUserUnits) {
    return fail(Code::invalid, berth::quoted(asked.user) + " cannot be a user",
                "name one of at most 256 characters, in UTF-8");
  }
  const std::u8string path(asked.module.begin(), asked.module.end());
  const std::u8string whole = std::filesystem::absolute(path).u8string();
  const check::Report report = check::check_module(
      {whole.begin(), whole.end()}, {.worker = ras::worker_program(),
                                     .deadline = std::chrono::milliseconds(asked.deadline),
                                     .user = *user});
  const check::Strict strict = asked.strict ? check::Strict::yes : check::Strict::no;
  print(world, report, strict);
  return exit_of(check::exit_code_of(report, strict));
}

}  // namespace

Verb check_verb() {
  return {.name = "check",
          .summary = "says how far an administration module keeps to the contract",
          .manual =
              "Reads MODULE, a DLL or a shared object: for which machine it is, what it exports "
              "and needs. Where it is for this system it is then loaded and called in processes "
              "of its own, as a remote-access server would call it, and a little worse. Each "
              "finding names its rule and says what to do.\n\n"
              "The exit code is 0 where it conforms, 1 where there are errors, 3 where a server "
              "would not load it. --strict counts warnings as errors.\n\n"
              "The module is asked for real addresses, for --user and for made-up users, and gets "
              "them back. Do not check one that is in use on this machine.",
          .example = "berth check /usr/lib/berth/sample.so\nberth check sample.dll --strict --json",
          .options = [](CLI::App& app) -> Run {
            auto asked = std::make_shared<Asked>();
            app.add_option("MODULE", asked->module, "the file of the module")->required();
            app.add_option("--user", asked->user, "a user whom the module serves: berth-check");
            app.add_option("--deadline", asked->deadline,
                           "milliseconds that a callout may take: 1000")
                ->check(CLI::Range(1, 600'000));
            app.add_flag("--strict", asked->strict, "warnings count as errors");
            return [asked](World& world) { return check_module(world, *asked); };
          }};
}

}  // namespace berth::cli
