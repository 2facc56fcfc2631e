// command_line_posix_test.cc - the program berth itself: its pages are true, its pipes are quiet.
//
// docs/cli.md shows commands and what they print. They are run here, in the order of the page and
// in a folder with nothing but the sample module, and must print just that; times, ids and sizes
// may differ. After a change that is meant, BERTH_REWRITE=1 writes the new answers, and
// docs/berth.1, into the pages.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "berth/book.h"
#include "cli/folder_for_tests.h"
#include "cli/shell_posix_for_tests.h"

namespace berth {
namespace {

using testing::HasSubstr;

const std::filesystem::path kDocs = std::filesystem::path(BERTH_SOURCE_DIR) / "docs";

bool rewriting() { return std::getenv("BERTH_REWRITE") != nullptr; }

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A folder of its own where `berth` is the program under test.
class CommandLine : public testing::Test {
 public:
  CommandLine() {
    std::filesystem::create_directories(folder / "bin");
    std::filesystem::create_symlink(BERTH_PROGRAM, folder / "bin" / "berth");
    std::filesystem::create_symlink(BERTH_SAMPLE, folder / "sample.so");
  }

  // What a shell prints for this, errors too. The exit code is in `exit`.
  std::string shell(const std::string& command) {
    cli::ShellAnswer answer = cli::in_shell(folder, command);
    exit = answer.exit;
    return answer.printed;
  }

  int exit = 0;

 private:
  cli::TestFolder own_;

