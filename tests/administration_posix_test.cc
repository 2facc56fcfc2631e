// administration_posix_test.cc - a program of another author's asks a RAS side who is connected.
//
// The program is sdk/who, built with the line of its README against the SDK and libmprapi.so alone;
// the RAS side is rashost with a module.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/said_posix_for_tests.h"

namespace berth {
namespace {

using ::testing::HasSubstr;

using berth::testing::run;
using berth::testing::Said;

class Administration : public ::testing::Test {
 public:
  ~Administration() override { std::filesystem::remove_all(folder_); }

 protected:
  Administration() {
    std::string folder = (std::filesystem::temp_directory_path() / "berth-XXXXXX").string();
    folder_ = mkdtemp(folder.data());
    std::ofstream(folder_ / "day.scenario") << "pool 10.0.0.1-10.0.0.9\n"
                                               "connect a user=ana port=VPN2-1\n"
                                               "connect b user=ben port=VPN2-2\n"
                                               "link b port=VPN2-3\n"
                                               "wait seconds=60\n";
  }

  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }
  [[nodiscard]] Said who(const std::string& words) const {
    return run("LD_LIBRARY_PATH='" BERTH_MPRAPI_FOLDER "' BERTH_RAS_SOCKET='" + path("ras.sock") +
               "' '" BERTH_WHO "' " + words);
  }

  std::filesystem::path folder_;
};

TEST_F(Administration, AProgramSeesWhoIsConnectedAndEndsPorts) {
  Said played;
  std::thread server([&] {
    played = run("'" BERTH_RASHOST "' '" + path("day.scenario") + "' --admin-socket '" +
                 path("ras.sock") + "' '" BERTH_SAMPLE "'");
  });
  // The second connection has both of its links when there are three ports.
  Said ports;
  for (int i = 0; i < 600 && std::ranges::count(ports.text, '\n') != 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ports = who("ports");
  }
  EXPECT_EQ(ports.text, "2 1 VPN2-1\n4 3 VPN2-2\n5 3 VPN2-3\n");
  EXPECT_EQ(who("").text, "1 ana 10.20.30.16\n3 ben 10.20.30.17\n");
  const Said none = who("end 9");
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.text, HasSubstr("error 601: There is no such port."));
  // With the last port the scenario ends.
  for (const char* port : {"end 4", "end 2", "end 5"}) EXPECT_EQ(who(port).code, 0) << port;
  server.join();
  EXPECT_EQ(played.code, 0) << played.text;
  EXPECT_THAT(played.text, HasSubstr("MprAdminReleaseIpAddress(\"ben\", \"VPN2-2\", 10.20.30.17)"));
  EXPECT_THAT(played.text, HasSubstr("GOOD: "));
}

TEST_F(Administration, WithoutARasSideAProgramIsToldSo) {
  const Said said = who("");
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.text, HasSubstr("MprAdminConnectionEnum: error 903: "));
}

TEST_F(Administration, ASocketThatCannotBeIsAMistakeOfUse) {
  const Said said = run("'" BERTH_RASHOST "' '" + path("day.scenario") +
                        "' --admin-socket /nowhere/ras.sock '" BERTH_SAMPLE "'");
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.text, HasSubstr("cannot listen at /nowhere/ras.sock"));
}

}  // namespace
}  // namespace berth
