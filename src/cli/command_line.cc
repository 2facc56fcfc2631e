// command_line.cc - hands every verb its part of CLI11, and turns its exceptions into Errors.
#include "cli/command_line.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include <CLI/CLI.hpp>

#include "cli/verbs.h"
#include "core/quote.h"

namespace berth::cli {

namespace {

// How many letters must change to make one word of the other (Levenshtein).
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      std::size_t change = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, change}));
    }
  }
  return row.back();
}

std::string unknown_verb_remedy(std::string_view word) {
  constexpr std::size_t kLongestWord = 32;  // a longer one is no slip of the finger
  std::string_view nearest;
  std::size_t least = 3;
  for (const Verb& verb : verbs()) {
    if (word.size() > kLongestWord) break;
    std::size_t changes = distance(word, verb.name);
    if (changes < least) {
      least = changes;
      nearest = verb.name;
    }
  }
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
