// story_test.cc - a day at the command line, verb by verb, on a store in a file.
#include <filesystem>
#include <fstream>

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/runs_for_tests.h"

namespace berth::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kSettings = R"(
store = "leases.db"
[[pool]]
name = "dial-in"
ipv4 = ["10.8.0.0/29"]
cool_down = "5m"
[owners]
domain_realms = { CORP = "corp.example" }
)";

class Story : public testing::Test, public Runs {
 public:
  Story() { write("berth.toml", kSettings); }

  boost::json::value json(std::vector<std::string> arguments) {
    arguments.emplace_back("--json");
    EXPECT_EQ(berth(arguments), 0) << err;
    return boost::json::parse(out);
  }
};

TEST_F(Story, CheckConfigShowsThePools) {
  EXPECT_EQ(berth({"check-config"}), 0) << err;
  EXPECT_THAT(out, HasSubstr("is right"));
  EXPECT_THAT(out, HasSubstr("dial-in  ipv4"));
  EXPECT_FALSE(std::filesystem::exists(path("leases.db")));
}

TEST_F(Story, CheckConfigNamesTheLineOfAnUnknownKey) {
  write("wrong.toml",
        "store = \"x.db\"\n[[pool]]\nname = \"a\"\nipv4 = [\"10.8.0.0/24\"]\ncoool = 1\n");
  EXPECT_EQ(berth({"check-config", path("wrong.toml")}), 3);
  EXPECT_THAT(err, HasSubstr("wrong.toml:5"));
  EXPECT_THAT(err, HasSubstr("coool"));
}

TEST_F(Story, ASessionFromAssignToRelease) {
  EXPECT_EQ(berth({"assign", "--user", "CORP\\Ana", "--server", "vpn1", "--session", "17"}), 0)
      << err;
  EXPECT_THAT(out, HasSubstr("10.8.0."));
  EXPECT_EQ(json({"leases"}).at(0).at("state"), "held");

  EXPECT_EQ(berth({"confirm", "--server", "vpn1", "--session", "17"}), 0) << err;
  boost::json::value lease = json({"leases", "--owner", "ANA@corp.example"}).at(0);
  EXPECT_EQ(lease.at("state"), "active");
  EXPECT_EQ(lease.at("owner"), "ana@corp.example");
  EXPECT_EQ(lease.at("user"), "CORP\\Ana");
  std::string address = lease.at("ipv4").as_string().c_str();

  clock.advance(10min);
  EXPECT_EQ(berth({"renew", "--id", lease.at("lease_id").as_string().c_str()}), 0) << err;
  EXPECT_EQ(json({"who", address}).at(0).at("owner"), "ana@corp.example");
  EXPECT_EQ(berth({"release", "--server", "vpn1", "--session", "17"}), 0) << err;
  EXPECT_THAT(out, HasSubstr("released " + address + " of ana@corp.example on vpn1, session 17"));
  EXPECT_EQ(berth({"release", "--server", "vpn1", "--session", "17"}), 1);
  EXPECT_THAT(err, HasSubstr("(not_found)"));

  clock.advance(10min);
  EXPECT_EQ(berth({"who", address}), 1);
  EXPECT_THAT(out, HasSubstr("nobody had " + address));
  boost::json::value ended = json({"history", "--owner", "ana@corp.example"}).at(0);
  EXPECT_EQ(ended.at("cause"), "released");
  EXPECT_EQ(json({"who", address, "--at", ended.at("started").as_string().c_str()}).at(0), ended);
  EXPECT_EQ(berth({"who", address, "--at", ended.at("ended").as_string().c_str()}), 1);
  EXPECT_EQ(berth({"who", address, "--window", "15m"}), 0);
}

TEST_F(Story, WhoNamesTheHolderThoughTheClockWasSetBack) {
  berth({"assign", "--user", "ana", "--server", "vpn1", "--session", "1"});
  const std::string address = json({"leases"}).at(0).at("ipv4").as_string().c_str();
  clock.advance(-2h);
  EXPECT_EQ(json({"who", address}).at(0).at("owner"), "ana");
}

