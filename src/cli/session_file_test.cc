// session_file_test.cc - sessions are read from CSV and JSON, and a wrong line is named.
#include "cli/session_file.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth::cli {
namespace {

using testing::StartsWith;

Result<SessionLines> read(FileFormat format, const std::string& text) {
  std::istringstream in(text);
  return read_sessions(in, "nas", format, [](std::uint64_t) {});
}

std::string wrong(const std::string& text) {
  auto read_it = read(FileFormat::csv, text);
  return read_it ? "no error" : read_it.error().what;
}

TEST(SessionFile, ReadsCsvAndJsonAlike) {
  for (const Result<SessionLines>& found :
       {read(FileFormat::csv,
             "user,session,ipv4,port,ipv6\nana,21,10.8.0.7,,\nben,,10.8.0.9,VPN1,2001:db8::9\n"),
        read(FileFormat::json,
             "[{\"user\": \"ana\",\n \"session\": \"21\", \"ipv4\": \"10.8.0.7\"},\n"
             "{\"user\": \"ben\", \"port\": \"VPN1\", \"ipv4\": \"10.8.0.9\",\n"
             "\"ipv6\": \"2001:db8::9\"}]")}) {
    ASSERT_TRUE(found) << found.error().what;
    ASSERT_EQ(found->sessions.size(), 2U);
    EXPECT_EQ(found->sessions[0].user, "ana");
    EXPECT_EQ(found->sessions[0].session, "21");
    EXPECT_EQ(found->sessions[0].addresses.to_string(), "10.8.0.7");
    EXPECT_EQ(found->sessions[1].port, "VPN1");
    EXPECT_EQ(found->sessions[1].addresses.to_string(), "10.8.0.9 2001:db8::9/128");
    EXPECT_EQ(found->lines[1], 3U);
  }
}

TEST(SessionFile, AServerMayHaveNoSession) {
  EXPECT_TRUE(read(FileFormat::csv, "user,ipv4\n").value().sessions.empty());
  EXPECT_TRUE(read(FileFormat::json, "[]").value().sessions.empty());
}

TEST(SessionFile, AWrongLineIsNamed) {
  EXPECT_EQ(wrong(""), "nas:1: the file is empty");
  EXPECT_EQ(wrong("user,ipv4\n,10.8.0.7\n"), "nas:2: no user is named");
  EXPECT_EQ(wrong("user,session\nana,7\n"), "nas:2: the session of \"ana\" has no address");
  EXPECT_THAT(wrong("user,ipv4\nana,10.8.0.7\nben,10.8.0.300\n"), StartsWith("nas:3: "));
  EXPECT_THAT(wrong("user,address\n"), StartsWith("nas:1: "));
}

}  // namespace
}  // namespace berth::cli
