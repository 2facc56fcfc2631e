// command_line.cc - hands every verb its part of CLI11, and turns its exceptions into Errors.
#include "cli/command_line.h"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "cli/verbs.h"
#include "core/quote.h"
#include "settings/near_miss.h"

namespace berth::cli {

namespace {

std::string unknown_verb_remedy(std::string_view word) {
  std::vector<std::string_view> names;
  for (const Verb& verb : verbs()) names.push_back(verb.name);
  const std::string_view nearest = near_miss(word, names);
  if (nearest.empty()) return "berth --help lists the verbs";
  return "did you mean " + std::string(nearest) + "? berth --help lists the verbs";
}

}  // namespace

CommandLine::CommandLine(World& world)
    : app_(std::make_unique<CLI::App>("gives every remote user the right address, and remembers "
                                      "who had it",
                                      "berth")) {
  auto plain = [](CLI::App& app) {
    app.allow_windows_style_options(false);  // /etc/berth.toml is a file on every system
    app.set_help_flag("-h,--help", "shows what there is to say");
  };
  plain(*app_);
  app_->add_option("--settings", world.settings_path,
                   "the settings; else $BERTH_SETTINGS, ./berth.toml or the system's berth.toml")
      ->type_name("FILE");
  app_->add_option("--store", world.store_path, "the store, in place of the one in the settings")
      ->type_name("FILE");
  app_->add_flag("--json", world.json, "answers in JSON");
  app_->set_version_flag("--version", "berth " + world.version, "shows the version");
  app_->require_subcommand(0, 1);

  entries_.reserve(verbs().size());
  for (const Verb& verb : verbs()) {
    CLI::App* app = app_->add_subcommand(std::string(verb.name), std::string(verb.summary));
    plain(*app);
    app->fallthrough();  // global options may stand behind the verb
    Run run = verb.options(*app);
    entries_.push_back({&verb, app, std::move(run)});
  }
}

CommandLine::~CommandLine() = default;

Result<CommandLine::Asked> CommandLine::parse(std::vector<std::string> arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  try {
    app_->parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return Asked{Asked::What::help, chosen()};
  } catch (const CLI::CallForVersion&) {
    return Asked{Asked::What::version, nullptr};
  } catch (const CLI::ParseError& error) {
    return std::unexpected(wrong(arguments, error.what()));
  }
  for (const char* name : {"--settings", "--store"}) {
    const CLI::Option* option = app_->get_option(name);
    if (option->count() > 0 && option->as<std::string>().empty()) {
      return fail(Code::invalid, std::string(name) + " is empty",
                  "name a file, or leave the option out");
    }
  }
  if (chosen() == nullptr) return Asked{Asked::What::help, nullptr};
  return Asked{Asked::What::verb, chosen()};
}

const CommandLine::Entry* CommandLine::chosen() const {
  auto found =
      std::ranges::find_if(entries_, [](const Entry& entry) { return entry.app->parsed(); });
  return found == entries_.end() ? nullptr : &*found;
}

// CLI11 says what did not fit. Where the verb itself is unknown that is the better thing to say.
Error CommandLine::wrong(const std::vector<std::string>& arguments, const std::string& what) const {
  if (const Entry* entry = chosen()) {
    return {Code::invalid, what,
            "berth " + std::string(entry->verb->name) + " --help says what it takes"};
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--settings" || word == "--store") {
      ++i;  // its value is no verb
    } else if (!word.starts_with('-')) {
      return {Code::invalid, "no verb is called " + berth::quoted(word), unknown_verb_remedy(word)};
    }
  }
  return {Code::invalid, what, "berth --help says what it takes"};
}

}  // namespace berth::cli
