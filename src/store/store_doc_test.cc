// store_doc_test.cc - the SQL of docs/store.md works, and prints what the page says.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

// The store of the page: one lease, three intervals, a reservation.
void make_example(StoreFiles& files) {
  const auto store = files.open({.history = {.run_rows = 3}});
  const WallTime morning = parse_time("2026-11-21T09:00:00Z").value();
  const auto later = [&](int minutes) { return morning + std::chrono::minutes(minutes); };
  const Addresses home{.ipv4 = ip("10.8.0.7"), .ipv6 = prefix("2001:db8::7/128")};
  const LeaseSaid ana{
      .id = 0x1f, .generation = 1, .session = "17", .addresses = home, .started = later(0)};
  const LeaseSaid ben{.id = 0x2f,
                      .generation = 3,
                      .owner = "ben",
                      .user = "ben",
                      .session = "18",
                      .addresses = {.ipv4 = ip("10.8.0.7")},
                      .started = later(40)};
  const LeaseSaid cid{.id = 0x3f,
                      .generation = 5,
                      .owner = "cid",
                      .user = "cid",
                      .session = "19",
                      .started = later(60),
                      .server = "vpn2"};
  const LeaseSaid again{
      .id = 0x4f,
      .generation = 7,
      .session = "20",
      .addresses = {.ipv4 = ip("10.8.0.8"), .delegated = prefix("2001:db8:0:100::/56")},
      .started = later(70)};
  commit(*store, {begin(ana), end(ana, later(30), 2), begin(ben),
                  end(ben, later(50), 4, Cause::server_boot), begin(cid), end(cid, later(65), 6),
                  begin(again), change(Alive{{0x4f}, {7}, later(71)}),
                  change(Reserve{"ben", "ben", {.ipv4 = ip("10.8.0.99")}})});
  ASSERT_TRUE(store->scrub());
}

// Columns with a bar between them, as sqlite3 prints.
std::string answer(Database& db, const std::string& sql, int columns) {
  std::string text;
  Statement rows = db.prepare(sql);
  while (rows.step()) {
    for (int i = 0; i < columns; ++i) text += (i == 0 ? "" : "|") + std::string(rows.text(i));
    text += '\n';
  }
  const Done done = db.check();
  EXPECT_TRUE(done) << done.error().what << '\n' << sql;
  return text;
}

TEST(StoreDocument, SqlOfThePagePrintsWhatThePageSays) {
  StoreFiles files;
  make_example(files);
  auto db = Database::open(files.path(), Database::Mode::read).value();
  std::ifstream file(std::string(BERTH_SOURCE_DIR) + "/docs/store.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  // A block of SQL and right behind it a block of text: the rows.
  const std::regex example("```sql\n([^`]*)```\n+```text\n([^`]*)```");
  int examples = 0;
  for (std::sregex_iterator each(page.begin(), page.end(), example), none; each != none; ++each) {
    const std::string want = (*each)[2];
    const std::string first = want.substr(0, want.find('\n'));
    const auto columns = static_cast<int>(std::ranges::count(first, '|')) + 1;
    EXPECT_EQ(answer(*db, (*each)[1], columns), want) << (*each)[1];
    ++examples;
  }
  EXPECT_GE(examples, 6);
}

}  // namespace
}  // namespace berth::testing
