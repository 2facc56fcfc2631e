// check_test.cc - modules that keep to the contract, and modules that do not, each found out.
#include "check/check.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/address_probes.h"
#include "check/images_for_tests.h"
#include "check/static_check.h"
#include "ras/modules_for_tests.h"

namespace berth::check::testing {
namespace {

using namespace std::chrono_literals;
using ras::testing::module_path;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// "error R36 it has MprAdminGet…" of each finding.
std::vector<std::string> lines(const Findings& findings) {
  std::vector<std::string> lines;
  for (const Finding& each : findings) {
    lines.push_back(std::string(severity_name(each.severity)) + " " + each.rule + " " + each.what);
    EXPECT_EQ(each.remedy.empty(), each.severity == Severity::passed) << lines.back();
  }
  return lines;
}

Report check(const std::string& path, std::u16string user = u"ana",
             std::chrono::milliseconds deadline = 20s) {
  return check_module(
      path, {.worker = ras::testing::worker_path(), .deadline = deadline, .user = std::move(user)});
}

auto finds(const char* begin, const char* what) {
  return Contains(AllOf(::testing::StartsWith(begin), HasSubstr(what)));
}

TEST(Check, R98TheSampleConforms) {
  const Report report = check(std::filesystem::absolute(BERTH_SAMPLE).string());
  EXPECT_EQ(exit_code_of(report, Strict::yes), 0) << text_of(report, Strict::yes);
  EXPECT_TRUE(report.called);
  const auto said = lines(report.findings);
  // Where it was built others may be allowed to write, and that alone may be said of it.
  EXPECT_THAT(said, Not(Contains(AllOf(::testing::StartsWith("advice"),
                                       Not(::testing::StartsWith("advice R107 "))))));
  EXPECT_THAT(said, finds("passed R2 ", "under their exact names"));
  EXPECT_THAT(said, finds("passed R7 ", "NULLs are refused"));
  EXPECT_THAT(said, finds("passed R14 ", "good order"));
  EXPECT_THAT(said, finds("passed R25 ", "IPv4"));
  EXPECT_THAT(said, finds("passed R45 ", "IPv6"));
  EXPECT_THAT(said, finds("passed R64 ", "MprAdminAcceptNewConnection"));
  EXPECT_THAT(said, finds("passed R72 ", "connections"));
  EXPECT_THAT(said, finds("passed R121 ", "two processes"));
  EXPECT_THAT(said, finds("passed R122 ", "IPv6"));
  EXPECT_THAT(said, finds("passed R132 ", "no administration function"));
}

TEST(Check, R92R7AModuleMayLackWhatRasDoesNotLookAt) {
  const Report report = check(module_path("odd"));
  EXPECT_EQ(exit_code_of(report, Strict::no), 0) << text_of(report, Strict::no);
  EXPECT_EQ(exit_code_of(report, Strict::yes), 1);
  const auto said = lines(report.findings);
  EXPECT_THAT(said, finds("warning R92 ", "MprAdminAcceptReauthentication"));
  EXPECT_THAT(said, finds("advice R7 ", "these fail: MprAdminGetIpAddressForUser"));
}

TEST(Check, R109ATableIsCalledThroughItsSlots) {
  const Report report = check(module_path("odd_table"));
  EXPECT_EQ(exit_code_of(report, Strict::no), 0) << text_of(report, Strict::no);
  const auto said = lines(report.findings);
  EXPECT_THAT(said, finds("passed R109 ", "revision 2"));
  EXPECT_THAT(said, finds("passed R45 ", "it gives no IPv6 addresses"));
}

struct Refused {
  const char* module;
  const char* begin;
  const char* what;
};

class RefusedModule : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedModule, IsNotLoadedAndTheRuleIsNamed) {
  const Report report = check(module_path(GetParam().module));
  EXPECT_EQ(exit_code_of(report, Strict::no), 3);
  EXPECT_FALSE(report.loadable);
  EXPECT_THAT(lines(report.findings), finds(GetParam().begin, GetParam().what));
  EXPECT_THAT(text_of(report, Strict::no), HasSubstr("RAS DOES NOT LOAD IT: 1 error"));
}

INSTANTIATE_TEST_SUITE_P(
    Modules, RefusedModule,
    ::testing::Values(Refused{"odd_table_1", "error R109 ", "revision 1"},
                      Refused{"odd_table_3", "error R109 ", "revision 3"},
                      Refused{"odd_half", "error R36 ", "without MprAdminReleaseIpAddress"},
                      Refused{"odd_no_link", "error R98 ", "MprAdminLinkHangupNotification"},
                      Refused{"odd_misspelt", "error R98 ", "MprAdminLinkHangupNotification"},
                      Refused{"odd_misspelt", "warning R2 ", "MprAdminLinkHangUpNotification"},
                      Refused{"odd_no_start", "error R11 ", "1450"},
                      Refused{"odd_dies_at_start", "error R110 ", "its worker"},
                      Refused{"nothing", "error R110 ", "cannot be read"}),
    [](const auto& each) { return std::string(each.param.module) + std::to_string(each.index); });

struct Misbehaves {
  const char* name;
  const char* module;
  std::u16string user;
  const char* begin;
  const char* what;
};

class MisbehavingModule : public ::testing::TestWithParam<Misbehaves> {};

TEST_P(MisbehavingModule, IsFoundOutWithItsRule) {
  const Report report = check(module_path(GetParam().module), GetParam().user,
                              GetParam().user == u"hang" ? 300ms : 20'000ms);
  EXPECT_THAT(lines(report.findings), finds(GetParam().begin, GetParam().what));
  EXPECT_EQ(exit_code_of(report, Strict::yes), 1) << text_of(report, Strict::yes);
}

INSTANTIATE_TEST_SUITE_P(
    Modules, MisbehavingModule,
    ::testing::Values(
        Misbehaves{"R8Crash", "odd", u"crash", "error R8 ",
                   "MprAdminGetIpAddressForUser ended its process"},
        Misbehaves{"R8CrashInAccept", "odd_table", u"crash", "error R8 ",
                   "MprAdminAcceptNewConnectionEx ended its process"},
        Misbehaves{"R120Hang", "odd", u"hang", "error R120 ",
                   "MprAdminAcceptNewConnection did not return within 300 ms"},
        Misbehaves{"R6Overrun", "odd", u"overrun", "error R6 ", "wrote beyond the memory"},
        Misbehaves{"R6KeepsAPointer", "odd", u"keeps", "error R6 ",
                   "a pointer that an earlier callout had kept"},
        Misbehaves{"R31FailsWithItsFlag", "odd", u"fail", "error R31 ", "error 8"},
        Misbehaves{"R27GivesNone", "odd", u"none", "error R27 ", "without an address"},
        Misbehaves{"R40GivesOneTwice", "odd", u"192.0.2.9", "warning R40 ", "192.0.2.9 for both"},
        Misbehaves{"R20Backwards", "odd", u"backwards", "error R20 ", "5.0.168.192"},
        Misbehaves{"R40FreesWhatAnotherHas", "odd", u"loose", "error R40 ", "192.0.2.100"},
        Misbehaves{"R47WritesThePrefix", "odd", u"prefix", "warning R47 ", "the prefix"},
        Misbehaves{"R8CrashInRelease", "odd", u"crash-in-release", "error R8 ",
                   "MprAdminReleaseIpAddress ended its process"},
        Misbehaves{"R122NeedsAStart", "odd_needs_start", u"ana", "error R122 ",
                   "returns error 21 where Initialize"},
        Misbehaves{"R14DiesAtTheEnd", "odd_dies_at_end", u"ana", "error R14 ",
                   "MprAdminTerminateDll"},
        Misbehaves{"R132IsLinkedWithForbidden", "odd_forbidden", u"ana", "warning R132 ",
                   "MprAdminUserGetInfo"},
        Misbehaves{"R130CallsWhatIsForbidden", "odd_forbidden", u"forbidden", "error R130 ",
                   "MprAdminGetIpAddressForUser called MprAdminUserGetInfo"}),
    [](const auto& each) { return each.param.name; });

TEST(Check, R30AdvisesWhereNothingWillBeGivenBack) {
  const Report report = check(module_path("odd"), u"unflagged");
  EXPECT_THAT(lines(report.findings), finds("advice R30 ", "flag FALSE"));
}

TEST(Check, R61AdvisesToNameAUserWhomTheModuleLetsIn) {
  const Report report = check(module_path("odd"), u"refused");
  EXPECT_THAT(lines(report.findings), finds("advice R61 ", "refuses connections"));
  EXPECT_EQ(exit_code_of(report, Strict::no), 0);
}

TEST(Check, R20AddressesThatLookSwappedDo) {
  const auto looks = [](const char* text) {
    return looks_swapped(ras::CalloutAddress(*Ipv4::parse(text)));
  };
  EXPECT_TRUE(looks("1.0.0.10"));
  EXPECT_TRUE(looks("9.0.16.172"));
  EXPECT_FALSE(looks("10.0.0.1"));
  EXPECT_FALSE(looks("10.0.0.10"));
  EXPECT_FALSE(looks("203.0.113.9"));
}

// --- The file alone: modules of the other system, and made-up ones ---

class File : public ::testing::Test {
 protected:
  Report of(const std::string& bytes) {
    const std::string path = module_path("made");
    std::ofstream(path, std::ios::binary) << bytes;
    Report report = check(path);
    std::filesystem::remove(path);
    return report;
  }
  Findings findings_of(const MadeDll& dll) {
    Findings findings;
    const auto image = read_image(made(dll));
    EXPECT_TRUE(image);
    check_image(*image, module_path("made"), findings);
    check_exports(*image, module_path("made"), findings);
    return findings;
  }
};

const std::vector<std::string> kWhole = {
    "MprAdminInitializeDll",          "MprAdminTerminateDll",
    "MprAdminAcceptNewLink",          "MprAdminLinkHangupNotification",
    "MprAdminAcceptNewConnection3",   "MprAdminConnectionHangupNotification3",
    "MprAdminAcceptReauthentication",
};

TEST_F(File, R110IsNoLibraryAtAll) {
  const Report report = of("#!/bin/sh\necho a module\n");
  EXPECT_EQ(exit_code_of(report, Strict::no), 3);
  EXPECT_FALSE(report.kind);
  EXPECT_THAT(lines(report.findings), finds("error R110 ", "neither a DLL"));
}

TEST_F(File, R110IsForAnotherMachine) {
  const Report report = of(made({.machine = 0x14c, .exports = kWhole}));
  EXPECT_EQ(exit_code_of(report, Strict::no), 3);
  EXPECT_THAT(lines(report.findings),
              finds("error R110 ", "for x86, and RAS loads what is for x86-64"));
  EXPECT_FALSE(report.called);
}

TEST_F(File, R98HasAllThatRasInsistsOn) {
  const Findings findings = findings_of({.exports = kWhole});
  EXPECT_EQ(std::ranges::count(findings, Severity::passed, &Finding::severity),
            static_cast<std::ptrdiff_t>(findings.size()))
      << ::testing::PrintToString(lines(findings));
}

TEST_F(File, R36HasHalfOfAPair) {
  auto exports = kWhole;
  exports.emplace_back("MprAdminGetIpAddressForUser");
  EXPECT_THAT(lines(findings_of({.exports = exports})),
              finds("error R36 ", "MprAdminReleaseIpAddress"));
}

TEST_F(File, R2R3R4R108HasNamesThatAreNearlyThoseOfCallouts) {
  auto exports = kWhole;
  exports.insert(exports.end(),
                 {"mpradmingetipaddressforuser", "_MprAdminReleaseIpAddress@12",
                  "MprAdminGetIpAddressForUser@16", "MprAdminAcceptNewConnectionEx",
                  "_Z24MprAdminReleaseIpAddressPDsS_Pj", "MprAdminAcceptNewLnk", "unlike"});
  const auto said = lines(findings_of({.exports = exports}));
  EXPECT_THAT(said, finds("warning R2 ", "RAS looks for MprAdminGetIpAddressForUser"));
  EXPECT_THAT(said, finds("warning R3 ", "RAS looks for MprAdminReleaseIpAddress"));
  EXPECT_THAT(said, finds("warning R3 ", "\"MprAdminGetIpAddressForUser@16\""));
  EXPECT_THAT(said, finds("warning R4 ", "MprAdminReleaseIpAddress with C++ linkage"));
  EXPECT_THAT(said, finds("warning R108 ", "a slot of the table"));
  EXPECT_THAT(said, finds("warning R2 ", "is it MprAdminAcceptNewLink?"));
  EXPECT_THAT(said, Not(Contains(HasSubstr("unlike"))));
}

TEST_F(File, R107NeedsWhatRasDoesNotFind) {
  const auto said = lines(
      findings_of({.exports = kWhole,
                   .imports = {{"KERNEL32.dll", {"Sleep"}}, {"libstdc++-6.dll", {"_ZSt4cout"}}}}));
  EXPECT_THAT(said, Contains(AllOf(HasSubstr(" R107 it needs \"libstdc++-6.dll\""),
                                   Not(HasSubstr("passed")))));
  EXPECT_THAT(said, Not(Contains(HasSubstr("needs \"KERNEL32.dll\""))));
}

TEST_F(File, R107ForwardsACallout) {
  auto exports = kWhole;
  exports.back() += ">other.Reauthenticate";
  EXPECT_THAT(lines(findings_of({.exports = exports})),
              finds("warning R107 ", "forwarded to \"other.Reauthenticate\""));
}

TEST_F(File, R132IsLinkedWithWhatNoCalloutMayCall) {
  const auto said = lines(findings_of(
      {.exports = kWhole, .imports = {{"MPRAPI.dll", {"MprAdminPortEnum", "MprInfoCreate"}}}}));
  EXPECT_THAT(said, finds("warning R132 ", "linked with MprAdminPortEnum; no"));
}

TEST_F(File, R2ExportsNothing) {
  EXPECT_THAT(lines(findings_of({})), finds("error R2 ", "no callout at all"));
}

// --- The report ---

TEST(CheckReport, TellsPeopleTheWorstLast) {
  Report report{.module = "/a.so",
                .kind = ImageKind::elf,
                .machine = "x86-64",
                .called = true,
                .loadable = true,
                .findings = {{Severity::error, "R31", "it is wrong", "mend it"},
                             {Severity::passed, "R2", "it is right", ""}}};
  EXPECT_EQ(text_of(report, Strict::no),
            "ELF for x86-64\n"
            "passed   R2    it is right\n"
            "error    R31   it is wrong\n"
            "               mend it\n"
            "DOES NOT CONFORM: 1 error, 0 warnings, 0 of advice\n");
}

TEST(CheckReport, TellsProgramsTheSame) {
  const Report report{.module = "/a.dll",
                      .kind = ImageKind::pe,
                      .machine = "x86-64",
                      .loadable = true,
                      .findings = {{Severity::warning, "R92", "it lacks something", "add it"}}};
  const boost::json::object json = json_of(report, Strict::no);
  EXPECT_EQ(json.at("kind").as_string(), "PE");
  EXPECT_TRUE(json.at("conforms").as_bool());
  EXPECT_FALSE(json_of(report, Strict::yes).at("conforms").as_bool());
  const boost::json::object& finding = json.at("findings").at(0).as_object();
  EXPECT_EQ(finding.at("rule").as_string(), "R92");
  EXPECT_EQ(finding.at("severity").as_string(), "warning");
  EXPECT_EQ(finding.at("remedy").as_string(), "add it");
}

TEST(CheckReport, IsUtf8ForProgramsWhateverTheFileIsCalled) {
  const Report report{.module = "/a\xff.so", .kind = {}, .findings = {}};
  EXPECT_EQ(json_of(report, Strict::no).at("module").as_string(), R"("/a\xff.so")");
}

}  // namespace
}  // namespace berth::check::testing
