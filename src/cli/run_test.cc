// run_test.cc - arguments become verbs, and what is wrong with them is one clear sentence.
#include "cli/run.h"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command_line.h"
#include "cli/describe.h"
#include "cli/help.h"
#include "cli/verbs.h"
#include "cli/world_for_tests.h"

namespace berth::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Arguments = std::vector<std::string>;

struct Ran {
  Exit exit;
  std::string out;
  std::string err;
};

Ran ran(const Arguments& arguments, Terminal out_terminal = {}) {
  TestWorld test;
  test.world.out_terminal = out_terminal;
  test.world.settings_places = {"nowhere/berth.toml"};
  Exit exit = run(test.world, arguments);
  return {exit, test.out.str(), test.err.str()};
}

TEST(Run, ShowsHelpAndVersion) {
  EXPECT_EQ(ran({"--version"}).out, "berth 1.2.3\n");
  EXPECT_EQ(ran({"--help"}).exit, Exit::done);
  EXPECT_THAT(ran({"--help"}).out, HasSubstr("usage: berth VERB"));
  EXPECT_THAT(ran({"who", "--help"}).out, HasSubstr("usage: berth who [OPTIONS] WHERE"));
  EXPECT_THAT(ran({"history", "-h"}).out, HasSubstr("usage: berth history --owner NAME [OPTIONS]"));
  EXPECT_EQ(ran({}).exit, Exit::bad_input);
}

TEST(Run, HelpFitsItsTerminal) {
  for (const Verb& verb : verbs()) {
    std::istringstream lines(ran({std::string(verb.name), "--help"}, {60, false}).out);
    bool example = false;  // is as long as it is
    for (std::string line; std::getline(lines, line);) {
      example |= line == "example:";
      EXPECT_TRUE(example || line.size() <= 60 || line.starts_with("usage:") ||
                  line.starts_with("berth "))
          << line;
    }
  }
}

TEST(Run, AnUnknownVerbGetsTheNearestOne) {
  Ran wrong = ran({"leses"});
  EXPECT_EQ(wrong.exit, Exit::bad_input);
  EXPECT_EQ(wrong.out, "");
  EXPECT_THAT(wrong.err, StartsWith("berth: no verb is called \"leses\" (invalid)\n"));
  EXPECT_THAT(wrong.err, HasSubstr("did you mean leases?"));
  EXPECT_THAT(ran({"--store", "x", "frobnicate"}).err, Not(HasSubstr("did you mean")));
  EXPECT_THAT(ran({std::string(64 * 1024, 'x')}).err, HasSubstr("no verb is called \"xxx"));
}

TEST(Run, WrongOptionsAreBadInput) {
  for (const Arguments& arguments :
       {Arguments{"who"}, Arguments{"who", "--foo"}, Arguments{"who", "10.8.0.7", "x"},
        Arguments{"history"}, Arguments{"who", "10.8.0.300"},
        Arguments{"who", "10.8.0.7", "--at", "x"},
        Arguments{"who", "10.8.0.7", "--at", "1969-12-31T23:59:59Z"},
        Arguments{"who", "10.8.0.7", "--window", "-5s"}, Arguments{"leases", "--limit", "x"},
        Arguments{"assign", "--user", "ana", "--server", "s", "--ipv4", "maybe"},
        Arguments{"assign", "--user", "ana", "--server", "s", "--propose", "10.8.0.0/24"},
        Arguments{"confirm"}, Arguments{"confirm", "--id", "7"},
        Arguments{"confirm", "--server", "s"},
        Arguments{"release", "--address", "10.8.0.7", "--kind", "ipv5"},
        Arguments{"reserve", "ana", "10.8.0.7", "10.8.0.8"}, Arguments{"forget", "--before", "now"},
        Arguments{"completion", "tcsh"}, Arguments{"export", "--format", "xml"}}) {
    Ran wrong = ran(arguments);
    EXPECT_EQ(wrong.exit, Exit::bad_input) << testing::PrintToString(arguments) << wrong.err;
    EXPECT_EQ(wrong.out, "");
  }
}

TEST(Run, MissingSettingsAreNamed) {
  Ran wrong = ran({"pools"});
  EXPECT_EQ(wrong.exit, Exit::bad_store);
  EXPECT_THAT(wrong.err, HasSubstr("looked for nowhere/berth.toml (settings_invalid)"));
  EXPECT_THAT(ran({"pools", "--settings", "there/is/none.toml"}).err,
              HasSubstr("there/is/none.toml"));
}

