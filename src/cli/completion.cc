// completion.cc - berth completion: what a shell needs to finish words, made from the verbs.
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ostream.h>

#include "cli/command_line.h"
#include "cli/describe.h"
#include "cli/verbs.h"
#include "core/quote.h"

namespace berth::cli {

namespace {

// What may follow a verb: its own options and the global ones.
std::vector<OptionText> all_options(const CommandLine& line, const CommandLine::Entry& entry) {
  std::vector<OptionText> options = options_of(*entry.app);
  for (OptionText& option : options_of(line.app())) {
    if (option.names.back() != "--help") options.push_back(std::move(option));
  }
  return options;
}

std::string joined_names(const std::vector<OptionText>& options) {
  std::string names;
  for (const OptionText& option : options) {
    if (!option.argument) names += (names.empty() ? "" : " ") + option.names.back();
  }
  return names;
}

// In single quotes of a shell.
std::string shell_quoted(std::string_view text) {
  std::string quoted_text = "'";
  for (char c : text) {
    if (c == '\'') {
      quoted_text += "'\\''";
    } else {
      quoted_text += c;
    }
  }
  return quoted_text + "'";
}

void print_bash(std::ostream& out, const CommandLine& line) {
  std::string names;
  for (const CommandLine::Entry& entry : line.entries()) {
    names += (names.empty() ? "" : " ") + std::string(entry.verb->name);
  }
  fmt::print(out, R"(# berth completion bash
_berth() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} verb="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in
      --settings | --store) ((i++)) ;;
      -*) ;;
      *) verb=${{COMP_WORDS[i]}}; break ;;
    esac
  done
  COMPREPLY=()
  case $verb:$before in
    *:--settings | *:--store) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
)");
  for (const CommandLine::Entry& entry : line.entries()) {
    for (const OptionText& option : options_of(*entry.app)) {
      if (option.argument || option.choices().empty()) continue;
      fmt::print(out,
                 "    {}:{}) mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\"); return ;;\n",
                 entry.verb->name, option.names.back(), fmt::join(option.choices(), " "));
    }
  }
  fmt::print(out, "  esac\n  case $verb in\n    '') words='{} {}' ;;\n", names,
             joined_names(options_of(line.app())));
  for (const CommandLine::Entry& entry : line.entries()) {
    std::string words = joined_names(all_options(line, entry));
    for (const OptionText& option : options_of(*entry.app)) {
      if (!option.argument) continue;
      for (const std::string& choice : option.choices()) words += " " + choice;
    }
    fmt::print(out, "    {}) words='{}' ;;\n", entry.verb->name, words);
  }
  fmt::print(out, R"(    *) words='' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  [[ $verb && $word != -* ]] || return 0
  mapfile -t -O ${{#COMPREPLY[@]}} COMPREPLY < <(compgen -f -- "$word")
}}
complete -o filenames -F _berth berth
)");
}

// "--user[the user]:NAME:" of zsh's _arguments; what stands in brackets and colons is escaped.
std::string zsh_option(const OptionText& option) {
  std::string what;
  for (char c : option.description) {
    if (c == '[' || c == ']' || c == ':') what += '\\';
    what += c;
  }
  std::string action;
  if (!option.choices().empty()) {
    action = fmt::format("({})", fmt::join(option.choices(), " "));
  } else if (option.value == "FILE" || option.names.back() == "FILE") {
    action = "_files";
  }
  if (option.argument) {
    return fmt::format("{}:{}:{}", option.repeated ? "*" : "", option.names.back(), action);
  }
  std::string again = option.repeated ? "*" : "";
  std::string value =
      option.value.empty() ? "" : fmt::format(":{}:{}", option.names.back(), action);
  return fmt::format("{}{}[{}]{}", again, option.names.back(), what, value);
}

