// describe.h - verbs and options as text: what help, man page and completion are made from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_line.h"

namespace CLI {
class Option;
}

namespace berth::cli {

// An option or an argument.
struct OptionText {
  std::vector<std::string> names;  // "-h", "--help"; of an argument, "USER"
  std::string value;               // "FILE", "no|optional|required"; empty for a flag
  std::string description;
  bool argument = false;  // known by its place, not by a name
  bool required = false;
  bool repeated = false;

  // "--group NAME", "ADDRESS…": as a usage line has it, without brackets.
  [[nodiscard]] std::string usage() const;
  // "no", "optional", "required" where the value is one of a few words.
  [[nodiscard]] std::vector<std::string> choices() const;
};

[[nodiscard]] std::vector<OptionText> options_of(const CLI::App& app);

// "berth who [OPTIONS] WHERE"; `verb` may be empty.
[[nodiscard]] std::string usage_of(std::string_view verb, const std::vector<OptionText>& options);

}  // namespace berth::cli
