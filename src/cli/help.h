// help.h - what --help prints: all verbs, or one of them.
#pragma once

#include "cli/command_line.h"

namespace berth::cli {

void print_help(World& world, const CommandLine& line);
void print_help(World& world, const CommandLine::Entry& entry);

// `text` in lines of at most `columns`, each after the first with `indent` blanks in front.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

}  // namespace berth::cli