TEST(Run, AMissingStoreIsNamed) {
  Ran wrong = ran({"leases", "--store", "there/is/none.db"});
  EXPECT_EQ(wrong.exit, Exit::bad_store);
  EXPECT_THAT(wrong.err, HasSubstr("there/is/none.db"));
}

TEST(Run, ErrorsAreJsonWhereJsonIsAskedFor) {
  for (const Arguments& arguments : {Arguments{"--json", "who", "x"}, Arguments{"who", "--json"},
                                     Arguments{"--json", "pools"}}) {
    boost::json::object error = boost::json::parse(ran(arguments).err).at("error").as_object();
    EXPECT_TRUE(error.contains("code") && error.contains("what") && error.contains("remedy"));
  }
}

TEST(Run, AnErrorCannotDriveATerminal) {
  EXPECT_THAT(ran({"--settings", "a\x1b[2J\n", "pools"}).err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(ran({"\xff\x1b", "x"}).err, Not(HasSubstr("\x1b")));
  boost::json::parse(ran({"--json", "--settings", "\xff", "pools"}).err);  // or it throws
}

TEST(Run, WhatCannotBeUndoneIsAskedFirst) {
  Ran nobody = ran({"forget", "--before", "2026-01-01T00:00:00Z"});
  EXPECT_EQ(nobody.exit, Exit::bad_input);
  EXPECT_THAT(nobody.err, HasSubstr("say --yes"));

  TestWorld test;
  test.world.in_is_terminal = true;
  test.in.str("n\n");
  EXPECT_EQ(run(test.world, {"forget", "--before", "2026-01-01T00:00:00Z"}), Exit::refused);
  EXPECT_THAT(test.err.str(), HasSubstr("before 2026-01-01T00:00:00Z? This cannot be undone."));
}

TEST(Run, AnAnswerThatCannotBeWrittenIsAnError) {
  TestWorld test;
  test.out.setstate(std::ios::badbit);
  EXPECT_EQ(run(test.world, {"--version"}), Exit::bad_store);
}

TEST(Run, EveryVerbAndOptionIsInManualAndCompletions) {
  std::string man = ran({"man"}).out;
  TestWorld test;
  CommandLine line(test.world);
  for (const char* shell : {"bash", "zsh", "fish"}) {
    std::string words = ran({"completion", shell}).out;
    for (const CommandLine::Entry& entry : line.entries()) {
      EXPECT_THAT(words, HasSubstr(std::string(entry.verb->name))) << shell;
      for (const OptionText& option : options_of(*entry.app)) {
        if (option.argument) continue;
        std::string name = option.names.back();
        if (std::string_view(shell) == "fish") name = "-l " + name.substr(2);
        EXPECT_THAT(words, HasSubstr(name)) << shell << " " << entry.verb->name;
      }
    }
  }
  for (const CommandLine::Entry& entry : line.entries()) {
    std::string name(entry.verb->name);
    if (name == "check-config") name = "check\\-config";
    EXPECT_THAT(man, HasSubstr(".SS " + name + "\n"));
  }
}

TEST(Run, EveryVerbIsDescribed) {
  for (const Verb& verb : verbs()) {
    EXPECT_LE(verb.summary.size(), 64u) << verb.name;
    EXPECT_FALSE(verb.summary.ends_with('.')) << verb.name;
    EXPECT_TRUE(verb.manual.ends_with('.')) << verb.name;
    EXPECT_THAT(std::string(verb.example), StartsWith("berth " + std::string(verb.name)));
  }
}

TEST(Wrapped, BreaksBetweenWordsAndIndents) {
  EXPECT_EQ(wrapped("one two three", 9, 2), "one two\n  three");
  EXPECT_EQ(wrapped("averyveryverylongword x", 5, 0), "averyveryverylongword\nx");
  EXPECT_EQ(wrapped("", 5, 0), "");
}

TEST(ExitCodes, NumbersNeverChange) {
  EXPECT_EQ(static_cast<int>(exit_for(Code::pool_exhausted)), 1);
  EXPECT_EQ(static_cast<int>(exit_for(Code::import_invalid)), 2);
  EXPECT_EQ(static_cast<int>(exit_for(Code::store_corrupt)), 3);
  EXPECT_EQ(static_cast<int>(exit_for(Code::store_locked)), 4);
}

}  // namespace
}  // namespace berth::cli
