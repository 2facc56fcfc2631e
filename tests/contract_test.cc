// contract_test.cc - docs/contract.md has every rule once, and the tests that it names are there.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth {
namespace {

const std::filesystem::path kTop = BERTH_SOURCE_DIR;

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// The rules that there are: numbered, with gaps.
std::set<int> rules() {
  std::set<int> all;
  const std::pair<int, int> stretches[] = {{1, 18},    {20, 40},   {45, 53},  {60, 68},
                                           {70, 73},   {80, 85},   {90, 93},  {95, 124},
                                           {130, 132}, {140, 150}, {160, 169}};
  for (const auto& [first, last] : stretches) {
    for (int rule = first; rule <= last; ++rule) all.insert(rule);
  }
  return all;
}

struct Row {
  int rule = 0;
  std::string test;
  std::string status;
};

std::vector<Row> rows() {
  std::vector<Row> rows;
  const std::regex form(R"(\| R(\d+) \| [^|]+ \| (?:`([^`]+)`)? ?\| ([^|]+) \|)");
  std::istringstream page(read(kTop / "docs" / "contract.md"));
  for (std::string line; std::getline(page, line);) {
    std::smatch found;
    if (!line.starts_with("| R")) continue;
    EXPECT_TRUE(std::regex_match(line, found, form)) << line;
    if (!found.empty()) rows.push_back({std::stoi(found[1]), found[2], found[3]});
  }
  return rows;
}

// "Suite.Name" of every test of the rooms that the contract is about.
std::set<std::string> tests() {
  std::set<std::string> tests;
  const std::regex form(R"(TEST(?:_F|_P)?\((\w+),\s*(\w+)\))");
  for (const char* room : {"src/core", "src/ras", "src/check", "src/rashost", "plugins/rras",
                           "plugins/rras/module", "sdk", "tests"}) {
    for (const auto& entry : std::filesystem::directory_iterator(kTop / room)) {
      if (!entry.path().string().ends_with("_test.cc")) continue;
      const std::string text = read(entry.path());
      for (std::sregex_iterator each(text.begin(), text.end(), form), end; each != end; ++each) {
        tests.insert((*each)[1].str() + "." + (*each)[2].str());
      }
    }
  }
  return tests;
}

TEST(Contract, EveryRuleStandsInTheTableOnce) {
  std::multiset<int> listed;
  for (const Row& row : rows()) listed.insert(row.rule);
  for (int rule : rules()) EXPECT_EQ(listed.count(rule), 1U) << "R" << rule;
  EXPECT_EQ(listed.size(), rules().size());
}

TEST(Contract, TheTestsThatTheTableNamesAreThere) {
  const std::set<std::string> there = tests();
  for (const Row& row : rows()) {
    EXPECT_TRUE(row.test.empty() || there.contains(row.test)) << "R" << row.rule << " " << row.test;
  }
}

TEST(Contract, WhatIsTestedNamesATestAndWhatIsNotSaysSo) {
  for (const Row& row : rows()) {
    const bool tested = row.status.starts_with("tested") || row.status.starts_with("partly");
    const bool other = row.status.starts_with("held") || row.status.starts_with("not yet") ||
                       row.status.starts_with("not Berth's");
    EXPECT_TRUE(tested != other) << "R" << row.rule << " is " << row.status;
    EXPECT_EQ(tested, !row.test.empty()) << "R" << row.rule;
  }
}

TEST(Contract, ATestThatCitesARuleCitesOneThatThereIs) {
  const std::regex form(R"(R(\d+))");
  const std::set<int> known = rules();
  for (const std::string& test : tests()) {
    for (std::sregex_iterator each(test.begin(), test.end(), form), end; each != end; ++each) {
      EXPECT_TRUE(known.contains(std::stoi((*each)[1]))) << test;
    }
  }
}

}  // namespace
}  // namespace berth
