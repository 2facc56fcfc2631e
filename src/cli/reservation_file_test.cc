// reservation_file_test.cc - reservations are read from CSV and JSON, and a wrong line is named.
#include "cli/reservation_file.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Result<std::vector<ReservationLine>> read(FileFormat format, const std::string& text) {
  std::istringstream in(text);
  return read_reservations(in, "users", format, [](std::uint64_t) {});
}

// "line user addresses" of every reservation; the error where there is one.
std::vector<std::string> lines_of(FileFormat format, const std::string& text) {
  auto lines = read(format, text);
  if (!lines) return {lines.error().what};
  std::vector<std::string> texts;
  for (const ReservationLine& line : *lines) {
    texts.push_back(std::to_string(line.line) + " " + line.user + " " + line.addresses.to_string());
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(ReservationFile, ReadsCsv) {
  EXPECT_EQ(lines_of(FileFormat::csv,
                     "user,ipv4,ipv6,delegated\n"
                     "ana,10.8.0.7,,\n"
                     "\"ben, jr\",,2001:db8::7,2001:db8:100::/56\n"),
            (Texts{"2 ana 10.8.0.7", "3 ben, jr 2001:db8::7/128 2001:db8:100::/56"}));
}

TEST(ReservationFile, ReadsColumnsInAnyOrderAndLeavesTheOwnerAside) {
  EXPECT_EQ(lines_of(FileFormat::csv, "ipv4,owner,user\n10.8.0.7,someone,ana\n"),
            Texts{"2 ana 10.8.0.7"});
}

TEST(ReservationFile, ReadsJson) {
  EXPECT_EQ(lines_of(FileFormat::json,
                     "[\n{\"user\": \"ana\", \"ipv4\": \"10.8.0.7\", \"ipv6\": null},\n"
                     "{\"owner\": \"x\", \"user\": \"b\\u00e9n\", \"ipv6\": \"2001:db8::7/128\"}]"),
            (Texts{"2 ana 10.8.0.7", "3 bén 2001:db8::7/128"}));
}

TEST(ReservationFile, AWrongLineOfCsvIsNamed) {
  auto wrong = [](const std::string& text) {
    auto lines = read(FileFormat::csv, text);
    return lines ? "no error" : lines.error().what;
  };
  EXPECT_EQ(wrong(""), "users:1: the file is empty");
  EXPECT_THAT(wrong("ana,10.8.0.7\n"), StartsWith("users:1: no column is called \"ana\""));
  EXPECT_THAT(wrong("user,ipv4\nana,10.8.0.7\nben,10.8.0.300\n"), StartsWith("users:3: "));
  EXPECT_THAT(wrong("user,ipv4\nana,10.8.0.300\n"), HasSubstr("10.8.0.300"));
  EXPECT_EQ(wrong("user,ipv4\nana\n"), "users:2: 1 fields where the first line has 2");
  EXPECT_EQ(wrong("user,ipv4\n,10.8.0.7\n"), "users:2: no user is named");
  EXPECT_EQ(wrong("user,ipv4\nana,\n"), "users:2: no address is kept for \"ana\"");
  EXPECT_THAT(wrong("user,ipv6\nana,2001:db8::/129\n"), StartsWith("users:2: "));
}

TEST(ReservationFile, AWrongLineOfJsonIsNamed) {
  auto wrong = [](const std::string& text) {
    auto lines = read(FileFormat::json, text);
    return lines ? "no error" : lines.error().what;
  };
  EXPECT_THAT(wrong("[{},\n"), StartsWith("users:1: no user is named"));
  EXPECT_THAT(wrong("\n{\"user\" \"ana\"}"), StartsWith("users:2: this is not JSON"));
  EXPECT_EQ(wrong("{\"user\": 7}"), "users:1: \"user\" is no text");
  EXPECT_EQ(wrong("{\"name\": \"ana\"}"), "users:1: no field is called \"name\"");
  EXPECT_THAT(wrong("\n\n7"), StartsWith("users:3: an object is expected"));
}

TEST(ReservationFile, EveryErrorIsAnImportError) {
  for (const char* text : {"", "x\n", "user,ipv4\nana,7\n", "user,ipv4\n\"ana\n"}) {
    EXPECT_EQ(read(FileFormat::csv, text).error().code, Code::import_invalid) << text;
  }
  for (const char* text : {"7", "[", "{", "[{}", "{\"user\":[]}"}) {
    EXPECT_EQ(read(FileFormat::json, text).error().code, Code::import_invalid) << text;
  }
}

}  // namespace
}  // namespace berth::cli
