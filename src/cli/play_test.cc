// play_test.cc - berth play as a person meets it: files, reports, progress.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/play_progress.h"
#include "cli/play_report.h"
#include "cli/runs_for_tests.h"
#include "settings/path.h"
#include "text/printable.h"

namespace berth::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

// GoogleTest's own patterns know no [0-9] on Windows.
bool shows(const std::string& text, const char* pattern) {
  return std::regex_search(text, std::regex(pattern));
}

class PlayVerb : public testing::Test, public Runs {
 protected:
  // A small day with the settings that fit, as files of the folder.
  void synthesise() {
    ASSERT_EQ(berth({"play", "--synthesise", "--users", "50", "--seed", "7", "--settings-out",
                     path("berth.toml")}),
              0)
        << err;
    write("day.csv", out);
  }
};

TEST_F(PlayVerb, MakesUpADayAndSaysItsSeed) {
  synthesise();
  EXPECT_TRUE(out.starts_with("time,server,port,user,event,session,groups,began,epoch\n"));
  EXPECT_THAT(err, HasSubstr("50 users, 3 servers, 1 day, seed 7"));
  const std::string first = out;
  EXPECT_EQ(berth({"play", "--synthesise", "--users", "50", "--seed", "7"}), 0) << err;
  EXPECT_EQ(out, first);
}

TEST_F(PlayVerb, WritesSettingsThatCheckOut) {
  synthesise();
  EXPECT_EQ(berth({"check-config", path("berth.toml")}), 0) << err;
}

TEST_F(PlayVerb, PlaysAFileAndReports) {
  synthesise();
  EXPECT_EQ(berth({"play", path("day.csv")}), 0) << err;
  EXPECT_TRUE(shows(out, "played [0-9,]+ events of 2026-01-05T")) << out;
  EXPECT_TRUE(shows(out, "connect +[0-9]+")) << out;
  EXPECT_TRUE(shows(out, "returning users +[0-9]+ of [0-9]+ got their old addresses")) << out;
  EXPECT_TRUE(shows(out, "doubles +0 ")) << out;
  EXPECT_TRUE(shows(out, "too soon +0 ")) << out;
  EXPECT_THAT(out, HasSubstr("100 % |"));
  EXPECT_THAT(out, Not(HasSubstr("\x1b")));
}

TEST_F(PlayVerb, PlaysStandardInput) {
  synthesise();
  input = out;
  EXPECT_EQ(berth({"play", "-"}), 0) << err;
  EXPECT_THAT(out, HasSubstr("played "));
}

TEST_F(PlayVerb, DrawsWithPlainCharactersWhenAsked) {
  synthesise();
  EXPECT_EQ(berth({"play", "--ascii", path("day.csv")}), 0) << err;
  EXPECT_TRUE(std::ranges::all_of(out, [](char c) { return c > 0; }));
}

TEST_F(PlayVerb, ReportsInJson) {
  synthesise();
  EXPECT_EQ(berth({"--json", "play", path("day.csv")}), 0) << err;
  const auto report = boost::json::parse(out).as_object();
  EXPECT_EQ(report.at("doubles"), 0);
  EXPECT_EQ(report.at("stopped"), false);
  EXPECT_GT(report.at("events").at("connect").at("count").as_int64(), 50);
  EXPECT_EQ(report.at("pools").as_array().size(), 5u);
  EXPECT_FALSE(report.at("pools").at(0).at("taken").as_array().empty());
}

TEST_F(PlayVerb, TellsOfAFullPoolAndOfAServerThatConfirmsNothing) {
  write("berth.toml",
        "store = \"berth.db\"\n[[pool]]\nname = \"main\"\nipv4 = [\"10.0.0.1-10.0.0.10\"]\n");
  std::string events = "time,server,port,user,event,session\n";
  for (int i = 0; i < 10; ++i) {
    const std::string number = std::to_string(i);
    events += "@1000000,nas,," + number + ",connect," + number + "\n";
  }
  write("day.csv", events + "@1000300,nas,,ana,connect,last\n");
  EXPECT_EQ(berth({"play", "--want", "ipv4", path("day.csv")}), 0) << err;
  EXPECT_THAT(out, HasSubstr("pool main: 95 % of its ipv4 addresses are taken, 10 of 10"));
  EXPECT_THAT(out, HasSubstr("server nas: it lets hold times run out"));
  EXPECT_EQ(berth({"--json", "play", "--want", "ipv4", path("day.csv")}), 0) << err;
  const auto report = boost::json::parse(out).as_object();
  const auto& first = report.at("noticed").at(0);
  EXPECT_EQ(first.at("code"), "pool_threshold_reached");
  EXPECT_EQ(first.at("threshold"), 80);
  EXPECT_EQ(first.at("taken"), 10);
  EXPECT_EQ(report.at("noticed_count").as_int64(),
            static_cast<std::int64_t>(report.at("noticed").as_array().size()));
}