TEST_F(Story, TheSameUserGetsTheSameAddressTomorrow) {
  auto assigned = [&](const char* user, const char* session) {
    return json({"assign", "--user", user, "--server", "vpn1", "--session", session}).at("ipv4");
  };
  boost::json::value before = assigned("ana", "1");
  berth({"release", "--server", "vpn1", "--session", "1"});
  assigned("ben", "2");
  clock.advance(24h);
  EXPECT_EQ(assigned("ana", "3"), before);
}

TEST_F(Story, ExplainChangesNothing) {
  EXPECT_EQ(berth({"explain", "--user", "ana", "--server", "vpn1"}), 3);
  EXPECT_THAT(err, HasSubstr("there is no store"));
  EXPECT_FALSE(std::filesystem::exists(path("leases.db")));
  berth({"reserve", "zoe", "10.8.0.5"});
  EXPECT_EQ(berth({"explain", "--user", "ana", "--server", "vpn1", "--session", "17"}), 0) << err;
  EXPECT_THAT(out, HasSubstr("owner  ana\n"));
  EXPECT_THAT(out, HasSubstr("it would be given"));
  EXPECT_EQ(json({"leases"}).as_array().size(), 0u);
}

TEST_F(Story, ExplainSaysWhyItWouldRefuse) {
  berth({"reserve", "zoe", "10.8.0.5"});
  EXPECT_EQ(berth({"explain", "--user", "ana", "--server", "vpn1", "--ipv6", "required", "--json"}),
            1);
  boost::json::value told = boost::json::parse(out);
  EXPECT_EQ(told.at("error").at("code"), "no_pool");
  EXPECT_TRUE(told.at("grant").is_null());
}

TEST_F(Story, AFullPoolRefusesWithItsCode) {
  for (int i = 0; i < 8; ++i) {
    berth({"assign", "--user", "u" + std::to_string(i), "--server", "vpn1"});
  }
  EXPECT_EQ(berth({"assign", "--user", "late", "--server", "vpn1", "--ipv4", "required"}), 1);
  EXPECT_THAT(err, HasSubstr("(pool_exhausted)"));
}

TEST_F(Story, ABootEndsTheLeasesOfItsServer) {
  for (const char* server : {"vpn1", "vpn2"}) {
    berth({"assign", "--user", "ana", "--server", server});
  }
  EXPECT_EQ(berth({"boot", "vpn1", "first"}), 0) << err;
  EXPECT_THAT(out, HasSubstr("1 lease of vpn1 ended"));
  EXPECT_EQ(json({"boot", "vpn1", "first"}).at("known"), true);
  EXPECT_EQ(json({"leases"}).as_array().size(), 1u);
}

TEST_F(Story, AReservationIsKeptAndTakenAway) {
  EXPECT_EQ(berth({"reserve", "CORP\\Ana", "10.8.0.5"}), 0) << err;
  EXPECT_EQ(out, "reserved 10.8.0.5 for ana@corp.example\n");
  EXPECT_EQ(berth({"reserve", "ben", "10.8.0.5"}), 1);
  EXPECT_THAT(err, HasSubstr("(address_taken)"));
  EXPECT_EQ(json({"reservations"}).at(0).at("user"), "CORP\\Ana");
  EXPECT_EQ(json({"assign", "--user", "ana@corp.example", "--server", "vpn1"}).at("ipv4"),
            "10.8.0.5");
  EXPECT_EQ(berth({"unreserve", "ana@corp.example"}), 0) << err;
  EXPECT_EQ(json({"reservations"}).as_array().size(), 0u);
  EXPECT_EQ(berth({"unreserve", "ana@corp.example"}), 1);
}

TEST_F(Story, AnImportWithOneWrongLineChangesNothing) {
  berth({"reserve", "zoe", "10.8.0.1"});
  struct Wrong {
    const char* csv;
    const char* says;
  };
  for (const Wrong& wrong : {Wrong{"user,ipv4\nana,10.8.0.2\nben,10.8.0.300\n", "users.csv:3: "},
                             Wrong{"user,ipv4\nana,10.8.0.2\nben,10.9.0.1\n", "users.csv:3: "},
                             Wrong{"user,ipv4\nana,10.8.0.2\nben,10.8.0.2\n", "users.csv:3: "},
                             Wrong{"user,ipv4\nana,10.8.0.2\nben,10.8.0.1\n", "users.csv:3: "},
                             Wrong{"user,ipv4\nana,10.8.0.2\nANA,10.8.0.3\n", "in line 2 already"},
                             Wrong{"user,ipv4\nana,10.8.0.2\na\x01,10.8.0.3\n", "users.csv:3: "}}) {
    write("users.csv", wrong.csv);
    EXPECT_EQ(berth({"import", path("users.csv")}), 2) << wrong.csv << out;
    EXPECT_THAT(err, HasSubstr(wrong.says));
    EXPECT_THAT(err, HasSubstr("(import_invalid)"));
    EXPECT_EQ(json({"reservations"}).as_array().size(), 1u) << wrong.csv;
  }
}

