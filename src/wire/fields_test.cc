// fields_test.cc - what is wrong with an object is said once, by name.
#include "wire/fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

boost::json::value json_of(std::string_view text) { return parse_json(text, "it").value(); }

TEST(Fields, MembersComeByTheirType) {
  const auto value = json_of(
      R"({"a": "x", "n": 7, "w": "required", "i": "10.8.0.7", "p": "2001:db8::/56",
          "t": "2026-11-22T00:00:00Z", "l": ["x", "y"], "none": null})");
  Fields fields(value, "it");
  EXPECT_EQ(fields.text("a"), "x");
  EXPECT_EQ(fields.number("n"), 7U);
  EXPECT_EQ(fields.want("w", Want::no), Want::required);
  EXPECT_EQ(fields.want("missing", Want::no), Want::no);
  EXPECT_EQ(fields.ipv4("i"), *Ipv4::parse("10.8.0.7"));
  EXPECT_EQ(fields.prefix("p")->length(), 56);
  EXPECT_EQ(fields.time("t"), *parse_time("2026-11-22T00:00:00Z"));
  EXPECT_THAT(fields.texts("l"), ElementsAre("x", "y"));
  EXPECT_FALSE(fields.ipv6("none")) << "null is as good as none";
  EXPECT_TRUE(fields.finish());
}

TEST(Fields, TheFirstThingThatIsWrongIsTold) {
  const auto value = json_of(R"({"a": 7, "i": "10.8.0.300"})");
  Fields fields(value, "the body");
  EXPECT_EQ(fields.text("a"), "");
  EXPECT_FALSE(fields.ipv4("i"));
  EXPECT_EQ(fields.finish().error().what, "\"a\" of the body: is no text");
}

TEST(Fields, AMemberThatNobodyKnowsIsWrong) {
  const auto value = json_of(R"({"sever": "vpn1"})");
  Fields fields(value, "the body");
  EXPECT_EQ(fields.text("server"), "");
  const Done done = fields.finish();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, "\"sever\" of the body is not known");
  EXPECT_EQ(done.error().remedy, "these are: server");
}

TEST(Fields, WhatIsNoObjectSaysSo) {
  for (const char* text : {"7", "[]", "\"x\"", "null"}) {
    const auto value = json_of(text);
    Fields fields(value, "the body");
    EXPECT_EQ(fields.text("a"), "");
    EXPECT_EQ(fields.finish().error().what, "the body is no JSON object") << text;
  }
}

TEST(Fields, ListsHaveALimit) {
  const auto value = json_of("[1, 2, 3]");
  const boost::json::value object = {{"l", value}};
  Fields fields(object, "it");
  EXPECT_EQ(fields.array("l", 2), nullptr);
  EXPECT_THAT(fields.finish().error().what, HasSubstr("3 elements, and at most 2"));
}

TEST(ParseJson, RubbishIsRefusedWithItsPlace) {
  for (const char* text : {"", "{", "{} {}", "{\"a\": }", "\xff", "nul"}) {
    const auto value = parse_json(text, "the body");
    ASSERT_FALSE(value) << text;
    EXPECT_THAT(value.error().what, HasSubstr("the body is no JSON")) << text;
  }
  EXPECT_FALSE(parse_json(std::string(100, '['), "it")) << "too deep";
}

}  // namespace
}  // namespace berth
