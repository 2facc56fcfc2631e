// help.cc - lays out verbs, options and exit codes for a terminal.
#include "cli/help.h"

#include <algorithm>
#include <ostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ostream.h>

#include "cli/describe.h"
#include "cli/exit_codes.h"
#include "text/printable.h"

namespace berth::cli {

namespace {

constexpr std::size_t kUsualColumns = 80;
constexpr std::size_t kMostColumns = 100;  // longer lines are hard to read
constexpr std::size_t kMostTerm = 26;      // a longer name has its explanation on the next line

std::size_t columns_of(const World& world) {
  if (!world.out_terminal.is_there()) return kUsualColumns;
  return std::clamp<std::size_t>(static_cast<std::size_t>(world.out_terminal.columns), 40,
                                 kMostColumns);
}

struct Definition {
  std::string term;
  std::string meaning;
};

// Terms on the left, meanings beside them, each under a common margin.
void print_definitions(World& world, std::string_view title,
                       const std::vector<Definition>& definitions) {
  if (definitions.empty()) return;
  std::size_t margin = 0;
  for (const Definition& definition : definitions) {
    auto width = static_cast<std::size_t>(width_of(definition.term));
    if (width <= kMostTerm) margin = std::max(margin, width);
  }
  margin += 4;
  fmt::print(world.out, "\n{}:\n", title);
  for (const auto& [term, meaning] : definitions) {
    auto width = static_cast<std::size_t>(width_of(term));
    world.out << "  " << term;
    if (width + 4 > margin) {
      world.out << '\n' << std::string(margin, ' ');
    } else {
      world.out << std::string(margin - width - 2, ' ');
    }
    world.out << wrapped(meaning, columns_of(world), margin) << '\n';
  }
}

std::string names_of(const OptionText& option) {
  if (option.argument) return option.usage();
  std::string text = fmt::format("{}", fmt::join(option.names, ", "));
  if (!option.value.empty()) text += " " + option.value;
  return text;
}

void print_options(World& world, std::string_view title, const std::vector<OptionText>& options,
                   bool arguments) {
  std::vector<Definition> rows;
  for (const OptionText& option : options) {
    if (option.argument == arguments) rows.push_back({names_of(option), option.description});
  }
  print_definitions(world, title, rows);
}

}  // namespace

void print_help(World& world, const CommandLine& line) {
  std::vector<OptionText> options = options_of(line.app());
  fmt::print(world.out, "berth {}: {}\n\nusage: berth VERB [OPTIONS] …\n", world.version,
             line.app().get_description());
  std::vector<Definition> rows;
  for (const CommandLine::Entry& entry : line.entries()) {
    rows.push_back({std::string(entry.verb->name), std::string(entry.verb->summary)});
  }
  print_definitions(world, "verbs", rows);
  print_options(world, "options of every verb", options, false);
  rows.clear();
  for (const ExitMeaning& exit : kExitMeanings) {
    rows.push_back({std::to_string(static_cast<int>(exit.code)), std::string(exit.meaning)});
  }
  print_definitions(world, "exit codes", rows);
  world.out << "\nberth VERB --help says more about a verb; so does `man berth`.\n";
}

void print_help(World& world, const CommandLine::Entry& entry) {
  std::vector<OptionText> options = options_of(*entry.app);
  fmt::print(world.out, "berth {}: {}\n\nusage: {}\n", entry.verb->name, entry.verb->summary,
             usage_of(entry.verb->name, options));
  for (std::string_view rest = entry.verb->manual; !rest.empty();) {
    std::size_t end = std::min(rest.find("\n\n"), rest.size());
    fmt::print(world.out, "\n{}\n", wrapped(rest.substr(0, end), columns_of(world), 0));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  print_options(world, "arguments", options, true);
  print_options(world, "options", options, false);
  world.out << "\nexample:\n";
  for (std::string_view rest = entry.verb->example; !rest.empty();) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    fmt::print(world.out, "  {}\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
  std::string lines;
  std::size_t used = indent;
  while (!text.empty()) {
    std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    auto width = static_cast<std::size_t>(width_of(word));
    if (used > indent && used + 1 + width > columns) {
      lines += '\n' + std::string(indent, ' ');
      used = indent;
    } else if (used > indent) {
      lines += ' ';
      ++used;
    }
    lines += word;
    used += width;
  }
  return lines;
}

}  // namespace berth::cli
