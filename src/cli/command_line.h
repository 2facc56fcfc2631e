// command_line.h - all verbs and global options as CLI11 parses them.
//
//   CommandLine line(world);
//   const CommandLine::Entry* chosen = *line.parse(arguments);   // and then chosen->run(world)
//
// Parsing sets the global options in the world. It is also what help, man page and completion
// are made from: describe.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/verb.h"

namespace berth::cli {

class CommandLine {
 public:
  explicit CommandLine(World& world);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  struct Entry {
    const Verb* verb;
    CLI::App* app;
    Run run;
  };

  // What the arguments ask for.
  struct Asked {
    enum class What : std::uint8_t { verb, help, version } what = What::help;
    const Entry* entry = nullptr;  // the verb to run or to explain; nullptr: all of berth
  };
  // invalid: they are not what any verb takes.
  [[nodiscard]] Result<Asked> parse(std::vector<std::string> arguments);

  [[nodiscard]] const CLI::App& app() const { return *app_; }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  [[nodiscard]] const Entry* chosen() const;
  [[nodiscard]] Error wrong(const std::vector<std::string>& arguments,
                            const std::string& what) const;

  std::unique_ptr<CLI::App> app_;
  std::vector<Entry> entries_;
};

}  // namespace berth::cli