TEST_F(Story, AnImportMovesReservationsInTheOrderOfItsLines) {
  berth({"reserve", "ana", "10.8.0.1"});
  berth({"reserve", "ben", "10.8.0.2"});
  write("users.csv", "user,ipv4\nana,10.8.0.3\nben,10.8.0.1\ncem,10.8.0.2\n");
  EXPECT_EQ(berth({"import", path("users.csv")}), 0) << err;
  EXPECT_EQ(berth({"export"}), 0);
  EXPECT_THAT(out, HasSubstr("ana,ana,10.8.0.3,,\nben,ben,10.8.0.1,,\ncem,cem,10.8.0.2,,\n"));
  write("swap.csv", "user,ipv4\nana,10.8.0.1\nben,10.8.0.3\n");
  EXPECT_EQ(berth({"import", path("swap.csv")}), 2);
  EXPECT_THAT(err, HasSubstr("swap.csv:2: 10.8.0.1 is reserved for ben"));
}

TEST_F(Story, WhatIsExportedCanBeImported) {
  write("users.csv", "user,ipv4\nCORP\\Ana,10.8.0.2\n\"ben, jr\",10.8.0.3\n");
  EXPECT_EQ(berth({"import", path("users.csv")}), 0) << err;
  EXPECT_EQ(out, "imported 2 reservations\n");
  EXPECT_EQ(berth({"import", path("users.csv")}), 0) << err;  // again: nothing changes
  for (const char* format : {"csv", "json"}) {
    EXPECT_EQ(berth({"export", "--format", format}), 0) << err;
    std::string exported = out;
    EXPECT_THAT(exported, HasSubstr("ana@corp.example"));
    input = exported;
    std::string elsewhere = path(std::string("other-") + format + ".db");
    EXPECT_EQ(berth({"import", "-", "--format", format, "--store", elsewhere}), 0) << err;
    EXPECT_EQ(berth({"export", "--format", format, "--store", elsewhere}), 0) << err;
    EXPECT_EQ(out, exported);
  }
}

TEST_F(Story, LeasesAndHistoryAreExportedWithTheirFields) {
  EXPECT_EQ(json({"reserve", "ana", "10.8.0.1"}).at("owner"), "ana");
  EXPECT_EQ(berth({"export", "--what", "history"}), 0) << err;
  EXPECT_THAT(out, testing::StartsWith("sequence,lease_id,generation,owner,"));
  berth({"assign", "--user", "ana", "--server", "vpn1", "--session", "1"});
  berth({"release", "--server", "vpn1", "--session", "1"});
  berth({"assign", "--user", "ana", "--server", "vpn1", "--session", "2"});
  boost::json::array rows = json({"export", "--what", "history"}).as_array();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("cause"), "released");
  EXPECT_TRUE(rows[1].at("ended").is_null());
  EXPECT_EQ(json({"export", "--what", "leases"}).at(0).at("session"), "2");
}

TEST_F(Story, PoolsAddUp) {
  berth({"reserve", "zoe", "10.8.0.1"});
  berth({"assign", "--user", "ana", "--server", "vpn1", "--session", "1"});
  boost::json::value use = json({"pools"}).at(0);
  EXPECT_EQ(use.at("size"), 8);
  EXPECT_EQ(use.at("held"), 1);
  EXPECT_EQ(use.at("reserved"), 1);
  EXPECT_EQ(use.at("free"), 6);
}