TEST_F(PlayVerb, KeepsLeasesOnlyInAStoreThatWasNamed) {
  synthesise();
  EXPECT_EQ(berth({"play", path("day.csv")}), 0) << err;
  EXPECT_FALSE(std::filesystem::exists(path("berth.db")));
  EXPECT_EQ(berth({"--store", path("berth.db"), "play", path("day.csv")}), 0) << err;
  EXPECT_TRUE(std::filesystem::exists(path("berth.db")));
  EXPECT_EQ(berth({"history", "--owner", "ana.keller@corp.example"}), 0) << err;
  EXPECT_THAT(out, HasSubstr("2026-01-05T"));
}

TEST_F(PlayVerb, ReportsWhatStandsBeforeAFaultAndThenTheFault) {
  synthesise();
  write("bad.csv", "time,server,port,user,event\n@1,s,1,ana,connect\n@2,s,1,,disconnect\n");
  EXPECT_EQ(berth({"play", "--store", path("bad.db"), path("bad.csv")}), 2);
  EXPECT_THAT(out, HasSubstr("stopped after 1 event "));
  EXPECT_THAT(err, HasSubstr("bad.csv:3: user: is empty"));
  EXPECT_THAT(err, HasSubstr("has been played"));
  EXPECT_EQ(berth({"leases", "--store", path("bad.db")}), 0) << err;
  EXPECT_THAT(out, HasSubstr("ana"));
}

TEST_F(PlayVerb, ReportsNothingWhereTheFirstRowIsWrong) {
  synthesise();
  write("bad.csv", "time,server,port,user,event\n@2,s,1,,disconnect\n");
  EXPECT_EQ(berth({"play", path("bad.csv")}), 2);
  EXPECT_EQ(out, "");
  EXPECT_THAT(err, HasSubstr("bad.csv:2: user: is empty"));
}

TEST_F(PlayVerb, WritesNoSettingsOverOthers) {
  write("berth.toml", "mine");
  EXPECT_EQ(berth({"play", "--synthesise", "--settings-out", path("berth.toml")}), 2);
  EXPECT_THAT(err, HasSubstr("berth.toml\" exists already"));
  EXPECT_EQ(out, "");
  std::string kept;
  std::getline(std::ifstream(path("berth.toml")), kept);
  EXPECT_EQ(kept, "mine");
}

TEST_F(PlayVerb, StartsOnADay) {
  for (const char* start : {"2026-03-01", "2026-03-01T12:00:00Z", "@1772366400"}) {
    EXPECT_EQ(berth({"play", "--synthesise", "--users", "50", "--start", start}), 0) << err;
    EXPECT_THAT(out, HasSubstr("\n2026-03-01T"));
    EXPECT_THAT(out, Not(HasSubstr("2026-02")));
  }
}

TEST_F(PlayVerb, RefusesWhatDoesNotGoTogether) {
  EXPECT_EQ(berth({"play"}), 2);
  EXPECT_EQ(berth({"play", "--synthesise", "day.csv"}), 2);
  EXPECT_EQ(berth({"play", "day.csv", "--settings-out", "x.toml"}), 2);
  EXPECT_EQ(berth({"play", "--synthesise", "--users", "0"}), 2);
  EXPECT_EQ(berth({"play", "--synthesise", "--users", "1000001"}), 2);
  EXPECT_EQ(berth({"play", "--synthesise", "--start", "someday"}), 2);
  synthesise();
  EXPECT_EQ(berth({"play", path("day.csv"), "--outstanding", "0"}), 2);
  EXPECT_EQ(berth({"play", path("day.csv"), "--together", "long"}), 2);
  EXPECT_EQ(berth({"play", path("day.csv"), "--want", "ipv5"}), 2);
  for (const char* speed : {"0", "-1", "nan", "inf", "1e-300", "1e300"}) {
    EXPECT_EQ(berth({"play", path("day.csv"), "--speed", speed}), 2) << speed;
  }
  EXPECT_EQ(berth({"play", path("none.csv")}), 2);
}

// --- The report alone ---

