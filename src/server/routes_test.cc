// routes_test.cc - the table of routes, the pages that describe it, and which path is of which row.
#include "server/routes.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "berth/error.h"
#include "wire/problem.h"

namespace berth::server {
namespace {

using Parts = std::vector<std::string>;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  std::istringstream text(text_of(path));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

const std::filesystem::path kTop = BERTH_SOURCE_DIR;

// --- docs/openapi.yaml ---

// "GET /v1/leases", …
std::multiset<std::string> described_routes() {
  static const std::map<std::string, std::string> kMethods = {
      {"    get:", "GET"},       {"    put:", "PUT"},    {"    post:", "POST"},
      {"    delete:", "DELETE"}, {"    head:", "HEAD"},  {"    options:", "OPTIONS"},
      {"    patch:", "PATCH"},   {"    trace:", "TRACE"}};
  std::multiset<std::string> routes;
  std::string path;
  for (const std::string& line : lines_of(kTop / "docs/openapi.yaml")) {
    if (line.starts_with("  /")) {
      path = line.substr(2, line.size() - 3);
    } else if (const auto method = kMethods.find(line); method != kMethods.end()) {
      routes.insert(method->second + " " + path);
    }
  }
  return routes;
}

TEST(Routes, AreTheOnesThatOpenapiDescribes) {
  std::multiset<std::string> routes;
  for (const Route& each : all_routes()) {
    routes.insert(std::string(method_name(each.method)) + " " + std::string(each.pattern));
  }
  EXPECT_EQ(described_routes(), routes);
}

// --- docs/errors.md ---

using Refusals = std::set<std::pair<unsigned, std::string>>;  // status and code

// Those of the library, each with its one status.
Refusals refusals_by_code() {
  Refusals refusals;
  for (int i = 0; code_name(static_cast<Code>(i)) != "unknown"; ++i) {
    const Code code = static_cast<Code>(i);
    refusals.emplace(status_of(code), code_name(code));
  }
  return refusals;
}

// Those that the sources of the server name themselves: refusal(404, "no_such_route", …).
Refusals refusals_in_sources() {
  static const std::regex kNamed(R"re(\(\s*([45]\d\d),\s*"([a-z_]+)")re");
  Refusals refusals;
  for (const auto& entry : std::filesystem::directory_iterator(kTop / "src/server")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".cc") || name.ends_with("_test.cc")) continue;
    const std::string text = text_of(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), kNamed), end; at != end; ++at) {
      refusals.emplace(std::stoul((*at)[1]), (*at)[2]);
    }
  }
  return refusals;
}

Refusals all_refusals() {
  Refusals all = refusals_in_sources();
  all.merge(refusals_by_code());
  return all;
}

TEST(Refusals, OfHttpAloneAreFoundInTheSources) {
  EXPECT_TRUE(refusals_in_sources().contains({404, "no_such_route"}));
  EXPECT_TRUE(refusals_in_sources().contains({413, "too_large"}));
}

TEST(Refusals, HaveAChapterEachInTheDocuments) {
  std::set<std::string> codes;
  for (const auto& [status, code] : all_refusals()) codes.insert(code);
  std::set<std::string> chapters;
  for (const std::string& line : lines_of(kTop / "docs/errors.md")) {
    if (line.starts_with("## ")) chapters.insert(line.substr(3));
  }
  EXPECT_EQ(chapters, codes);
}

// Rows such as: | 413, 414, 431 | `too_large` |
TEST(Refusals, HaveTheStatusThatTheDocumentsSay) {
  static const std::regex kRow(R"(\| ([0-9, ]+) \| ([a-z_`, ]+) \|)");
  static const std::regex kWord("[0-9a-z_]+");
  const std::sregex_iterator end;
  Refusals told;
  for (const std::string& line : lines_of(kTop / "docs/errors.md")) {
    std::smatch row;
    if (!std::regex_match(line, row, kRow)) continue;
    const std::string statuses = row[1];
    const std::string codes = row[2];
    for (std::sregex_iterator status(statuses.begin(), statuses.end(), kWord); status != end;
         ++status) {
      for (std::sregex_iterator code(codes.begin(), codes.end(), kWord); code != end; ++code) {
        told.emplace(std::stoul(status->str()), code->str());
      }
    }
  }
  EXPECT_EQ(told, all_refusals());
}

TEST(Refusals, HaveAReasonOfTheirOwn) {
  for (const auto& [status, code] : all_refusals()) {
    if (status == 500) continue;  // what a status without a reason of its own is called
    EXPECT_NE(reason_of(status), reason_of(500)) << status << ' ' << code;
  }
}

// --- matches ---

TEST(Matches, TakesAPathThatIsThePattern) {
  Parts parts{"of the last one"};
  EXPECT_TRUE(matches("/v1/leases", "/v1/leases", parts));
  EXPECT_EQ(parts, Parts{});
}

TEST(Matches, TakesWhatStandsForAName) {
  Parts parts;
  EXPECT_TRUE(matches("/v1/servers/{server}/boot", "/v1/servers/vpn1/boot", parts));
  EXPECT_EQ(parts, Parts{"vpn1"});
  EXPECT_TRUE(matches("/v1/reservations/{user}", "/v1/reservations/CORP\\Ana {x}", parts));
  EXPECT_EQ(parts, Parts{"CORP\\Ana {x}"});
  EXPECT_TRUE(matches("/{a}/b/{c}", "/1/b/2", parts));
  EXPECT_EQ(parts, (Parts{"1", "2"}));
}

TEST(Matches, RefusesAnotherPath) {
  Parts parts;
  EXPECT_FALSE(matches("/v1/leases", "/v1/lease", parts));
  EXPECT_FALSE(matches("/v1/leases", "/v1/Leases", parts));
  EXPECT_FALSE(matches("/v1/leases", "/v1/leases2", parts));
  EXPECT_FALSE(matches("/v1/leases", "v1/leases", parts));
  EXPECT_FALSE(matches("/v1/leases", "//v1/leases", parts));
  EXPECT_FALSE(matches("/v1/leases", "/", parts));
  EXPECT_FALSE(matches("/v1/leases", "", parts));
}

TEST(Matches, RefusesAPathThatIsShorterOrLonger) {
  Parts parts;
  EXPECT_FALSE(matches("/v1/leases/{lease_id}", "/v1/leases", parts));
  EXPECT_FALSE(matches("/v1/leases", "/v1/leases/0123456789abcdef", parts));
  EXPECT_FALSE(matches("/v1/leases", "/v1/leases/", parts));
  EXPECT_FALSE(matches("/v1/servers/{server}/boot", "/v1/servers/vpn1", parts));
  EXPECT_FALSE(matches("/v1/servers/{server}/boot", "/v1/servers/a/b/boot", parts));
}

TEST(Matches, RefusesANameThatIsEmpty) {
  Parts parts;
  EXPECT_FALSE(matches("/v1/servers/{server}/boot", "/v1/servers//boot", parts));
  EXPECT_FALSE(matches("/v1/leases/{lease_id}", "/v1/leases/", parts));
}

TEST(Routes, OfOneMethodAreNeverTwoForOnePath) {
  for (const Route& route : all_routes()) {
    std::string path(route.pattern);  // "{server}" is a name as good as any
    int rows = 0;
    for (const Route& other : all_routes()) {
      Parts parts;
      if (other.method == route.method && matches(other.pattern, path, parts)) ++rows;
    }
    EXPECT_EQ(rows, 1) << path;
  }
}

}  // namespace
}  // namespace berth::server
