// events_test.cc - files of events: what is taken, what is refused and where, and the way back.
#include "play/events.h"

#include <sstream>

#include <gtest/gtest.h>

namespace berth::play {
namespace {

constexpr std::string_view kHeader =
    "time,server,port,user,event,session,groups,began,epoch,want\n";

Result<std::vector<Event>> read(const std::string& text) {
  std::istringstream in(text);
  EventReader reader(in, "day.csv", text.size());
  std::vector<Event> events;
  while (true) {
    Event event;
    Result<bool> more = reader.next(event);
    if (!more) return std::unexpected(more.error());
    if (!*more) return events;
    events.push_back(event);
  }
}

TEST(Events, AreReadWithTheFiveColumnsThatMustBeThere) {
  auto events =
      read("time,server,port,user,event\n2026-01-05T09:30:00Z,vpn1,VPN2-17,ana,connect\n");
  ASSERT_TRUE(events) << events.error().what;
  ASSERT_EQ(events->size(), 1u);
  EXPECT_EQ(events->front(), (Event{.time = *parse_time("2026-01-05T09:30:00Z"),
                                    .kind = EventKind::connect,
                                    .server = "vpn1",
                                    .port = "VPN2-17",
                                    .user = "ana"}));
}

TEST(Events, AreReadWhateverTheOrderOfColumns) {
  auto events = read("event,user,port,server,time\r\nstop,ana,1,vpn1,@0\r\n");
  ASSERT_TRUE(events) << events.error().what;
  EXPECT_EQ(events->front().kind, EventKind::disconnect);
  EXPECT_EQ(events->front().user, "ana");
}

TEST(Events, TakeTheNamesOfRadiusAccountingToo) {
  auto events = read(std::string(kHeader) + "@1,s,0,ana,start,7,,,,\n@2,s,0,ana,interim,7,,,,\n" +
                     "@3,s,0,ana,stop,7,,,,\n");
  ASSERT_TRUE(events) << events.error().what;
  EXPECT_EQ((*events)[0].kind, EventKind::confirm);
  EXPECT_EQ((*events)[1].kind, EventKind::renew);
  EXPECT_EQ((*events)[2].kind, EventKind::disconnect);
}

TEST(Events, AreWrittenAsTheyAreRead) {
  const std::vector<Event> events = {{.time = *parse_time("@1000"),
                                      .kind = EventKind::connect,
                                      .server = "vpn, \"one\"",
                                      .port = "p\n1",
                                      .user = "CORP\\Änne",
                                      .session = "7",
                                      .groups = {"staff", "night shift"}},
                                     {.time = *parse_time("1970-01-01T00:16:41.250Z"),
                                      .kind = EventKind::boot,
                                      .server = "v",
                                      .epoch = "e1"},
                                     {.time = *parse_time("@1002"),
                                      .kind = EventKind::disconnect,
                                      .server = "v",
                                      .user = "ana",
                                      .began = *parse_time("@900")}};
  std::ostringstream out;
  EventWriter writer(out);
  for (Event event : events) {
    event.port = event.port == "p\n1" ? "p 1" : event.port;  // a control is refused on the way in
    writer.write(event);
  }
  auto again = read(out.str());
  ASSERT_TRUE(again) << again.error().what;
  ASSERT_EQ(again->size(), events.size());
  EXPECT_EQ((*again)[0].server, events[0].server);
  EXPECT_EQ((*again)[0].groups, events[0].groups);
  EXPECT_EQ((*again)[1], events[1]);
  EXPECT_EQ((*again)[2], events[2]);
}

struct Wrong {
  std::string_view row;
  std::string_view begins;  // of the error
};
class WrongEvents : public testing::TestWithParam<Wrong> {};

TEST_P(WrongEvents, AreRefusedWithFileLineColumnAndRemedy) {
  auto events =
      read(std::string(kHeader) + "@100000,s,1,ana,connect,,,,,\n" + std::string(GetParam().row));
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().code, Code::import_invalid);
  EXPECT_TRUE(events.error().what.starts_with(GetParam().begins)) << events.error().what;
  EXPECT_FALSE(events.error().remedy.empty()) << events.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    Play, WrongEvents,
    testing::Values(
        Wrong{"yesterday,s,1,ana,connect,,,,,\n", "day.csv:3: time: "},
        Wrong{"1969-12-31T23:59:59Z,s,1,ana,connect,,,,,\n", "day.csv:3: time: "},
        Wrong{"@99939,s,1,ana,connect,,,,,\n", "day.csv:3: time: 1970-01-02T03:45:39Z is more"},
        Wrong{"@100001,s,1,ana,dial,,,,,\n", "day.csv:3: event: \"dial\" is no event"},
        Wrong{"@100001,s,1,ana,,,,,,\n", "day.csv:3: event: "},
        Wrong{"@100001,,1,ana,connect,,,,,\n", "day.csv:3: server: is empty"},
        Wrong{"@100001,s,1,,connect,7,,,,\n", "day.csv:3: user: is empty"},
        Wrong{"@100001,s,1,,disconnect,,,,,\n", "day.csv:3: user: is empty"},
        Wrong{"@100001,s,1,a\xff,connect,,,,,\n", "day.csv:3: user: "},
        Wrong{std::string_view("@100001,s,1,a\0b,connect,,,,,\n", 29), "day.csv:3: user: "},
        Wrong{"@100001,s,\"1\n2\",ana,connect,,,,,\n", "day.csv:3: port: "},
        Wrong{"@100001,s,1,ana,disconnect,,,soon,,\n", "day.csv:3: began: "},
        Wrong{"@100001,s,1,ana,connect,,,,,ipv5\n", "day.csv:3: want: \"ipv5\""},
        Wrong{"@100001,s,1,ana\n", "day.csv:3: 4 fields where the first line names 10"},
        Wrong{"@100001,s,1,\"ana\"x,connect,,,,,\n", "day.csv:3:"}));

TEST(Events, OfAFileWithoutAHeaderAreRefused) {
  EXPECT_FALSE(read(""));
  auto events = read("2026-01-05T09:30:00Z,vpn1,1,ana,connect\n");
  ASSERT_FALSE(events);
  EXPECT_TRUE(events.error().what.starts_with("day.csv:1: ")) << events.error().what;
}

TEST(Events, RefuseNamesLongerThanABookTakes) {
  auto fits =
      read(std::string(kHeader) + "@1,s,1," + std::string(kMaxUserBytes, 'a') + ",connect,,,,,\n");
  EXPECT_TRUE(fits);
  auto too_long = read(std::string(kHeader) + "@1,s,1," + std::string(kMaxUserBytes + 1, 'a') +
                       ",connect,,,,,\n");
  EXPECT_FALSE(too_long);
}

TEST(Events, RefuseMoreGroupsThanABookTakes) {
  std::string groups;
  for (std::size_t i = 0; i < kMaxGroups; ++i) groups += "g;";
  EXPECT_TRUE(read(std::string(kHeader) + "@1,s,1,ana,connect,," + groups + ",,,\n"));
  auto events = read(std::string(kHeader) + "@1,s,1,ana,connect,," + groups + "g,,,\n");
  ASSERT_FALSE(events);
  EXPECT_TRUE(events.error().what.starts_with("day.csv:2: groups: ")) << events.error().what;
}

TEST(Events, ALittleOutOfOrderAreTakenAsOfTheLatestTime) {
  auto events =
      read(std::string(kHeader) + "@100,s,1,ana,connect,,,,,\n@60,s,1,bea,connect,,,,,\n" +
           "@101,s,1,cem,connect,,,,,\n");
  ASSERT_TRUE(events) << events.error().what;
  EXPECT_EQ((*events)[1].time, *parse_time("@100"));
  EXPECT_EQ((*events)[2].time, *parse_time("@101"));
}

TEST(Events, KnowHowMuchOfTheFileIsRead) {
  const std::string text = std::string(kHeader) + "@100,s,1,ana,connect,,,,,\n";
  std::istringstream in(text);
  EventReader reader(in, "day.csv", text.size());
  EXPECT_EQ(reader.progress(), 0.0);
  Event event;
  while (*reader.next(event)) {
  }
  EXPECT_EQ(reader.progress(), 1.0);
  EXPECT_EQ(EventReader(in, "pipe").progress(), std::nullopt);
}

TEST(Wants, AreReadWithWhatMayBeLeftOut) {
  auto wants = parse_wants("ipv4 delegated?");
  ASSERT_TRUE(wants);
  EXPECT_EQ(wants->of, (std::array{Want::required, Want::no, Want::optional}));
  EXPECT_FALSE(parse_wants(""));
  EXPECT_FALSE(parse_wants("   "));
  EXPECT_FALSE(parse_wants("ipv4!"));
}

TEST(Peeked, ShowsTheFirstEventAndThenGivesIt) {
  std::istringstream in(std::string(kHeader) +
                        "@100,s,1,ana,connect,,,,,\n@101,s,1,b,connect,,,,,\n");
  EventReader reader(in, "day.csv");
  auto peeked = Peeked::make(reader);
  ASSERT_TRUE(peeked);
  EXPECT_EQ(peeked->starts(), *parse_time("@100"));
  Event event;
  EXPECT_EQ(peeked->next(event), true);
  EXPECT_EQ(event.user, "ana");
  EXPECT_EQ(peeked->next(event), true);
  EXPECT_EQ(event.user, "b");
  EXPECT_EQ(peeked->next(event), false);
}

}  // namespace
}  // namespace berth::play
