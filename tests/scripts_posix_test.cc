// scripts_posix_test.cc - the scripts that people meet first say what they do, and do it.
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/folder_for_tests.h"
#include "cli/shell_posix_for_tests.h"

namespace berth {
namespace {

using testing::HasSubstr;
using testing::Not;

// A folder with a copy of the scripts, where the programs in bin/ come before the system's.
class Scripts : public testing::Test {
 public:
  Scripts() {
    std::filesystem::create_directories(folder.path() / "bin");
    const std::filesystem::path tree = BERTH_SOURCE_DIR;
    const auto all = std::filesystem::copy_options::recursive;
    std::filesystem::copy(tree / "scripts", folder.path() / "scripts", all);
    for (const char* name : {"run", "test"}) {
      std::filesystem::copy(tree / name, folder.path() / name);
    }
  }

  // An executable script of this folder.
  void program(const std::string& name, std::string_view text) const {
    std::ofstream(folder.path(name), std::ios::binary) << "#!/bin/bash\n" << text << '\n';
    std::filesystem::permissions(folder.path(name),
                                 std::filesystem::perms::owner_exec |
                                     std::filesystem::perms::group_exec |
                                     std::filesystem::perms::others_exec,
                                 std::filesystem::perm_options::add);
  }

  std::string shell(const std::string& command) {
    cli::ShellAnswer answer = cli::in_shell(folder.path(), command);
    exit = answer.exit;
    return answer.printed;
  }

  cli::TestFolder folder;
  int exit = 0;
};

TEST_F(Scripts, TestInstallsBeforeThePartsBegin) {
  program("bin/dpkg-query", "exit 1");  // nothing is there
  program("bin/apt-get", "[[ $* != *install* ]] || echo apt installs \"${@: -1}\" >&2");
  program("bin/sudo", "\"$@\"");
  program("scripts/parts/unit", "echo the part works");
  const std::string said = shell("./test unit");
  EXPECT_EQ(exit, 0) << said;
  EXPECT_THAT(said, HasSubstr("apt installs"));
  EXPECT_LT(said.find("apt installs"), said.find("== part unit")) << said;
  EXPECT_THAT(said, HasSubstr("1 passed, 0 failed"));
}

TEST_F(Scripts, SayClearlyWhereThereIsNeitherRootNorSudo) {
  program("bin/dpkg-query", "exit 1");
  // Of the system nothing but bash is to be had, and root becomes nobody.
  std::string nobody = ::geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups " : "";
  const std::string said = shell(
      nobody +
      "env PATH=\"$PWD/bin\" /bin/bash -euc 'source scripts/install.sh; need g++; echo went on'");
  EXPECT_NE(exit, 0);
  EXPECT_THAT(said, HasSubstr("there is no sudo; as root: apt-get"));
  EXPECT_THAT(said, Not(HasSubstr("went on")));
}

TEST_F(Scripts, ATestThatIsToldToDoMoreMayTakeLonger) {
  program("bin/ctest", "echo \"$*\"");
  EXPECT_EQ(shell("scripts/run_tests release"), "--preset release --timeout 300\n");
  EXPECT_EQ(shell("BERTH_CRASHES=10000 BERTH_CALLS=401 scripts/run_tests release"),
            "--preset release --timeout 6000\n");
  EXPECT_EQ(shell("BERTH_POWER_CUTS=100 scripts/run_tests asan"), "--preset asan --timeout 300\n");
}

constexpr std::string_view kSettings = R"(store = "berth.db"
[[pool]]
name = "dial-in"
ipv4 = ["10.8.0.0/24"]
)";
constexpr std::string_view kEvents = R"(time,server,port,user,event,session
2026-01-05T09:30:00Z,radius1,p,"mydom\an""a",connect,2a
2026-01-05T09:31:00Z,radius1,p,"mydom\an""a",disconnect,2a
)";

class Demo : public Scripts {
 public:
  Demo() {
    std::filesystem::create_directories(folder.path() / "played");
    std::ofstream(folder.path("day.csv"), std::ios::binary) << kEvents;
    std::ofstream(folder.path("berth.toml"), std::ios::binary) << kSettings;
  }
};

TEST_F(Demo, LooksUpAnOwnerWhoseNameIsEscaped) {
  const std::string said = shell("scripts/demo '" BERTH_PROGRAM "' played day.csv berth.toml");
  EXPECT_EQ(exit, 0) << said;
  EXPECT_THAT(said, HasSubstr("history --owner mydom\\\\an\\\"a\n"));
  EXPECT_THAT(said, HasSubstr("who 10.8.0.0 --at 2026-01-05T09:30:00Z\n"));
  EXPECT_THAT(said, Not(HasSubstr("nobody had")));
}

TEST_F(Demo, SaysWhyALookFailed) {
  program("bin/some-berth", "[[ $* != *leases* ]] || { echo the disk is gone >&2; exit 3; }");
  const std::string said = shell("scripts/demo bin/some-berth played day.csv berth.toml");
  EXPECT_NE(exit, 0);
  EXPECT_THAT(said, HasSubstr("the disk is gone"));
}

// ./run without its building: what it plays is there already.
class FirstRun : public Demo {
 public:
  FirstRun() {
    program("bin/dpkg-query", "echo ii");
    program("scripts/build", "");
    std::filesystem::create_directories(folder.path() / "build" / "release");
    std::filesystem::create_symlink(BERTH_PROGRAM, folder.path() / "build" / "release" / "berth");
  }
};

TEST_F(FirstRun, EndsWithCommandsThatWork) {
  const std::string said = shell(R"sh(shopt -s expand_aliases
./run day.csv berth.toml >said || exit
to=$PWD/said
eval "$(grep '^  cd ' "$to")"
eval "$(grep '^  alias ' "$to")"
berth history --owner 'mydom\an"a')sh");
  EXPECT_EQ(exit, 0) << said;
  EXPECT_THAT(said, HasSubstr("10.8.0.0"));
}

TEST_F(FirstRun, SaysThatSettingsWereMadeUp) {
  const std::string said = shell("./run day.csv");
  EXPECT_EQ(exit, 0) << said;
  EXPECT_THAT(said, HasSubstr("made-up settings; name yours as ./run day.csv SETTINGS"));
}

TEST_F(FirstRun, KeepsTheLastFive) {
  shell("for i in 1 2 3 4 5 6 7; do mkdir -p build/run/2020-01-0$i-x; done");
  shell("./run day.csv berth.toml");
  EXPECT_EQ(shell("ls build/run | wc -l"), "5\n");
  EXPECT_EQ(shell("ls build/run | head -n 1"), "2020-01-04-x\n");
}

}  // namespace
}  // namespace berth