TEST_F(Story, AMissingFileIsBadInputAndAMissingStoreIsNoAnswer) {
  EXPECT_EQ(berth({"backup", path("monday.db")}), 3);
  EXPECT_THAT(err, HasSubstr("(store_unavailable)"));
  berth({"reserve", "zoe", "10.8.0.1"});
  EXPECT_EQ(berth({"restore", path("nowhere.db")}), 2);
  EXPECT_THAT(err, HasSubstr("there is no backup"));
  EXPECT_EQ(json({"reservations"}).as_array().size(), 1u);
}

TEST_F(Story, AnEmptyNameOfAStoreIsNotTheRealOne) {
  EXPECT_EQ(berth({"reserve", "zoe", "10.8.0.1", "--store", ""}), 2);
  EXPECT_THAT(err, HasSubstr("--store is empty"));
  EXPECT_EQ(berth({"--settings", "", "check-config"}), 2);
  EXPECT_FALSE(std::filesystem::exists(path("leases.db")));
}

TEST_F(Story, GenerationZeroIsOneThatNobodyHas) {
  berth({"assign", "--user", "ana", "--server", "vpn1", "--session", "1"});
  EXPECT_EQ(berth({"release", "--server", "vpn1", "--session", "1", "--generation", "0"}), 1);
  EXPECT_THAT(err, HasSubstr("(stale)"));
  EXPECT_EQ(json({"leases"}).as_array().size(), 1u);
}

TEST_F(Story, AnAddressWithALengthNamesThatPrefixOnly) {
  write("berth.toml",
        "store = \"leases.db\"\n[[pool]]\nname = \"homes\"\n"
        "[pool.ipv6_prefixes]\nfrom = [\"2001:db8:1::/48\"]\n"
        "[pool.delegated]\nfrom = [\"2001:db8:100::/40\"]\nlength = 56\n");
  boost::json::value given = json({"assign", "--user", "ana", "--server", "vpn1"});
  const std::string delegated = given.at("delegated").as_string().c_str();
  const std::string longer = delegated.substr(0, delegated.find('/')) + "/60";
  for (const char* verb : {"confirm", "renew", "release"}) {
    EXPECT_EQ(berth({verb, "--address", longer}), 1) << verb;
    EXPECT_THAT(err, HasSubstr("(foreign)"));
    EXPECT_EQ(berth({verb, "--address", delegated, "--address", "2001:db8:1::/64"}), 2) << verb;
    EXPECT_THAT(err, HasSubstr("one of the two is enough"));
  }
  EXPECT_EQ(berth({"confirm", "--address", delegated}), 0) << err;
  EXPECT_EQ(berth({"release", "--address", given.at("ipv6").as_string().c_str()}), 0) << err;
}

TEST_F(Story, AnImportFromAPipeCallsItTheSameEverywhere) {
  for (const char* csv : {"user,ipv4\nana,10.8.0.300\n", "user,ipv4\nana,10.9.0.1\n",
                          "user,ipv4\na\x01,10.8.0.3\n"}) {
    input = csv;
    EXPECT_EQ(berth({"import", "-"}), 2);
    EXPECT_THAT(err, HasSubstr("standard input:2: "));
  }
  input.clear();
  for (const char* format : {"csv", "json"}) {
    EXPECT_EQ(berth({"import", "-", "--format", format}), 2);
    EXPECT_THAT(err, HasSubstr("the file is empty")) << format;
  }
}

TEST_F(Story, ANoIsAnswered) {
  berth({"reserve", "ana", "10.8.0.1"});
  input = "n\n";
  at_terminal = true;
  EXPECT_EQ(berth({"erase", "ana", "--json"}), 1);
  EXPECT_EQ(boost::json::parse(out).at("erased"), false);
  EXPECT_EQ(berth({"forget", "--before", "@1000", "--json"}), 1);
  EXPECT_EQ(boost::json::parse(out).at("deleted_intervals"), 0);
  EXPECT_EQ(json({"reservations"}).as_array().size(), 1u);
}