void print_zsh(std::ostream& out, const CommandLine& line) {
  fmt::print(out,
             "#compdef berth\n# berth completion zsh\n_berth() {{\n"
             "  local state line\n  _arguments -C \\\n");
  for (const OptionText& option : options_of(line.app())) {
    fmt::print(out, "    {} \\\n", shell_quoted(zsh_option(option)));
  }
  fmt::print(out,
             "    '1:verb:->verb' '*::rest:->rest'\n  case $state in\n    verb)\n"
             "      local -a verbs=(\n");
  for (const CommandLine::Entry& entry : line.entries()) {
    fmt::print(out, "        {}\n",
               shell_quoted(fmt::format("{}:{}", entry.verb->name, entry.verb->summary)));
  }
  fmt::print(out, "      )\n      _describe verb verbs ;;\n    rest)\n      case $line[1] in\n");
  for (const CommandLine::Entry& entry : line.entries()) {
    fmt::print(out, "        {}) _arguments", entry.verb->name);
    for (const OptionText& option : all_options(line, entry)) {
      fmt::print(out, " \\\n            {}", shell_quoted(zsh_option(option)));
    }
    fmt::print(out, " ;;\n");
  }
  fmt::print(out,
             "      esac ;;\n  esac\n}}\n"
             // Autoloaded, this file is the function itself at its first call; else it is sourced.
             "if [[ ${{funcstack[1]}} == _berth ]]; then\n  _berth \"$@\"\n"
             "else\n  compdef _berth berth\nfi\n");
}

// In single quotes of fish, where only \ and ' are special.
std::string fish_quoted(std::string_view text) {
  std::string quoted_text = "'";
  for (char c : text) {
    if (c == '\'' || c == '\\') quoted_text += '\\';
    quoted_text += c;
  }
  return quoted_text + "'";
}

void print_fish_option(std::ostream& out, std::string_view condition, const OptionText& option) {
  if (option.argument) {
    if (option.choices().empty()) return;
    fmt::print(out, "complete -c berth {}-f -a {}\n", condition,
               fish_quoted(fmt::format("{}", fmt::join(option.choices(), " "))));
    return;
  }
  fmt::print(out, "complete -c berth {}-l {} -d {}", condition, option.names.back().substr(2),
             fish_quoted(option.description));
  if (!option.choices().empty()) {
    fmt::print(out, " -x -a {}", fish_quoted(fmt::format("{}", fmt::join(option.choices(), " "))));
  } else if (!option.value.empty()) {
    out << (option.value == "FILE" ? " -r" : " -x");
  }
  fmt::print(out, "\n");
}

void print_fish(std::ostream& out, const CommandLine& line) {
  fmt::print(out, "# berth completion fish\n");
  for (const OptionText& option : options_of(line.app())) print_fish_option(out, "", option);
  for (const CommandLine::Entry& entry : line.entries()) {
    fmt::print(out, "complete -c berth -n __fish_use_subcommand -f -a {} -d {}\n", entry.verb->name,
               fish_quoted(entry.verb->summary));
    std::string condition = fmt::format("-n '__fish_seen_subcommand_from {}' ", entry.verb->name);
    for (const OptionText& option : options_of(*entry.app)) {
      print_fish_option(out, condition, option);
    }
  }
}

Outcome completion(World& world, const std::string& shell) {
  World scratch = world;  // parsing would set its options
  CommandLine line(scratch);
  if (shell == "bash") {
    print_bash(world.out, line);
  } else if (shell == "zsh") {
    print_zsh(world.out, line);
  } else if (shell == "fish") {
    print_fish(world.out, line);
  } else {
    return fail(Code::invalid, "there is no completion for " + berth::quoted(shell),
                "say bash, zsh or fish");
  }
  return Exit::done;
}

}  // namespace

Verb completion_verb() {
  return {.name = "completion",
          .summary = "prints what a shell needs to finish words",
          .manual = "Made from the verbs and options of this very program.",
          .example =
              "berth completion bash > /etc/bash_completion.d/berth\n"
              "berth completion zsh > \"${fpath[1]}/_berth\"\n"
              "berth completion fish > ~/.config/fish/completions/berth.fish",
          .options = [](CLI::App& app) -> Run {
            auto shell = std::make_shared<std::string>();
            app.add_option("SHELL", *shell, "bash, zsh or fish")
                ->type_name("bash|zsh|fish")
                ->required();
            return [shell](World& world) { return completion(world, *shell); };
          }};
}

}  // namespace berth::cli
