// settings_test.cc - what berth.toml may say, and how it is refused.
#include "berth/settings.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "core/policy.h"
#include "settings/keys.h"

namespace berth {
namespace {

using namespace std::chrono_literals;

const std::string kRoot = BERTH_SOURCE_DIR;

Settings read(std::string_view text) {
  auto settings = parse_settings(text, "berth.toml");
  EXPECT_TRUE(settings) << settings.error().what;
  return settings ? *settings : Settings{};
}

constexpr std::string_view kSmall =
    "store = \"leases.db\"\n"
    "[[pool]]\n"
    "name = \"dial-in\"\n"
    "ipv4 = [\"10.8.0.0/16\"]\n";

// The Error for a small file with some lines behind it, which begin on line 5.
Error fault(const std::string& more) {
  auto settings = parse_settings(std::string(kSmall) + more, "berth.toml");
  if (settings) return {Code::invalid, "nothing", "nothing"};
  EXPECT_EQ(settings.error().code, Code::settings_invalid);
  EXPECT_NE(settings.error().what.find("berth.toml:"), std::string::npos);
  EXPECT_LE(settings.error().what.size(), 600U) << "long texts are shortened";
  EXPECT_FALSE(settings.error().remedy.empty()) << settings.error().what;
  return settings.error();
}

TEST(Settings, FiveLinesAreEnough) {
  Settings settings = read(kSmall);
  EXPECT_EQ(settings.store, "leases.db");
  ASSERT_EQ(settings.plan.pools.size(), 1U);
  const PoolPlan& pool = settings.plan.pools[0];
  EXPECT_EQ(pool.name, "dial-in");
  EXPECT_EQ(pool.place, "berth.toml:2");
  EXPECT_EQ(pool.ipv4.at(0).value.to_string(), "10.8.0.0/16");
  EXPECT_EQ(pool.ipv4.at(0).place, "berth.toml:4");
  EXPECT_EQ(pool.cool_down, 5min);
  EXPECT_EQ(settings.plan.hold_time, 60s);
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Settings, TheExamplesAreValid) {
  for (auto name : {"berth.toml", "berth-small.toml"}) {
    std::string path = kRoot + "/examples/" + name;
    auto settings = read_settings(path);
    ASSERT_TRUE(settings) << settings.error().what;
    EXPECT_TRUE(Policy::compile(settings->plan));
    EXPECT_EQ(std::filesystem::path(settings->store).parent_path(), kRoot + "/examples")
        << "a relative store counts from the settings file";
  }
}

TEST(Settings, TheSmallExampleHasFiveLines) {
  std::istringstream text(contents(kRoot + "/examples/berth-small.toml"));
  int lines = 0;
  for (std::string line; std::getline(text, line);) ++lines;
  EXPECT_EQ(lines, 5);
}

TEST(Settings, TheExampleUsesEveryKeyAsItIs) {
  Plan plan = read(contents(kRoot + "/examples/berth.toml")).plan;
  EXPECT_EQ(plan.keep_history, 365 * 24h);
  EXPECT_EQ(plan.owners.domain_realms.at("CORP"), "corp.example");
  EXPECT_EQ(plan.groups.at("printers"), std::vector<std::string>{"printer-*@corp.example"});
  ASSERT_EQ(plan.servers.size(), 1U);
  EXPECT_TRUE(plan.servers[0].exclusive_ports);

  ASSERT_EQ(plan.pools.size(), 2U);
  const PoolPlan& staff = plan.pools[0];
  EXPECT_EQ(staff.ipv4.size(), 3U);
  EXPECT_EQ(staff.exclude_ipv4.size(), 3U);
  EXPECT_EQ(staff.identifiers->prefix.to_string(), "2001:db8:8:1::/64");
  EXPECT_EQ(staff.identifiers->exclude.at(1).value.to_string(), "0:0:0:53");
  EXPECT_EQ(staff.delegated->length, 56);
  EXPECT_EQ(staff.delegated->exclude.at(0).value.to_string(), "2001:db8:100::/48");
  EXPECT_EQ(plan.pools[1].prefixes->length, 64);
  EXPECT_EQ(plan.pools[1].cool_down, 30min);

  ASSERT_EQ(plan.rules.size(), 3U);
  EXPECT_EQ(plan.rules[0].match.ports, std::vector<std::string>{"VPN*"});
  EXPECT_EQ(plan.rules[0].second_login, SecondLogin::take_over);
  EXPECT_EQ(plan.rules[0].lease_time, 12h);
  EXPECT_EQ(plan.rules[1].hold_time, 60s);
}

// In the example a key stands as "key =", a table as "[key]" or "[[key]]"; in the manual as `key`.
TEST(Settings, EveryKeyIsInTheExampleAndInTheManual) {
  std::string example = "\n" + contents(kRoot + "/examples/berth.toml");
  std::string manual = contents(kRoot + "/docs/settings.md");
  ASSERT_GT(known_keys().size(), 40U);
  for (const std::string& key : known_keys()) {
    std::string last = key.substr(key.rfind('.') + 1);
    bool shown = example.find("\n" + last + " =") != std::string::npos ||
                 example.find("\n[" + key + "]\n") != std::string::npos ||
                 example.find("\n[[" + key + "]]\n") != std::string::npos;
    EXPECT_TRUE(shown) << key << " is not in examples/berth.toml";
    EXPECT_NE(manual.find("| `" + key + "` |"), std::string::npos)
        << key << " is not in docs/settings.md";
  }
}

TEST(Settings, WordsAreReadAsWhatTheyMean) {
  Settings settings = read(
      "store = \"x\"\nsecond_login = \"refuse\"\n[owners]\ncase = \"keep\"\ndomain = \"cut\"\n"
      "realm = \"cut\"\n[[pool]]\nname = \"a\"\nintake = \"hold_down\"\nthresholds = []\n"
      "ipv6_identifiers = { prefix = \"2001:db8::/64\", choice = \"sequential\" }\n"
      "[[server]]\nname = \"nas\"\nconfirms = false\n");
  EXPECT_FALSE(settings.plan.owners.fold_case);
  EXPECT_FALSE(settings.plan.owners.keep_domain);
  EXPECT_FALSE(settings.plan.owners.keep_realm);
  EXPECT_EQ(settings.plan.second_login, SecondLogin::refuse);
  EXPECT_EQ(settings.plan.pools[0].intake, PoolPlan::Intake::hold_down);
  EXPECT_TRUE(settings.plan.pools[0].thresholds.empty());
  EXPECT_EQ(settings.plan.pools[0].identifiers->choice, IdentifierPool::Choice::sequential);
  EXPECT_FALSE(settings.plan.servers[0].confirms);
}

TEST(Settings, RulesBeginWithWhatTheTopOfTheFileSays) {
  Settings settings =
      read("hold_time = \"7s\"\nlease_time = \"1h\"\nsecond_login = \"take_over\"\n" +
           std::string(kSmall) +
           "[[rule]]\npools = [\"dial-in\"]\n"
           "[[rule]]\npools = [\"dial-in\"]\nhold_time = \"8s\"\n");
  EXPECT_EQ(settings.plan.rules[0].hold_time, 7s);
  EXPECT_EQ(settings.plan.rules[0].lease_time, 1h);
  EXPECT_EQ(settings.plan.rules[0].second_login, SecondLogin::take_over);
  EXPECT_EQ(settings.plan.rules[1].hold_time, 8s);
}

TEST(Settings, AnUnknownKeyIsNamedWithTheOneThatWasMeant) {
  EXPECT_EQ(fault("cool_donw = \"5m\"\n"),
            (Error{Code::settings_invalid, "berth.toml:5: pool.cool_donw: there is no such key",
                   "did you mean cool_down?"}));
  EXPECT_EQ(fault("dns = [\"10.8.0.1\"]\n").remedy,
            "use one of name, ipv4, exclude_ipv4, ipv6_identifiers, ipv6_prefixes, delegated, "
            "cool_down, thresholds, intake");
  EXPECT_EQ(fault("\n[[pools]]\nname = \"b\"\n").what, "berth.toml:6: pools: there is no such key");
  EXPECT_EQ(fault("[pool.delegated]\nform = []\n").remedy, "did you mean from?");
}

TEST(Settings, AWrongTypeIsNamedWithTheRightOne) {
  struct Case {
    std::string text;
    std::string what;
  };
  for (const auto& [text, what] : std::initializer_list<Case>{
           {"cool_down = 5", "pool.cool_down: this is a number, not a duration"},
           {"cool_down = 09:30:00", "pool.cool_down: this is a time of day, not a duration"},
           {"exclude_ipv4 = \"10.8.0.1\"", "pool.exclude_ipv4: this is a text, not a list"},
           {"exclude_ipv4 = [1.5]", "pool.exclude_ipv4: this is a number with a point, not a text"},
           {"thresholds = [\"80\"]", "pool.thresholds: this is a text, not a number"},
           {"thresholds = [99999999999]", "pool.thresholds: 99999999999 is far out of range"},
           {"delegated = []", "pool.delegated: this is a list, not a table"},
           {"intake = \"opne\"", "pool.intake: \"opne\" is none of its words"},
           {"intake = true", "pool.intake: this is true or false, not a text"},
           {"[[server]]\nname = \"a\"\nconfirms = \"yes\"",
            "server.confirms: this is a text, not true or false"},
           {"[rule]\npools = []", "rule: this is written as one table"},
           {"[groups]\nstaff = \"ana\"", "groups.staff: this is a text, not a list"},
           {"[owners.domain_realms]\nCORP = 1",
            "owners.domain_realms.CORP: this is a number, not a text"}}) {
    EXPECT_NE(fault(text).what.find(what), std::string::npos) << fault(text).what;
  }
  EXPECT_EQ(fault("intake = \"opne\"").remedy, "did you mean open?");
}

TEST(Settings, ABadRangeIsNamedWithItsLine) {
  EXPECT_EQ(fault("exclude_ipv4 = [\n  \"10.8.0.1\",\n  \"10.8.0.300\",\n]\n").what,
            "berth.toml:7: pool.exclude_ipv4: \"10.8.0.300\" is not an IPv4 address");
  EXPECT_EQ(fault("exclude_ipv4 = [\"10.8.0.1/24\"]\n").remedy,
            "write 10.8.0.0/24 if that prefix is meant");
  EXPECT_EQ(fault("ipv6_identifiers = { prefix = \"2001:db8::/129\" }").what,
            "berth.toml:5: pool.ipv6_identifiers.prefix: \"2001:db8::/129\" has no prefix length "
            "of 0 to 128");
  EXPECT_EQ(fault("cool_down = \"5 min\"").what,
            "berth.toml:5: pool.cool_down: \"5 min\" is not a duration of at most 10 years");
  EXPECT_EQ(fault("cool_down = \"-5m\"").what,
            "berth.toml:5: pool.cool_down: \"-5m\" is not a duration of at most 10 years");
}

TEST(Settings, WhatHoldsForTheWholeFileIsNamedWithItsLineToo) {
  const auto fault_of = [](const std::string& top) {
    auto settings = parse_settings("\n" + top + "\n" + std::string(kSmall), "berth.toml");
    return settings ? "none" : settings.error().what;
  };
  EXPECT_EQ(fault_of("hold_time = \"0s\""),
            "berth.toml:2: hold_time is 0s, so every lease would end at once");
  EXPECT_EQ(fault_of("hold_time = \"50d\""), "berth.toml:2: hold_time is 50d");
  EXPECT_EQ(fault_of("lease_time = \"50d\""), "berth.toml:2: lease_time is 50d");
  EXPECT_EQ(fault_of("keep_history = \"4000d\""),
            "berth.toml:2: keep_history: \"4000d\" is not a duration of at most 10 years");

  EXPECT_EQ(fault("[groups]\nother = []\n\"\" = [\"ana\"]\n").what,
            "berth.toml:7: group \"\" is empty");
  EXPECT_EQ(fault("[groups]\nstaff = [\n  \"ana\",\n  \"\",\n]\n").what,
            "berth.toml:6: owner in group \"staff\" \"\" is empty");
  EXPECT_EQ(fault("[groups]\nstaff = []\nStaff = []\n").what,
            "berth.toml:5: groups \"Staff\" and \"staff\" differ in case only");

  EXPECT_EQ(fault("[owners.domain_realms]\nCORP = \"a\"\nLAB = \"@lab\"\n").what,
            "berth.toml:7: realm \"@lab\" of domain \"LAB\" has an @ or a backslash");
  EXPECT_EQ(fault("[owners.domain_realms]\nCORP = \"a\"\nCorp = \"b\"\n").what,
            "berth.toml:5: domains \"CORP\" and \"Corp\" differ in case only");
}

TEST(Settings, AnOverlapIsNamedWithBothLines) {
  auto settings = parse_settings(
      std::string(kSmall) + "[[pool]]\nname = \"office\"\nipv4 = [\"10.8.0.128/25\"]\n",
      "berth.toml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().what,
            "pool dial-in range 10.8.0.0/16 (berth.toml:4) overlaps "
            "pool office range 10.8.0.128/25 (berth.toml:7)");
}

TEST(Settings, WithoutAStoreTheSystemSaysWhereItIs) {
  EXPECT_TRUE(read("[[pool]]\nname = \"a\"\nipv4 = [\"10.0.0.1\"]\n").store.empty());
  const std::filesystem::path store = default_store();
  EXPECT_TRUE(store.is_absolute()) << store;
  EXPECT_EQ(store.filename(), "leases.db");
}

TEST(Settings, WhatBerthDllHasOfItsOwnIsRead) {
  const RrasSettings usual = read(kSmall).rras;
  EXPECT_EQ(usual.server, "");
  EXPECT_EQ(usual.deadline, 500ms);
  EXPECT_EQ(usual.log, LogLevel::information);
  const RrasSettings said =
      read(std::string(kSmall) + "[rras]\nserver = \"vpn1\"\ndeadline = \"2s\"\nlog = \"debug\"\n")
          .rras;
  EXPECT_EQ(said.server, "vpn1");
  EXPECT_EQ(said.deadline, 2s);
  EXPECT_EQ(said.log, LogLevel::debug);
  for (const char* bad : {"deadline = \"0s\"", "deadline = \"61s\"", "server = \"\"",
                          "server = \"a\\nb\"", "log = \"loud\""}) {
    EXPECT_TRUE(fault(std::string("[rras]\n") + bad).what.starts_with("berth.toml:6: ")) << bad;
  }
}

TEST(Settings, WhatIsNeededIsAskedFor) {
  EXPECT_EQ(parse_settings("", "berth.toml").error().what, "berth.toml:1: key pool is missing");
  EXPECT_EQ(parse_settings("store = \"\"", "berth.toml").error().what,
            "berth.toml:1: store: no file is named");
  EXPECT_EQ(parse_settings("store = \"x\"", "berth.toml").error().what,
            "berth.toml:1: key pool is missing");
  EXPECT_EQ(parse_settings("store = \"x\"\npool = []", "berth.toml").error().what,
            "berth.toml: there is no pool");
  EXPECT_EQ(fault("[[rule]]\nname = \"a\"\n").what, "berth.toml:5: rule: key pools is missing");
  EXPECT_EQ(fault("delegated = { from = [\"2001:db8::/40\"] }").what,
            "berth.toml:5: pool.delegated: key length is missing");
}

TEST(Settings, WhatIsNoTomlIsRefusedWithItsLine) {
  for (const std::string& bad :
       {std::string("cool_down = "), std::string("cool_down"), std::string("= 5"),
        std::string("cool_down = \"5m"), std::string("name = \"again\""), std::string("[pool"),
        std::string("[{pool]"), std::string("josé = 1"), std::string("a = \"\xff\xfe\""),
        std::string("a = \"\0\"", 7), std::string("\0", 1), "a = " + std::string(65536, '['),
        "a = " + std::string(1000, '{'), std::string(65536, 'a'),
        "a" + std::string(1'000'000, '.') + "b = 1", "[" + std::string(100'000, 'a') + "]"}) {
    EXPECT_TRUE(fault(bad).what.starts_with("berth.toml:5: ")) << fault(bad).what.substr(0, 200);
  }
}

// Where toml++ has to be helped: toml.h.
TEST(Settings, LettersBeyondAsciiAreFineInQuotesAndRefusedOutside) {
  EXPECT_EQ(fault("josé = 1\n").what.substr(0, 13), "berth.toml:5:");
  EXPECT_EQ(fault("cool_down = 5é\n").what.substr(0, 13), "berth.toml:5:");
  EXPECT_EQ(fault("cool_down = \"\"\"\\\n5é\"\"\"\n").what.substr(0, 13), "berth.toml:5:");
  Settings settings = read(std::string(kSmall) + "[groups]\n\"équipe\" = [\"josé\"] # né\n");
  EXPECT_EQ(settings.plan.groups.at("équipe"), std::vector<std::string>{"josé"});
}

TEST(Settings, LongNamesAreRefusedShortly) {
  std::string name(65536, 'a');
  for (const std::string& more :
       {"[[rule]]\npools = []\nowners = [\"" + name + "\"]", "intake = \"" + name + "\"",
        "exclude_ipv4 = [\"" + name + "\"]", name + " = 1", "[groups]\n" + name + " = 1",
        "[groups]\n" + name + " = []"}) {
    EXPECT_EQ(fault(more).code, Code::settings_invalid);
  }
  EXPECT_EQ(fault("\"a\\u0007\" = 1").what, "berth.toml:5: \"pool.a\\x07\": there is no such key");
}

TEST(Settings, AFileIsOfALimitedSize) {
  std::string comment(std::size_t{16} << 20, '#');
  comment[0] = '\n';
  EXPECT_TRUE(parse_settings(std::string(kSmall) + comment.substr(kSmall.size()), "berth.toml"));
  EXPECT_EQ(parse_settings(std::string(kSmall) + comment, "berth.toml").error().what,
            "berth.toml is larger than 16777216 bytes");
}

TEST(Settings, AFileThatCannotBeReadIsNotFound) {
  for (auto path : {"/nowhere/berth.toml", BERTH_SOURCE_DIR "/examples"}) {
    auto settings = read_settings(path);
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().code, Code::not_found);
    EXPECT_TRUE(settings.error().what.starts_with(path));
  }
  EXPECT_FALSE(read_settings(""));
  EXPECT_FALSE(read_settings(std::string("a\0b", 3)));
}

TEST(Settings, TheRasSideHasDefaults) {
  const RasSettings ras = read(kSmall).ras;
  EXPECT_TRUE(ras.modules.empty());
  EXPECT_EQ(ras.server, "ras");
  EXPECT_EQ(ras.deadline, 200ms);
  EXPECT_EQ(ras.failures, 5);
  EXPECT_TRUE(ras.foreign);
  EXPECT_FALSE(ras.strict || ras.in_process);
  EXPECT_EQ(ras.when_off, RasSettings::WhenOff::refuse);
}

TEST(Settings, R100TheRasSideListsItsModulesInOrder) {
  const std::string root = std::filesystem::current_path().root_path().generic_string();
  const RasSettings ras = read(std::string(kSmall) + "[ras]\nmodules = [\"" + root + "b.so\", \"" +
                               root + "a.so\"]\nforeign = \"refuse\"\nwhen_off = \"skip\"\n" +
                               "isolation = \"in_process\"\nown = [\"10.8.0.1\"]\n")
                              .ras;
  EXPECT_EQ(ras.modules, (std::vector<std::string>{root + "b.so", root + "a.so"}));
  EXPECT_FALSE(ras.foreign);
  EXPECT_TRUE(ras.in_process);
  EXPECT_EQ(ras.when_off, RasSettings::WhenOff::skip);
  EXPECT_EQ(ras.own, std::vector{*Ipv4::parse("10.8.0.1")});
}

TEST(Settings, WhatTheRasSideCannotDoIsRefused) {
  for (const char* wrong : {"modules = [\"a.so\"]", "deadline = \"0s\"", "deadline = \"61s\"",
                            "failures = 0", "failures = 1001", "foreign = \"maybe\"",
                            "own = [\"10.8.0.0/16\"]", "server = \"\"", "module = []"}) {
    EXPECT_EQ(fault("[ras]\n" + std::string(wrong) + "\n").what.find("nothing"), std::string::npos)
        << wrong;
  }
  const std::string root = std::filesystem::current_path().root_path().generic_string();
  const std::string twice = "\"" + root + "a.so\"";
  EXPECT_NE(fault("[ras]\nmodules = [" + twice + ", " + twice + "]\n").what.find("twice"),
            std::string::npos);
}

}  // namespace
}  // namespace berth
