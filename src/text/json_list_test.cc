// json_list_test.cc - the objects of a JSON list are found, each with its line.
#include "text/json_list.h"

#include <sstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth {
namespace {

using testing::HasSubstr;

// "line:text" of each element, and the error that ended the reading, if one did.
std::vector<std::string> read_all(const std::string& text) {
  std::istringstream in(text);
  JsonListReader reader(in, "users.json");
  std::vector<std::string> found;
  for (JsonElement element;;) {
    Result<bool> more = reader.next(element);
    if (!more) found.push_back(more.error().what);
    if (!more || !*more) return found;
    found.push_back(std::to_string(element.line) + ":" + element.text);
  }
}

using Texts = std::vector<std::string>;

TEST(JsonList, FindsTheObjectsOfAnArray) {
  EXPECT_EQ(read_all("[]"), Texts{});
  EXPECT_EQ(read_all("[{}]"), Texts{"1:{}"});
  EXPECT_EQ(read_all("[\n{\"a\": {\"b\": 1}},\n\n {\"c\":\n2}\n]\n"),
            (Texts{"2:{\"a\": {\"b\": 1}}", "4:{\"c\":\n2}"}));
}

TEST(JsonList, TakesObjectsOneBehindAnother) {
  EXPECT_EQ(read_all("{\"a\":1}\n{\"b\":2}\n"), (Texts{"1:{\"a\":1}", "2:{\"b\":2}"}));
}

TEST(JsonList, SkipsAByteOrderMark) {
  EXPECT_EQ(read_all("\xEF\xBB\xBF[{}]"), Texts{"1:{}"});
  EXPECT_EQ(read_all("\xEF\xBB[{}]"), Texts{"users.json:1: half a byte order mark"});
}

// An import of nothing is a pipe that broke, not a list without users: that is [].
TEST(JsonList, RefusesAnEmptyFile) {
  EXPECT_EQ(read_all(""), Texts{"users.json:1: the file is empty"});
  EXPECT_EQ(read_all(" \n"), Texts{"users.json:2: the file is empty"});
}

TEST(JsonList, BracketsInStringsAreText) {
  EXPECT_EQ(read_all(R"([{"a": "}\"}\\"}])"), Texts{R"(1:{"a": "}\"}\\"})"});
}

TEST(JsonList, SaysWhereItIsWrong) {
  EXPECT_EQ(read_all("[\n7]"), Texts{"users.json:2: an object is expected here: {\"user\": …}"});
  EXPECT_EQ(read_all("[{}\n{}]").back(), "users.json:2: a comma or ] is missing behind an object");
  EXPECT_EQ(read_all("[{},\n]").back(), "users.json:2: an object is expected here: {\"user\": …}");
  EXPECT_EQ(read_all("[{}").back(), "users.json:1: the list is never closed with ]");
  EXPECT_EQ(read_all("[{\"a\n").back(), "users.json:2: an object is never closed with }");
  EXPECT_EQ(read_all("[]\n\n{}").back(), "users.json:3: text behind the list");
}

TEST(JsonList, RefusesAnObjectThatIsTooLong) {
  std::string inside(kMaxJsonElementBytes, 'x');
  EXPECT_THAT(read_all("{\"" + inside + "\":1}").back(), HasSubstr("more than 65536 bytes"));
}

}  // namespace
}  // namespace berth
