// man.cc - berth man: the manual page, made from the verbs themselves.
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ostream.h>

#include "cli/command_line.h"
#include "cli/describe.h"
#include "cli/verbs.h"

namespace berth::cli {

namespace {

constexpr std::string_view kDescription = R"(.SH DESCRIPTION
.B berth
gives every user of a remote-access server the right IP address, the same one each time and
never one that somebody else holds, and remembers who had it. It works directly on a store, a
SQLite file. One process at a time writes a store; the verbs
.BR leases ", " pools ", " who ", " history ", " reservations ", " export " and " backup
only read, and work beside it.
.PP
User names may be given in any spelling: the rules of the settings make the owner from them.
Times are RFC 3339 in UTC unless they have an offset.
)";

constexpr std::string_view kFiles = R"(.SH FILES
.TP
.I berth.toml
The settings. Looked for in
.BR $BERTH_SETTINGS ,
the current directory and
.IR /etc/berth/ .
.SH ENVIRONMENT
.TP
.B BERTH_SETTINGS
The settings, where \-\-settings does not name them.
.TP
.B NO_COLOR
No colours, whatever the terminal can do.
)";

// Text for roff: its own characters are escaped, and a dot cannot begin a line by accident.
std::string roff(std::string_view text) {
  std::string escaped;
  for (char c : text) {
    switch (c) {
      case '\\': escaped += "\\e"; break;
      case '-': escaped += "\\-"; break;
      case '\'': escaped += "\\(aq"; break;
      case '.':
        if (escaped.empty() || escaped.back() == '\n') escaped += "\\&";
        [[fallthrough]];
      default: escaped += c;
    }
  }
  for (std::size_t at = 0; (at = escaped.find("…", at)) != std::string::npos;) {
    escaped.replace(at, std::string_view("…").size(), "...");
  }
  return escaped;
}

void print_options(std::ostream& out, const std::vector<OptionText>& options) {
  for (const OptionText& option : options) {
    fmt::print(out, ".TP\n");
    if (option.argument) {
      fmt::print(out, ".I {}\n", roff(option.usage()));
    } else {
      std::string names;
      for (const std::string& name : option.names) {
        names += (names.empty() ? "\\fB" : ", \\fB") + roff(name) + "\\fR";
      }
      if (!option.value.empty()) names += " \\fI" + roff(option.value) + "\\fR";
      fmt::print(out, "{}\n", names);
    }
    fmt::print(out, "{}\n", roff(option.description));
  }
}

void print_verb(std::ostream& out, const CommandLine::Entry& entry) {
  const Verb& verb = *entry.verb;
  std::vector<OptionText> options = options_of(*entry.app);
  std::erase_if(options, [](const OptionText& option) {  // told once, above
    return option.names.back() == "--help";
  });
  fmt::print(out, ".SS {}\n.B {}\n.PP\n", roff(verb.name), roff(usage_of(verb.name, options)));
  std::string summary(verb.summary);
  fmt::print(out, "{}.\n", roff(summary));
  std::string_view rest = verb.manual;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find("\n\n"), rest.size());
    fmt::print(out, ".PP\n{}\n", roff(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  print_options(out, options);
  fmt::print(out, ".PP\n.EX\n{}\n.EE\n", roff(verb.example));
}

Outcome man(World& world) {
  World scratch = world;  // parsing would set its options
  CommandLine line(scratch);
  fmt::print(world.out,
             ".\\\" Made by `berth man`; the words are those of src/cli.\n"
             ".TH BERTH 1 \"\" \"berth {}\" \"User Commands\"\n"
             ".SH NAME\nberth \\- {}\n"
             ".SH SYNOPSIS\n.B berth\n.I VERB\n[\\fIOPTIONS\\fR] ...\n",
             roff(world.version), roff(line.app().get_description()));
  world.out << kDescription;
  fmt::print(world.out, ".SH OPTIONS\nThey may stand before or behind the verb.\n");
  print_options(world.out, options_of(line.app()));
  fmt::print(world.out, ".SH VERBS\n");
  for (const CommandLine::Entry& entry : line.entries()) print_verb(world.out, entry);
  fmt::print(world.out, ".SH EXIT STATUS\n");
  for (const ExitMeaning& exit : kExitMeanings) {
    fmt::print(world.out, ".TP\n.B {}\n{}\n", static_cast<int>(exit.code), roff(exit.meaning));
  }
  world.out << kFiles;
  return Exit::done;
}

}  // namespace

Verb man_verb() {
  return {.name = "man",
          .summary = "prints the manual page",
          .manual = "In the language of man(1); docs/berth.1 is this.",
          .example = "berth man | man -l -",
          .options = [](CLI::App&) -> Run { return [](World& world) { return man(world); }; }};
}

}  // namespace berth::cli
