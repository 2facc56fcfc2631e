// describe.cc - asks CLI11 what was declared.
#include "cli/describe.h"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace berth::cli {

std::string OptionText::usage() const {
  std::string text = names.back();
  if (!argument && !value.empty()) text += " " + value;
  if (argument && repeated) text += "…";
  return text;
}

std::vector<std::string> OptionText::choices() const {
  std::vector<std::string> words;
  if (value.find('|') == std::string::npos) return words;
  for (std::size_t begin = 0; begin <= value.size();) {
    std::size_t end = std::min(value.find('|', begin), value.size());
    words.push_back(value.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

std::vector<OptionText> options_of(const CLI::App& app) {
  std::vector<OptionText> all;
  for (const CLI::Option* option : app.get_options()) {
    OptionText text;
    text.argument = option->get_positional();
    if (text.argument) {
      text.names.push_back(option->get_name(true));
    } else {
      for (const std::string& name : option->get_snames()) text.names.push_back("-" + name);
      for (const std::string& name : option->get_lnames()) text.names.push_back("--" + name);
    }
    if (option->get_items_expected_max() > 0) {
      text.value = option->get_type_name();
      text.value.resize(std::min(text.value.find(':'), text.value.size()));  // checks follow
    }
    text.description = option->get_description();
    text.required = option->get_required();
    text.repeated = option->get_items_expected_max() > 1;
    all.push_back(std::move(text));
  }
  return all;
}

std::string usage_of(std::string_view verb, const std::vector<OptionText>& options) {
  std::string usage = "berth";
  if (!verb.empty()) usage += " " + std::string(verb);
  bool optional = false;
  for (const OptionText& option : options) {
    if (option.argument) continue;
    if (option.required) usage += " " + option.usage();
    optional |= !option.required;
  }
  if (optional) usage += " [OPTIONS]";
  for (const OptionText& option : options) {
    if (!option.argument) continue;
    usage += option.required ? " " + option.usage() : " [" + option.usage() + "]";
  }
  return usage;
}

}  // namespace berth::cli