TEST_F(Story, WhoSaysWhereItStops) {
  write("berth.toml", "store = \"leases.db\"\n[[pool]]\nname = \"a\"\nipv4 = [\"10.8.0.0/16\"]\n");
  input = "time,server,port,user,event\n";
  for (int i = 0; i < 10'001; ++i) {
    const std::string number = std::to_string(i);
    input += "2026-01-05T09:30:00Z,vpn1," + number + ",u" + number + ",connect\n";
  }
  ASSERT_EQ(berth({"play", "-", "--store", path("leases.db"), "--outstanding", "4096"}), 0) << err;
  const std::vector<std::string> at = {"--at", "2026-01-05T09:30:30Z", "--json"};
  const auto who = [&](const std::string& where) {
    EXPECT_EQ(berth({"who", where, at[0], at[1], at[2]}), 0) << err;
    return boost::json::parse(out).as_array().size();
  };
  EXPECT_EQ(who("10.8.0.0/16"), 10'000u);
  EXPECT_THAT(err, HasSubstr("these are the latest 10,000"));
  EXPECT_LT(who("10.8.0.0/24"), 257u);
  EXPECT_EQ(err, "");
}

TEST_F(Story, ABackupIsRestoredWithItsAge) {
  berth({"assign", "--user", "ana", "--server", "vpn1", "--session", "1"});
  EXPECT_EQ(berth({"backup", path("monday.db")}), 0) << err;
  EXPECT_EQ(berth({"backup", path("monday.db")}), 2);  // it is there already
  berth({"release", "--server", "vpn1", "--session", "1"});
  clock.advance(26h);
  EXPECT_EQ(berth({"restore", path("monday.db")}), 0) << err;
  EXPECT_THAT(out, HasSubstr(", 1 day 2 hours ago"));
  EXPECT_THAT(out, HasSubstr("until every server"));
  EXPECT_EQ(json({"leases"}).at(0).at("owner"), "ana");
  EXPECT_EQ(json({"restore", path("monday.db"), "--trust"}).at("age_seconds"), 26 * 3600);
}

TEST_F(Story, AnErasedUserIsGone) {
  berth({"assign", "--user", "ana", "--server", "vpn1", "--session", "1"});
  EXPECT_EQ(berth({"erase", "ana", "--yes"}), 1);
  EXPECT_THAT(err, HasSubstr("(conflict)"));
  berth({"release", "--server", "vpn1", "--session", "1"});
  EXPECT_EQ(berth({"erase", "ana", "--yes"}), 0) << err;
  EXPECT_EQ(json({"history", "--owner", "ana"}).as_array().size(), 0u);
}

TEST_F(Story, OldHistoryIsForgotten) {
  berth({"assign", "--user", "ana", "--server", "vpn1", "--session", "1"});
  berth({"release", "--server", "vpn1", "--session", "1"});
  clock.advance(24h);
  EXPECT_EQ(json({"forget", "--before", "@" + std::to_string(clock.wall().time_since_epoch() / 1s),
                  "--yes"})
                .at("deleted_intervals"),
            1);
  EXPECT_EQ(json({"history", "--owner", "ana"}).as_array().size(), 0u);
}

TEST_F(Story, ListsStopAtTheirLimitAndSaySo) {
  for (int i = 0; i < 3; ++i) {
    berth({"assign", "--user", "ana", "--server", "vpn1", "--session", std::to_string(i)});
  }
  EXPECT_EQ(berth({"leases", "--limit", "2"}), 0);
  EXPECT_THAT(err, HasSubstr("there are more than 2"));
  EXPECT_EQ(json({"leases", "--limit", "2"}).as_array().size(), 2u);
  EXPECT_EQ(berth({"leases", "--limit", "3"}), 0);
  EXPECT_EQ(err, "");
  EXPECT_EQ(berth({"history", "--owner", "ana", "--limit", "2"}), 0);
  EXPECT_THAT(err, HasSubstr("the latest 2"));
}

TEST_F(Story, NamesThatAreRubbishAreBadInput) {
  for (const std::string& name :
       {std::string(64 * 1024, 'x'), std::string("a\0b", 3), std::string("\xff\xfe"),
        std::string("a\x1b[2J"), std::string()}) {
    EXPECT_EQ(berth({"assign", "--user", name, "--server", "vpn1"}), 2) << name;
    EXPECT_EQ(berth({"assign", "--user", "ana", "--server", name}), 2) << name;
    EXPECT_EQ(berth({"reserve", name, "10.8.0.5"}), 2) << name;
    EXPECT_EQ(berth({"history", "--owner", name}), 2) << name;
    EXPECT_LT(err.size(), 1000u);
    EXPECT_THAT(err, Not(HasSubstr("\x1b")));
  }
}

}  // namespace
}  // namespace berth::cli