 protected:
  const std::filesystem::path& folder = own_.path();
};

// The text without what differs from run to run.
std::string comparable(std::string text) {
  struct Change {
    std::regex what;
    const char* to;
  };
  static const Change kChanges[] = {
      {std::regex(R"(\d{4}-\d\d-\d\dT[0-9:.]+Z)"), "TIME"},
      {std::regex(R"(\b[0-9a-f]{16}\b)"), "ID"},
      {std::regex(R"([0-9,]+ bytes)"), "SIZE bytes"},
      {std::regex(R"(\d+ seconds? ago)"), "AGE ago"},
      {std::regex(R"(in [0-9.]+ s, [0-9,]+ a second)"), "at SPEED"},
      {std::regex(R"(("age_seconds"|"size_bytes"):\d+)"), "$1:NUMBER"},
      {std::regex(" +"), " "},
  };
  for (const Change& change : kChanges) text = std::regex_replace(text, change.what, change.to);
  return text;
}

// Every "```console" block: "$ command" and what it prints. "```toml NAME" and "```csv NAME" are
// files that the commands after them find.
TEST_F(CommandLine, ThePageShowsWhatIsPrinted) {
  std::istringstream page(read(kDocs / "cli.md"));
  std::ostringstream rewritten;
  int commands = 0;
  for (std::string line; std::getline(page, line);) {
    rewritten << line << '\n';
    if (line.starts_with("```toml ") || line.starts_with("```csv ")) {
      std::string file;
      std::string name = line.substr(line.find(' ') + 1);
      while (std::getline(page, line) && line != "```") file += line + "\n";
      shell("cat > " + name + " <<'END'\n" + file + "END");
      rewritten << file << "```\n";
    }
    if (line != "```console") continue;
    std::string command;
    std::string expected;
    auto check = [&] {
      if (command.empty()) return;
      std::string printed = shell(command);
      EXPECT_EQ(comparable(printed), comparable(expected)) << "$ " << command;
      rewritten << "$ " << command << '\n' << printed;
      ++commands;
    };
    while (std::getline(page, line) && line != "```") {
      if (line.starts_with("$ ")) {
        check();
        command = line.substr(2);
        expected.clear();
      } else {
        expected += line + "\n";
      }
    }
    check();
    rewritten << "```\n";
  }
  EXPECT_GT(commands, 20);
  if (rewriting()) std::ofstream(kDocs / "cli.md", std::ios::binary) << rewritten.str();
}

TEST_F(CommandLine, ThePageHasEveryVerbAndOption) {
  std::string page = read(kDocs / "cli.md");
  std::istringstream help(shell("berth --help"));
  std::vector<std::string> verbs;
  bool in_verbs = false;
  for (std::string line; std::getline(help, line);) {
    if (line == "verbs:") in_verbs = true;
    if (line.empty()) in_verbs = false;
    if (in_verbs && line.starts_with("  ")) verbs.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  EXPECT_GT(verbs.size(), 20u);
  std::regex option("--[a-z][a-z-]*");
  auto has = [&](const std::string& text) { return page.find(text) != std::string::npos; };
  for (const std::string& verb : verbs) {
    EXPECT_TRUE(has("\n### " + verb + "\n")) << verb;
    std::string text = shell("berth " + verb + " --help");
    text = text.substr(0, text.find("\nexample:"));
    for (std::sregex_iterator found(text.begin(), text.end(), option), end; found != end; ++found) {
      EXPECT_TRUE(has(found->str())) << verb << " " << found->str();
    }
  }
}

TEST_F(CommandLine, TheManualPageIsTheOneThatTheProgramPrints) {
  std::string printed = shell("berth man");
  if (rewriting()) std::ofstream(kDocs / "berth.1", std::ios::binary) << printed;
  EXPECT_TRUE(read(kDocs / "berth.1") == printed) << "BERTH_REWRITE=1 writes docs/berth.1 anew";
}

TEST_F(CommandLine, BashAcceptsItsCompletion) {
  EXPECT_EQ(shell("berth completion bash > words && bash -n words"), "");
  EXPECT_EQ(exit, 0);
  std::string offered = shell(
      "source words; COMP_WORDS=(berth export --what ''); COMP_CWORD=3; _berth; "
      "echo \"${COMPREPLY[@]}\"");
  EXPECT_EQ(offered, "reservations leases history\n");
  offered = shell(
      "source words; COMP_WORDS=(berth res); COMP_CWORD=1; _berth; "
      "echo \"${COMPREPLY[@]}\"");
  EXPECT_EQ(offered, "reserve reservations restore\n");
}

// zsh need not be here; these are the two ways in which it meets the file.
TEST_F(CommandLine, ZshCompletionWorksSourcedAndAutoloaded) {
  std::string words = shell("berth completion zsh");
  EXPECT_EQ(words.substr(0, words.find('\n')), "#compdef berth");
  EXPECT_THAT(words, testing::EndsWith("\nif [[ ${funcstack[1]} == _berth ]]; then\n"
                                       "  _berth \"$@\"\nelse\n  compdef _berth berth\nfi\n"));
}

TEST_F(CommandLine, AReaderThatGoesAwayIsNoError) {
  EXPECT_EQ(shell("berth man | head -n 1 | wc -l"), "1\n");
  EXPECT_EQ(shell("trap '' PIPE; berth man | true"), "");
}

TEST_F(CommandLine, AFullDiskUnderTheOutputIsAnError) {
  EXPECT_THAT(shell("berth man > /dev/full"), HasSubstr("could not be written"));
  EXPECT_EQ(exit, 3);
}

TEST_F(CommandLine, ASecondWriterIsRefusedWithTheFirstOnesProcess) {
  std::ofstream(folder / "berth.toml") << "store = \"leases.db\"\n[[pool]]\nname = \"a\"\n"
                                          "ipv4 = [\"10.8.0.0/24\"]\n";
  Plan plan;
  plan.pools.push_back({.name = "a", .ipv4 = {{*Ipv4Range::parse("10.8.0.0/24"), ""}}});
  auto first = Book::open(plan, {.path = (folder / "leases.db").string()});
  ASSERT_TRUE(first) << first.error().what;
  ASSERT_TRUE((*first)->assign({.user = "ana", .server = "vpn1"}));

  std::string refused = shell("berth assign --user ben --server vpn1");
  EXPECT_EQ(exit, 4);
  EXPECT_THAT(refused, HasSubstr(std::to_string(::getpid())));
  EXPECT_THAT(refused, HasSubstr("(store_locked)"));

  // Those that only read work beside it, and see what was acknowledged.
  EXPECT_THAT(shell("berth leases"), HasSubstr("ana"));
  EXPECT_EQ(exit, 0);
  EXPECT_THAT(shell("berth who 10.8.0.0/24"), HasSubstr("ana"));
  shell("berth pools && berth history --owner ana && berth export && berth reservations");
  EXPECT_EQ(exit, 0);
  shell("berth backup copy.db");
  EXPECT_EQ(exit, 0);
}

}  // namespace
}  // namespace berth
