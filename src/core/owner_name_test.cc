// owner_name_test.cc - two hundred spellings and the owners that they mean.
#include "core/owner_name.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "berth/lease.h"

namespace berth {
namespace {

using namespace std::string_literals;

// By the rules of examples/berth.toml: case folded, CORP\ana is ana@corp.example.
OwnerRules example_rules() {
  OwnerRules rules;
  rules.domain_realms = {{"Corp", "Corp.Example"}};
  return rules;
}

struct Spelling {
  std::string_view raw;
  std::string_view owner;
  std::string_view realm;
};

// clang-format off
constexpr Spelling kSpellings[] = {
    {"Ana", "ana", ""},
    {"CORP\\Ana", "ana@corp.example", "corp.example"},
    {"corp\\Ana", "ana@corp.example", "corp.example"},
    {"OTHER\\Ana", "other\\ana", "other"},
    {"Ana@corp.example", "ana@corp.example", "corp.example"},
    {"Ana@Corp.Example", "ana@corp.example", "corp.example"},
    {"Ana@elsewhere", "ana@elsewhere", "elsewhere"},
    {"CORP\\Ana@elsewhere", "corp\\ana@elsewhere", "elsewhere"},
    {"ANA", "ana", ""},
    {"CORP\\ANA", "ana@corp.example", "corp.example"},
    {"corp\\ANA", "ana@corp.example", "corp.example"},
    {"OTHER\\ANA", "other\\ana", "other"},
    {"ANA@corp.example", "ana@corp.example", "corp.example"},
    {"ANA@Corp.Example", "ana@corp.example", "corp.example"},
    {"ANA@elsewhere", "ana@elsewhere", "elsewhere"},
    {"CORP\\ANA@elsewhere", "corp\\ana@elsewhere", "elsewhere"},
    {"ana", "ana", ""},
    {"CORP\\ana", "ana@corp.example", "corp.example"},
    {"corp\\ana", "ana@corp.example", "corp.example"},
    {"OTHER\\ana", "other\\ana", "other"},
    {"ana@corp.example", "ana@corp.example", "corp.example"},
    {"ana@Corp.Example", "ana@corp.example", "corp.example"},
    {"ana@elsewhere", "ana@elsewhere", "elsewhere"},
    {"CORP\\ana@elsewhere", "corp\\ana@elsewhere", "elsewhere"},
    {"a", "a", ""},
    {"CORP\\a", "a@corp.example", "corp.example"},
    {"corp\\a", "a@corp.example", "corp.example"},
    {"OTHER\\a", "other\\a", "other"},
    {"a@corp.example", "a@corp.example", "corp.example"},
    {"a@Corp.Example", "a@corp.example", "corp.example"},
    {"a@elsewhere", "a@elsewhere", "elsewhere"},
    {"CORP\\a@elsewhere", "corp\\a@elsewhere", "elsewhere"},
    {"ana.maria", "ana.maria", ""},
    {"CORP\\ana.maria", "ana.maria@corp.example", "corp.example"},
    {"corp\\ana.maria", "ana.maria@corp.example", "corp.example"},
    {"OTHER\\ana.maria", "other\\ana.maria", "other"},
    {"ana.maria@corp.example", "ana.maria@corp.example", "corp.example"},
    {"ana.maria@Corp.Example", "ana.maria@corp.example", "corp.example"},
    {"ana.maria@elsewhere", "ana.maria@elsewhere", "elsewhere"},
    {"CORP\\ana.maria@elsewhere", "corp\\ana.maria@elsewhere", "elsewhere"},
    {"Ana Maria", "ana maria", ""},
    {"CORP\\Ana Maria", "ana maria@corp.example", "corp.example"},
    {"corp\\Ana Maria", "ana maria@corp.example", "corp.example"},
    {"OTHER\\Ana Maria", "other\\ana maria", "other"},
    {"Ana Maria@corp.example", "ana maria@corp.example", "corp.example"},
    {"Ana Maria@Corp.Example", "ana maria@corp.example", "corp.example"},
    {"Ana Maria@elsewhere", "ana maria@elsewhere", "elsewhere"},
    {"CORP\\Ana Maria@elsewhere", "corp\\ana maria@elsewhere", "elsewhere"},
    {"o'neil", "o'neil", ""},
    {"CORP\\o'neil", "o'neil@corp.example", "corp.example"},
    {"corp\\o'neil", "o'neil@corp.example", "corp.example"},
    {"OTHER\\o'neil", "other\\o'neil", "other"},
    {"o'neil@corp.example", "o'neil@corp.example", "corp.example"},
    {"o'neil@Corp.Example", "o'neil@corp.example", "corp.example"},
    {"o'neil@elsewhere", "o'neil@elsewhere", "elsewhere"},
    {"CORP\\o'neil@elsewhere", "corp\\o'neil@elsewhere", "elsewhere"},
    {"Ana-1", "ana-1", ""},
    {"CORP\\Ana-1", "ana-1@corp.example", "corp.example"},
    {"corp\\Ana-1", "ana-1@corp.example", "corp.example"},
    {"OTHER\\Ana-1", "other\\ana-1", "other"},
    {"Ana-1@corp.example", "ana-1@corp.example", "corp.example"},
    {"Ana-1@Corp.Example", "ana-1@corp.example", "corp.example"},
    {"Ana-1@elsewhere", "ana-1@elsewhere", "elsewhere"},
    {"CORP\\Ana-1@elsewhere", "corp\\ana-1@elsewhere", "elsewhere"},
    {"José", "josé", ""},
    {"CORP\\José", "josé@corp.example", "corp.example"},
    {"corp\\José", "josé@corp.example", "corp.example"},
    {"OTHER\\José", "other\\josé", "other"},
    {"José@corp.example", "josé@corp.example", "corp.example"},
    {"José@Corp.Example", "josé@corp.example", "corp.example"},
    {"José@elsewhere", "josé@elsewhere", "elsewhere"},
    {"CORP\\José@elsewhere", "corp\\josé@elsewhere", "elsewhere"},
    {"JOSÉ", "josÉ", ""},
    {"CORP\\JOSÉ", "josÉ@corp.example", "corp.example"},
    {"corp\\JOSÉ", "josÉ@corp.example", "corp.example"},
    {"OTHER\\JOSÉ", "other\\josÉ", "other"},
    {"JOSÉ@corp.example", "josÉ@corp.example", "corp.example"},
    {"JOSÉ@Corp.Example", "josÉ@corp.example", "corp.example"},
    {"JOSÉ@elsewhere", "josÉ@elsewhere", "elsewhere"},
    {"CORP\\JOSÉ@elsewhere", "corp\\josÉ@elsewhere", "elsewhere"},
    {"Ärger", "Ärger", ""},
    {"CORP\\Ärger", "Ärger@corp.example", "corp.example"},
    {"corp\\Ärger", "Ärger@corp.example", "corp.example"},
    {"OTHER\\Ärger", "other\\Ärger", "other"},
    {"Ärger@corp.example", "Ärger@corp.example", "corp.example"},
    {"Ärger@Corp.Example", "Ärger@corp.example", "corp.example"},
    {"Ärger@elsewhere", "Ärger@elsewhere", "elsewhere"},
    {"CORP\\Ärger@elsewhere", "corp\\Ärger@elsewhere", "elsewhere"},
    {"ΑΝΑ", "ΑΝΑ", ""},
    {"CORP\\ΑΝΑ", "ΑΝΑ@corp.example", "corp.example"},
    {"corp\\ΑΝΑ", "ΑΝΑ@corp.example", "corp.example"},
    {"OTHER\\ΑΝΑ", "other\\ΑΝΑ", "other"},
    {"ΑΝΑ@corp.example", "ΑΝΑ@corp.example", "corp.example"},
    {"ΑΝΑ@Corp.Example", "ΑΝΑ@corp.example", "corp.example"},
    {"ΑΝΑ@elsewhere", "ΑΝΑ@elsewhere", "elsewhere"},
    {"CORP\\ΑΝΑ@elsewhere", "corp\\ΑΝΑ@elsewhere", "elsewhere"},
    {"ИВАН", "ИВАН", ""},
    {"CORP\\ИВАН", "ИВАН@corp.example", "corp.example"},
    {"corp\\ИВАН", "ИВАН@corp.example", "corp.example"},
    {"OTHER\\ИВАН", "other\\ИВАН", "other"},
    {"ИВАН@corp.example", "ИВАН@corp.example", "corp.example"},
    {"ИВАН@Corp.Example", "ИВАН@corp.example", "corp.example"},
    {"ИВАН@elsewhere", "ИВАН@elsewhere", "elsewhere"},
    {"CORP\\ИВАН@elsewhere", "corp\\ИВАН@elsewhere", "elsewhere"},
    {"山田", "山田", ""},
    {"CORP\\山田", "山田@corp.example", "corp.example"},
    {"corp\\山田", "山田@corp.example", "corp.example"},
    {"OTHER\\山田", "other\\山田", "other"},
    {"山田@corp.example", "山田@corp.example", "corp.example"},
    {"山田@Corp.Example", "山田@corp.example", "corp.example"},
    {"山田@elsewhere", "山田@elsewhere", "elsewhere"},
    {"CORP\\山田@elsewhere", "corp\\山田@elsewhere", "elsewhere"},
    {"😀", "😀", ""},
    {"CORP\\😀", "😀@corp.example", "corp.example"},
    {"corp\\😀", "😀@corp.example", "corp.example"},
    {"OTHER\\😀", "other\\😀", "other"},
    {"😀@corp.example", "😀@corp.example", "corp.example"},
    {"😀@Corp.Example", "😀@corp.example", "corp.example"},
    {"😀@elsewhere", "😀@elsewhere", "elsewhere"},
    {"CORP\\😀@elsewhere", "corp\\😀@elsewhere", "elsewhere"},
    {"I", "i", ""},
    {"CORP\\I", "i@corp.example", "corp.example"},
    {"corp\\I", "i@corp.example", "corp.example"},
    {"OTHER\\I", "other\\i", "other"},
    {"I@corp.example", "i@corp.example", "corp.example"},
    {"I@Corp.Example", "i@corp.example", "corp.example"},
    {"I@elsewhere", "i@elsewhere", "elsewhere"},
    {"CORP\\I@elsewhere", "corp\\i@elsewhere", "elsewhere"},
    {"İ", "İ", ""},
    {"CORP\\İ", "İ@corp.example", "corp.example"},
    {"corp\\İ", "İ@corp.example", "corp.example"},
    {"OTHER\\İ", "other\\İ", "other"},
    {"İ@corp.example", "İ@corp.example", "corp.example"},
    {"İ@Corp.Example", "İ@corp.example", "corp.example"},
    {"İ@elsewhere", "İ@elsewhere", "elsewhere"},
    {"CORP\\İ@elsewhere", "corp\\İ@elsewhere", "elsewhere"},
    {"ß", "ß", ""},
    {"CORP\\ß", "ß@corp.example", "corp.example"},
    {"corp\\ß", "ß@corp.example", "corp.example"},
    {"OTHER\\ß", "other\\ß", "other"},
    {"ß@corp.example", "ß@corp.example", "corp.example"},
    {"ß@Corp.Example", "ß@corp.example", "corp.example"},
    {"ß@elsewhere", "ß@elsewhere", "elsewhere"},
    {"CORP\\ß@elsewhere", "corp\\ß@elsewhere", "elsewhere"},
    {"host/vpn1", "host/vpn1", ""},
    {"CORP\\host/vpn1", "host/vpn1@corp.example", "corp.example"},
    {"corp\\host/vpn1", "host/vpn1@corp.example", "corp.example"},
    {"OTHER\\host/vpn1", "other\\host/vpn1", "other"},
    {"host/vpn1@corp.example", "host/vpn1@corp.example", "corp.example"},
    {"host/vpn1@Corp.Example", "host/vpn1@corp.example", "corp.example"},
    {"host/vpn1@elsewhere", "host/vpn1@elsewhere", "elsewhere"},
    {"CORP\\host/vpn1@elsewhere", "corp\\host/vpn1@elsewhere", "elsewhere"},
    {"vpn$", "vpn$", ""},
    {"CORP\\vpn$", "vpn$@corp.example", "corp.example"},
    {"corp\\vpn$", "vpn$@corp.example", "corp.example"},
    {"OTHER\\vpn$", "other\\vpn$", "other"},
    {"vpn$@corp.example", "vpn$@corp.example", "corp.example"},
    {"vpn$@Corp.Example", "vpn$@corp.example", "corp.example"},
    {"vpn$@elsewhere", "vpn$@elsewhere", "elsewhere"},
    {"CORP\\vpn$@elsewhere", "corp\\vpn$@elsewhere", "elsewhere"},
    {"\\ana", "\\ana", ""},
    {"ana@", "ana@", ""},
    {"\\", "\\", ""},
    {"@", "@", ""},
    {"@corp.example", "@corp.example", "corp.example"},
    {"CORP\\", "@corp.example", "corp.example"},
    {"OTHER\\", "other\\", "other"},
    {"a@b@c", "a@b@c", "c"},
    {"a\\b\\c", "a\\b\\c", "a"},
    {"CORP\\a\\b", "a\\b@corp.example", "corp.example"},
    {"a@b\\c", "a@b\\c", "a@b"},
    {"CORP\\a@", "corp\\a@", ""},
    {"CORP@corp.example", "corp@corp.example", "corp.example"},
    {"CORP/ana", "corp/ana", ""},
    {"corp.example\\ana", "corp.example\\ana", "corp.example"},
    {".\\ana", ".\\ana", "."},
    {" ana", " ana", ""},
    {"ana ", "ana ", ""},
    {"CORP \\ana", "corp \\ana", "corp "},
    {"\\\\server\\ana", "\\\\server\\ana", ""},
    {"CORP\\\\ana", "\\ana@corp.example", "corp.example"},
    {"ana@@corp.example", "ana@@corp.example", "corp.example"},
    {"@@", "@@", ""},
    {"*", "*", ""},
    {"ana*", "ana*", ""},
    {"ana@CORP", "ana@corp", "corp"},
    {"CORPX\\ana", "corpx\\ana", "corpx"},
    {"COR\\ana", "cor\\ana", "cor"},
    {"[Ana]", "[ana]", ""},
    {"Ana@[2001:DB8::1]", "ana@[2001:db8::1]", "[2001:db8::1]"},
    {"@Z`{", "@z`{", "z`{"},
    {"home.example!Ana@Roaming", "home.example!ana@roaming", "roaming"},
    {"CN=Ana,O=Corp", "cn=ana,o=corp", ""},
    {"00:1A:2B:3C:4D:5E", "00:1a:2b:3c:4d:5e", ""},
    {"ana#17", "ana#17", ""},
    {"Ana%Corp.example", "ana%corp.example", ""},
    {"\u00a0ana", "\u00a0ana", ""},
    {"ana\u200b", "ana\u200b", ""},
    {"\ufeffana", "\ufeffana", ""},
    {"CORP\\José", "josé@corp.example", "corp.example"},
};
// clang-format on

TEST(OwnerName, TwoHundredSpellingsMeanTheRightOwners) {
  EXPECT_EQ(std::size(kSpellings), 200U);
  OwnerNamer namer(example_rules());
  for (const Spelling& spelling : kSpellings) {
    auto name = namer.name(spelling.raw);
    ASSERT_TRUE(name) << spelling.raw;
    EXPECT_EQ(name->owner, spelling.owner) << spelling.raw;
    EXPECT_EQ(name->realm, spelling.realm) << spelling.raw;
  }
}

TEST(OwnerName, AnOwnersCanonicalNameIsTheSameOwner) {
  OwnerNamer namer(example_rules());
  for (const Spelling& spelling : kSpellings) {
    EXPECT_EQ(namer.name(spelling.owner)->owner, spelling.owner);
  }
}

std::string owner_by(const OwnerRules& rules, std::string_view raw) {
  auto name = OwnerNamer(rules).name(raw);
  return name ? name->owner : "refused";
}

TEST(OwnerName, CaseIsKeptWhereTheRulesSaySo) {
  OwnerRules rules = example_rules();
  rules.fold_case = false;
  EXPECT_EQ(owner_by(rules, "Ana"), "Ana");
  EXPECT_EQ(owner_by(rules, "Other\\Ana"), "Other\\Ana");
  EXPECT_EQ(owner_by(rules, "CORP\\Ana"), "Ana@Corp.Example") << "domains never have case";
}

TEST(OwnerName, DomainAndRealmAreCutWhereTheRulesSaySo) {
  OwnerRules no_domain{.keep_domain = false};
  EXPECT_EQ(owner_by(no_domain, "OTHER\\Ana@Corp.Example"), "ana@corp.example");
  EXPECT_EQ(owner_by(no_domain, "OTHER\\"), "refused");

  OwnerRules no_realm{.keep_realm = false};
  EXPECT_EQ(owner_by(no_realm, "OTHER\\Ana@Corp.Example"), "other\\ana");
  EXPECT_EQ(owner_by(no_realm, "@corp.example"), "refused");
  EXPECT_EQ(OwnerNamer(no_realm).name("ana@corp.example")->realm, "corp.example")
      << "rules may still ask for the realm";
}

TEST(OwnerName, ADomainBecomesItsRealmBeforeAnythingIsCut) {
  OwnerRules rules = example_rules();
  rules.keep_domain = false;
  EXPECT_EQ(owner_by(rules, "CORP\\ana"), "ana@corp.example");
  rules.keep_realm = false;
  EXPECT_EQ(owner_by(rules, "CORP\\ana"), "ana");
}

TEST(OwnerName, NoBadNameGetsThrough) {
  OwnerNamer namer{OwnerRules{}};
  for (const std::string& bad :
       {""s, "\0"s, "ana\0"s, "ana\n"s, "\x1b[31mana"s, "ana\x7f"s, "ana\xc2\x85"s, "\xff"s,
        "ana\xc0\x80"s, "ana\xed\xa0\x80"s, "ana\xf4\x90\x80\x80"s, "ana\xe2\x82"s,
        std::string(kMaxUserBytes + 1, 'a'), std::string(65536, 'a'), std::string(65536, '\\'),
        std::string(65536, '\0')}) {
    auto name = namer.name(bad);
    ASSERT_FALSE(name);
    EXPECT_EQ(name.error().code, Code::invalid);
    EXPECT_LE(name.error().what.size(), 400U);
    EXPECT_FALSE(name.error().remedy.empty());
  }
}

TEST(OwnerName, TheLongestNameIsTaken) {
  std::string longest(kMaxUserBytes, 'A');
  EXPECT_EQ(owner_by({}, longest), std::string(kMaxUserBytes, 'a'));
  EXPECT_EQ(owner_by({}, std::string(kMaxUserBytes, '@')), std::string(kMaxUserBytes, '@'));
}

TEST(OwnerName, FingerprintsAreEqualWhereOwnersAre) {
  auto fingerprint = [](const OwnerRules& rules) { return OwnerNamer(rules).fingerprint(); };
  OwnerRules rules = example_rules();
  OwnerRules other = rules;
  other.domain_realms = {{"CORP", "corp.example"}};
  EXPECT_EQ(fingerprint(rules), fingerprint(other));

  std::vector<std::string> all = {fingerprint({}), fingerprint(rules)};
  OwnerRules keep_case = rules;
  keep_case.fold_case = false;
  all.push_back(fingerprint(keep_case));
  all.push_back(fingerprint({.keep_domain = false}));
  all.push_back(fingerprint({.keep_realm = false}));
  OwnerRules elsewhere = rules;
  elsewhere.domain_realms["corp2"] = "corp.example";
  all.push_back(fingerprint(elsewhere));
  OwnerRules tricky;
  tricky.domain_realms = {{"a\"=\"b", "c"}};
  all.push_back(fingerprint(tricky));
  tricky.domain_realms = {{"a", "b\"=\"c"}};
  all.push_back(fingerprint(tricky));
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
}

TEST(CheckText, SaysWhatIsWrongWithWhat) {
  EXPECT_TRUE(check_text("17", kMaxSessionBytes, "session id"));
  EXPECT_TRUE(check_text("", kMaxSessionBytes, "session id"));
  EXPECT_EQ(check_text("ab\n", 255, "session id").error().what,
            "session id \"ab\\x0a\" has a control character at byte 2");
  EXPECT_EQ(check_text("ab\xff", 255, "port").error().what,
            "port \"ab\\xff\" is not UTF-8 at byte 2");
  EXPECT_EQ(check_text("abc", 2, "port").error().what,
            "port \"abc\" is 3 bytes long; at most 2 are taken");
}

}  // namespace
}  // namespace berth