play::Played some_play() {
  play::Played played;
  played.answers[0] = {.events = 1000, .refused = 1};
  played.refusals[{play::EventKind::connect, Code::pool_exhausted}] = {
      .count = 1, .first = {Code::pool_exhausted, "pool a\x1b is full", "add a range"}};
  played.refusals[{play::EventKind::disconnect, Code::not_found}] = {
      .count = 2, .first = {Code::not_found, "no lease", ""}};
  played.elapsed = 2s;
  return played;
}

TEST(PlayReport, ShowsADoubleInRedAndSaysWhich) {
  TestWorld test;
  test.world.out_terminal = {.columns = 80, .colour = true};
  play::Played played = some_play();
  played.doubles = 1;
  played.first_fault = "10.0.0.1 went to \"bea\"";
  print_report(test.world, played, {}, play::ChartStyle::Marks::blocks);
  EXPECT_THAT(test.out.str(), HasSubstr("\x1b[31m1\x1b[0m"));
  EXPECT_THAT(test.out.str(), HasSubstr("the first: 10.0.0.1 went to \"bea\""));
}

TEST(PlayReport, ShowsWhatARealRefusalSaidAndNothingThatATerminalObeys) {
  TestWorld test;
  print_report(test.world, some_play(), {}, play::ChartStyle::Marks::blocks);
  EXPECT_THAT(test.out.str(), HasSubstr("pool_exhausted: pool a\\x1b is full"));
  EXPECT_THAT(test.out.str(), Not(HasSubstr("no lease")));
  EXPECT_THAT(test.out.str(), HasSubstr("no harm done"));
  EXPECT_THAT(test.out.str(), HasSubstr("500 a second"));
}

TEST(PlayReport, ShowsTheFirstThingsThatWereNoticed) {
  TestWorld test;
  Noticed noticed;
  for (int i = 0; i < 12; ++i) {
    noticed.add(
        {*parse_time("2026-01-05T10:24:13Z"), ServerEvent{"nas\x1b" + std::to_string(i), true}});
  }
  print_report(test.world, some_play(), noticed, play::ChartStyle::Marks::blocks);
  EXPECT_THAT(test.out.str(), HasSubstr("2026-01-05T10:24:13Z  server nas\\x1b9: it lets hold"));
  EXPECT_THAT(test.out.str(), Not(HasSubstr("nas\\x1b10")));
  EXPECT_THAT(test.out.str(), HasSubstr("and 2 more"));
}

// --- Progress ---

const play::Progress kHalfWay{.events = 81'230,
                              .time = *parse_time("2026-01-05T10:24:13Z"),
                              .open = 4'512,
                              .elapsed = 10s,
                              .part = 0.5};

TEST(PlayProgressLine, SaysAsMuchAsFits) {
  EXPECT_EQ(progress_line(kHalfWay, 100, play::ChartStyle::Marks::ascii),
            "[###############                ]  50 %  2026-01-05 10:24  4,512 connected  "
            "81,230 events  8,123/s");
  for (int columns = 10; columns < 200; ++columns) {
    EXPECT_LT(width_of(progress_line(kHalfWay, columns, play::ChartStyle::Marks::blocks)), columns);
  }
}

TEST(PlayProgressLine, DoesWithoutABarWhereNobodyKnowsTheEnd) {
  play::Progress now = kHalfWay;
  now.part.reset();
  EXPECT_EQ(progress_line(now, 100, play::ChartStyle::Marks::ascii),
            "2026-01-05 10:24  4,512 connected  81,230 events  8,123/s");
}

TEST(PlayProgressLine, IsDrawnOverOnATerminalAndWipedAtTheEnd) {
  TestWorld test;
  test.world.err_terminal = {.columns = 80};
  {
    PlayProgress progress(test.world, play::ChartStyle::Marks::ascii);
    progress.show(kHalfWay);
  }
  EXPECT_TRUE(test.err.str().starts_with("\r\x1b[K["));
  EXPECT_TRUE(test.err.str().ends_with("\r\x1b[K"));
}

TEST(PlayProgressLine, IsALineNowAndThenInAPipe) {
  TestWorld test;
  PlayProgress progress(test.world, play::ChartStyle::Marks::blocks);
  play::Progress now = kHalfWay;
  for (now.elapsed = 0s; now.elapsed < 11s; now.elapsed += 100ms) progress.show(now);
  const std::string lines = test.err.str();
  EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
  EXPECT_EQ(lines.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace berth::cli
