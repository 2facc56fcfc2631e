// diagnosis_test.cc - machines on which something is wrong, and one that is well.
#include "cli/diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/runs_for_tests.h"
#include "store/lock.h"

namespace berth::cli {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSettings =
    "store = \"leases.db\"\n[[pool]]\nname = \"a\"\nipv4 = [\"10.8.0.0/24\"]\n";

std::vector<std::string> lines(const std::vector<Diagnosis>& found) {
  std::vector<std::string> lines;
  for (const Diagnosis& each : found) {
    lines.push_back(std::string(state_name(each.state)) + " " + each.about + ": " + each.what);
    EXPECT_EQ(each.remedy.empty(), each.state == Diagnosis::State::ok) << lines.back();
  }
  return lines;
}

TEST(Doctor, FindsNothingWhereAllIsWell) {
  Runs runs;
  runs.write("berth.toml", kSettings);
  ASSERT_EQ(runs.berth({"assign", "--user", "ana", "--server", "vpn1"}), 0) << runs.err;
  runs.berth({"doctor"});
  EXPECT_THAT(runs.out, HasSubstr("berth.toml is right, with 1 pool"));
  EXPECT_THAT(runs.out, HasSubstr("leases.db can be read"));
  EXPECT_THAT(runs.out, HasSubstr("no process holds the store"));
  EXPECT_THAT(runs.out, HasSubstr("berth-worker is there"));
  EXPECT_THAT(runs.out, Not(HasSubstr("problem")));
}

TEST(Doctor, WarnsWhereThereIsNoStoreYet) {
  Runs runs;
  runs.write("berth.toml", kSettings);
  EXPECT_EQ(runs.berth({"doctor"}), 0) << runs.out;
  EXPECT_THAT(runs.out, HasSubstr("warning"));
  EXPECT_THAT(runs.out, HasSubstr("there is no store"));
  EXPECT_THAT(runs.out, HasSubstr("nobody has ever written this store"));
}

TEST(Doctor, FindsSettingsAndStoresThatCannotBeUsed) {
  Runs runs;
  EXPECT_EQ(runs.berth({"doctor"}), 1);
  EXPECT_THAT(runs.out, HasSubstr("there are no settings"));
  runs.write("berth.toml", "stroe = \"leases.db\"\n");
  EXPECT_EQ(runs.berth({"doctor"}), 1);
  EXPECT_THAT(runs.out, HasSubstr("stroe"));
  runs.write("berth.toml", kSettings);
  runs.write("leases.db", "this is no store");
  EXPECT_EQ(runs.berth({"doctor"}), 1);
  EXPECT_THAT(runs.out, HasSubstr("leases.db"));
  EXPECT_THAT(runs.out, HasSubstr("problem"));
  runs.write("berth.toml",
             "store = \"gone/leases.db\"\n[[pool]]\nname = \"a\"\n"
             "ipv4 = [\"10.8.0.0/24\"]\n");
  EXPECT_EQ(runs.berth({"doctor"}), 1);
  EXPECT_THAT(runs.out, HasSubstr("gone is not there"));
}

TEST(Doctor, SaysWhoHoldsTheStore) {
  Runs runs;
  runs.write("berth.toml", kSettings);
  const auto lock = StoreLock::take(runs.path("leases.db.lock"));
  ASSERT_TRUE(lock);
  EXPECT_EQ(runs.berth({"doctor"}), 0) << runs.out;
  EXPECT_THAT(runs.out, HasSubstr("is held by process"));
}

TEST(Doctor, SpeaksToProgramsToo) {
  Runs runs;
  EXPECT_EQ(runs.berth({"doctor", "--json"}), 1);
  EXPECT_THAT(runs.out, StartsWith(R"({"good":false,"answers":[{"state":"problem",)"
                                   R"("about":"settings",)"));
}

ras::Registered registered(std::string dll_path) {
  return {.key = true,
          .display_name = ras::RegisteredValue{.type = ras::kTextValue, .text = "Berth"},
          .dll_path = ras::RegisteredValue{.type = ras::kTextValue, .text = std::move(dll_path)}};
}

TEST(Doctor, R102WarnsWhereNoModuleIsRegistered) {
  EXPECT_THAT(lines(diagnose_modules(ras::Registered{})),
              ElementsAre("warning registry: no module is registered (R102)"));
  EXPECT_THAT(lines(diagnose_modules(registered(""))),
              ElementsAre("warning registry: DLLPath names no module"));
}

TEST(Doctor, R103R105FindsValuesThatKeepRasFromStarting) {
  ras::Registered numbers = registered("");
  numbers.dll_path->type = 4;
  EXPECT_THAT(lines(diagnose_modules(numbers)),
              ElementsAre(AllOf(StartsWith("problem registry: DLLPath"), HasSubstr("(R103)"))));
  EXPECT_THAT(lines(diagnose_modules(registered("/a.so;;/b.so"))),
              ElementsAre(AllOf(StartsWith("problem registry: "), HasSubstr("(R105)"))));
}

TEST(Doctor, R100R104R107LooksAtEachModuleThatIsRegistered) {
  const ras::Registered two{
      .key = true,
      .display_name = {},
      .dll_path = ras::RegisteredValue{.text = "/nothing/a.dll; /nothing/berth.dll"}};
  const auto said = lines(diagnose_modules(two));
  EXPECT_THAT(said, Contains(AllOf(StartsWith("warning registry: "), HasSubstr("(R104)"))));
  EXPECT_THAT(said, Contains(AllOf(StartsWith("warning registry: "), HasSubstr("(R100)"))));
  EXPECT_THAT(said, Contains(AllOf(StartsWith("problem module /nothing/a.dll: "),
                                   HasSubstr("cannot be read"))));
  EXPECT_THAT(said, Contains(StartsWith("problem module /nothing/berth.dll: ")));
  EXPECT_THAT(said, Not(Contains(HasSubstr("berth.dll is not among them"))));
}

TEST(Doctor, WarnsOfAModuleThatIsListedTwiceAndOfALackOfBerth) {
  const auto said = lines(diagnose_modules(registered("/nothing/a.dll;/nothing/a.dll")));
  EXPECT_THAT(said, Contains("warning module /nothing/a.dll: it is listed twice"));
  EXPECT_THAT(said, Contains(HasSubstr("berth.dll is not among them")));
}

// --- The verb check, as far as the file itself goes ---

TEST(CheckVerb, RefusesWhatIsNoModuleAndNamesTheRule) {
  Runs runs;
  runs.write("module.so", "#!/bin/sh\n");
  EXPECT_EQ(runs.berth({"check", runs.path("module.so")}), 3);
  EXPECT_THAT(runs.out, HasSubstr("error    R110  the file is neither a DLL (PE) nor"));
  EXPECT_THAT(runs.out, HasSubstr("RAS DOES NOT LOAD IT"));
  EXPECT_EQ(runs.berth({"check", runs.path("module.so"), "--json"}), 3);
  EXPECT_THAT(runs.out, HasSubstr(R"("loadable":false,"conforms":false)"));
}

TEST(CheckVerb, RefusesAUserThatNobodyCanHave) {
  Runs runs;
  EXPECT_EQ(runs.berth({"check", "a.so", "--user", "\xff"}), 2);
  EXPECT_EQ(runs.berth({"check", "a.so", "--user", std::string(257, 'u')}), 2);
}

}  // namespace
}  // namespace berth::cli
