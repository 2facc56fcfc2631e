// requests_test.cc - what an access server asks is read as it was meant, or not at all.
#include "wire/requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/class_token.h"
#include "wire/fields.h"

namespace berth {
namespace {

using testing::HasSubstr;

boost::json::value json_of(std::string_view text) { return parse_json(text, "it").value(); }

TEST(Requests, AConnectionHasAUserAndAServer) {
  const auto request = read_request(json_of(
      R"({"user": "ana", "server": "vpn1", "session": "17", "ipv4": "required", "ipv6": "no",
          "groups": ["staff"], "proposed_ipv4": "10.8.0.7"})"));
  ASSERT_TRUE(request) << request.error().what;
  EXPECT_EQ(request->user, "ana");
  EXPECT_EQ(request->session, "17");
  EXPECT_EQ(request->ipv4, Want::required);
  EXPECT_EQ(request->ipv6, Want::no);
  EXPECT_EQ(request->delegated, Want::optional);
  EXPECT_EQ(request->groups, std::vector<std::string>{"staff"});
  EXPECT_EQ(request->proposed_ipv4, *Ipv4::parse("10.8.0.7"));
  EXPECT_FALSE(read_request(json_of(R"({"user": "ana", "ipv4": "yes"})")));
}

TEST(Requests, AClassStandsForIdAndGeneration) {
  const ClassToken token{LeaseId{0x0123456789abcdef}, Generation{42}};
  const std::string text = class_token_text(token);
  EXPECT_EQ(text, "b1.0123456789abcdef.42");
  const auto which = read_lease_ref({{"class", text}, {"kind", "ipv4"}});
  ASSERT_TRUE(which) << which.error().what;
  EXPECT_EQ(which->id, token.id);
  EXPECT_EQ(which->generation, token.generation);
  EXPECT_EQ(which->kind, Kind::ipv4);
  EXPECT_THAT(read_lease_ref({{"class", text}, {"generation", 1}}).error().what,
              HasSubstr("what lease_id and generation say"));
}

TEST(Requests, AnAddressIsOfEitherFamily) {
  EXPECT_EQ(read_lease_ref(json_of(R"({"address": "10.8.0.7"})"))->ipv4, *Ipv4::parse("10.8.0.7"));
  EXPECT_EQ(read_lease_ref(json_of(R"({"address": "2001:db8::7"})"))->ipv6,
            *Ipv6::parse("2001:db8::7"));
  EXPECT_FALSE(read_lease_ref(json_of(R"({"address": "ana"})")));
}

TEST(Requests, SessionsAreToldByTheirPlace) {
  const auto sessions = read_sessions(
      json_of(R"({"sessions": [{"user": "ana", "session": "1", "ipv4": "10.8.0.7"}]})"));
  ASSERT_TRUE(sessions);
  EXPECT_EQ(sessions->at(0).addresses.to_string(), "10.8.0.7");
  EXPECT_EQ(read_sessions(json_of(R"({"sessions": []})"))->size(), 0U);
  EXPECT_FALSE(read_sessions(json_of("{}")));
  const auto wrong = read_sessions(json_of(R"({"sessions": [{}, {"user": 7}]})"));
  EXPECT_THAT(wrong.error().what, HasSubstr("sessions[1]"));
}

TEST(Requests, AReservationHasAnAddress) {
  EXPECT_EQ(read_addresses(json_of(R"({"ipv6": "2001:db8::7"})"))->ipv6->length(), 128);
  EXPECT_FALSE(read_addresses(json_of("{}")));
}

TEST(ClassTokens, WhatWeWouldNotHaveWrittenIsNotOurs) {
  for (const char* text :
       {"", "b1", "b1.0123456789abcdef", "b1.0123456789abcdef.", "b1.0123456789abcdef.042",
        "b1.0123456789ABCDEF.42", "b2.0123456789abcdef.42", "b1.0123456789abcdef.42 ",
        "b1.0123456789abcdef.99999999999999999999", "b1.0123456789abcdef.-1"}) {
    EXPECT_FALSE(parse_class_token(text)) << text;
  }
}

}  // namespace
}  // namespace berth
