// day_test.cc - synthesised days on a real book: the promises hold whatever the day brings.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "berth/book.h"
#include "berth/settings.h"
#include "cli/folder_for_tests.h"
#include "play/day_settings.h"
#include "play/play.h"
#include "play/synthesis.h"

namespace berth::play {
namespace {

using namespace std::chrono_literals;

class FixedChance : public Chance {
 public:
  std::uint64_t next() override { return ++last_; }

 private:
  std::uint64_t last_ = 0;
};

// A day, and a book that it is played to.
class Day : public testing::Test {
 protected:
  explicit Day(const SynthesisOptions& options = {.users = 5000}, std::string path = {})
      : source(std::move(*Synthesis::make(options))),
        plan(parse_settings(day_settings(options), "day.toml")->plan),
        clock(options.start),
        path_(std::move(path)) {
    open();
  }

  void open() {
    auto opened = Book::open(plan, {.path = path_, .clock = &clock, .chance = &chance});
    ASSERT_TRUE(opened) << opened.error().what;
    book = std::move(*opened);
  }

  Result<Played> played(const PlayOptions& options = {}) {
    return play(*book, clock, *source, plan, options);
  }

  std::unique_ptr<Synthesis> source;
  Plan plan;
  PlayClock clock;
  FixedChance chance;
  std::unique_ptr<Book> book;

 private:
  std::string path_;
};

const Series& series_of(const Played& played, std::string_view pool, Kind kind) {
  return *std::ranges::find_if(played.timeline.series(), [&](const Series& series) {
    return series.pool == pool && series.kind == kind;
  });
}

// In thousandths.
std::uint64_t fullness(const Played& played, std::string_view pool) {
  const Series& series = series_of(played, pool, Kind::ipv4);
  return series.peak * 1000 / static_cast<std::uint64_t>(series.size);
}

TEST_F(Day, HasNoDoublesAndNothingTooSoon) {
  auto result = played();
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->doubles, 0u) << result->first_fault;
  EXPECT_EQ(result->too_soon, 0u) << result->first_fault;
}

TEST_F(Day, BringsReturningUsersHome) {
  auto result = played();
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_GT(result->returned, 5000u);
  EXPECT_GT(result->home * 10, result->returned * 9);
}

TEST_F(Day, RefusesOnlyForGoodReasons) {
  auto result = played();
  ASSERT_TRUE(result) << result.error().what;
  for (const auto& [what, refused] : result->refusals) {
    const auto [kind, code] = what;
    if (kind == EventKind::connect) {
      EXPECT_EQ(code, Code::pool_exhausted) << refused.first.what;
    } else {
      const std::set<Code> harmless = {Code::not_found, Code::stale, Code::foreign};
      EXPECT_TRUE(harmless.contains(code)) << refused.first.what;
    }
  }
  EXPECT_LT(result->refused() * 20, result->events());
}

TEST_F(Day, PutsPoolsUnderPressure) {
  auto result = played();
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_GE(fullness(*result, "contractors"), 950u);
  EXPECT_GE(fullness(*result, "staff"), 650u);
  EXPECT_LE(fullness(*result, "staff"), 800u);
}

TEST_F(Day, EndsLeasesOfServersThatBooted) {
  auto result = played();
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_GT(result->ended_by_boot, 100u);
}

class QuietDay : public Day {
 protected:
  QuietDay() : Day({.users = 200}) {}
};

// What the file says is what the history says, to the second.
TEST_F(QuietDay, IsExactWithOneRequestAtATime) {
  std::map<WallTime, std::string> connects;
  auto again = Synthesis::make({.users = 200});
  for (Event event; *(*again)->next(event);) {
    if (event.kind == EventKind::connect) connects[event.time] += event.user + "\n";
  }
  auto result = played({.together = 0ms});
  ASSERT_TRUE(result) << result.error().what;
  std::size_t looked_at = 0;
  for (const char* user : {"ana.keller@corp.example", "ben.keller@corp.example",
                           "jan.moreno@corp.example", "vera.novak@corp.example"}) {
    auto history = book->history(user, {});
    ASSERT_TRUE(history);
    for (const Interval& interval : *history) {
      ++looked_at;
      ASSERT_TRUE(connects.contains(interval.started)) << format_time(interval.started);
      EXPECT_NE(connects[interval.started].find(interval.user), std::string::npos);
    }
  }
  EXPECT_GT(looked_at, 2u);
}

// A base, so that the folder is there before the day and until after it.
struct OwnFolder {
  cli::TestFolder folder;
};

class DayOnDisk : private OwnFolder, public Day {
 protected:
  DayOnDisk() : Day({.users = 120}, folder.path("day.db")) {}
};

// Stopped in the middle of the morning, while people are connected.
TEST_F(DayOnDisk, IsStillThereAfterwards) {
  int looks = 0;
  auto result = played({.stopped = [&] { return ++looks > 300; }});
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->doubles + result->too_soon, 0u) << result->first_fault;
  const auto before = book->leases("", "", 100'000);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->size(), result->live);
  book.reset();
  open();
  const auto after = book->leases("", "", 100'000);
  ASSERT_TRUE(after);
  const auto same = [](std::vector<Lease> leases) {
    std::ranges::sort(leases, {}, &Lease::id);
    return leases;
  };
  EXPECT_EQ(same(*before), same(*after));
  EXPECT_GT(result->live, 0u);
}

}  // namespace
}  // namespace berth::play
