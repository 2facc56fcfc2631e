// time_away_test.cc - a store that only short processes open: the time between them counts.
#include <gtest/gtest.h>

#include "berth/book.h"
#include "book/world_for_tests.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

using namespace std::chrono_literals;

// Begins as late as the machine's own.
class LateClock final : public HandClock {
 public:
  [[nodiscard]] SteadyTime steady() const override { return HandClock::steady() + kMaxTerm; }
};

class Away : public ::testing::Test {
 protected:
  Away() {
    plan_.pools = {ipv4_pool("main", "10.0.0.1-10.0.0.1")};
    plan_.pools[0].cool_down = 5min;
    plan_.hold_time = 60s;
  }

  // A process of its own: opens the store, and is gone when the Book is.
  std::unique_ptr<Book> process(TimeAway time_away = TimeAway::counts) {
    auto book =
        Book::open(plan_, {.path = files_.path(), .clock = &clock_, .time_away = time_away});
    EXPECT_TRUE(book) << book.error().what;
    (*book)->tick();
    return *std::move(book);
  }
  std::string assigned(const std::string& user, TimeAway time_away = TimeAway::counts) {
    const Result<Grant> grant = process(time_away)->assign(session_request(user, user));
    return grant ? grant->addresses.to_string() : std::string(code_name(grant.error().code));
  }

  Plan plan_;
  LateClock clock_;
  StoreFiles files_;
};

TEST_F(Away, CoolsWhatNobodyWatches) {
  EXPECT_EQ(assigned("ana"), "10.0.0.1");
  EXPECT_TRUE(process()->release(session_ref("ana")));
  clock_.advance(4min);
  EXPECT_EQ(assigned("ben"), "pool_exhausted");
  clock_.advance(1min);
  EXPECT_EQ(assigned("ben"), "10.0.0.1");
}

TEST_F(Away, StartsToCoolAgainWhereTheTimeDoesNotCount) {
  EXPECT_EQ(assigned("ana"), "10.0.0.1");
  EXPECT_TRUE(process()->release(session_ref("ana")));
  clock_.advance(1h);
  EXPECT_EQ(assigned("ben", TimeAway::starts_again), "pool_exhausted");
}

TEST_F(Away, EndsALeaseThatNobodyConfirmed) {
  EXPECT_EQ(assigned("ana"), "10.0.0.1");
  clock_.advance(59s);
  EXPECT_EQ(process()->leases({}, {}, 10)->size(), 1U);
  clock_.advance(2s);
  const auto book = process();
  EXPECT_TRUE(book->leases({}, {}, 10)->empty());
  EXPECT_EQ(book->history("ana", {})->at(0).cause, Cause::hold_expired);
}

TEST_F(Away, EndsALeaseThatNobodyRenewed) {
  plan_.lease_time = 3h;
  EXPECT_EQ(assigned("ana"), "10.0.0.1");
  EXPECT_TRUE(process()->confirm(session_ref("ana")));
  clock_.advance(2h);
  EXPECT_TRUE(process()->renew(session_ref("ana")));
  clock_.advance(2h);
  EXPECT_EQ(process()->leases({}, {}, 10)->size(), 1U);
  clock_.advance(61min);
  EXPECT_TRUE(process()->leases({}, {}, 10)->empty());
}

TEST_F(Away, IsNotMadeShorterByAClockThatWasSetBack) {
  EXPECT_EQ(assigned("ana"), "10.0.0.1");
  EXPECT_TRUE(process()->release(session_ref("ana")));
  clock_.jump(-2h);
  clock_.advance(1min);
  EXPECT_EQ(assigned("ben"), "pool_exhausted");
}

TEST_F(Away, DeletesHistoryThatIsOldEnough) {
  plan_.keep_history = std::chrono::days(30);
  EXPECT_EQ(assigned("ana"), "10.0.0.1");
  EXPECT_TRUE(process()->release(session_ref("ana")));
  clock_.advance(std::chrono::days(29));
  EXPECT_EQ(process()->history("ana", {})->size(), 1U);
  clock_.advance(std::chrono::days(2));
  EXPECT_TRUE(process()->history("ana", {})->empty());
}

TEST_F(Away, ALeaseThatBeganBeforeTheClockWasSetBackIsFoundByTheEarlierTime) {
  EXPECT_EQ(assigned("ana"), "10.0.0.1");
  clock_.advance(1s);
  clock_.jump(-1h);
  EXPECT_TRUE(process()->confirm(session_ref("ana")));
  clock_.advance(10min);
  EXPECT_TRUE(process()->release(session_ref("ana")));
  const auto found = *process()->who_had(AnyRange::of(ip("10.0.0.1")), clock_.wall() - 5min);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].owner, "ana");
}

TEST_F(Away, AClockThatWentOnIsNotNoted) {
  EXPECT_EQ(assigned("ana"), "10.0.0.1");
  EXPECT_TRUE(process()->confirm(session_ref("ana")));
  clock_.advance(10min);
  EXPECT_TRUE(process()->release(session_ref("ana")));
  EXPECT_TRUE(process()->who_had(AnyRange::of(ip("10.0.0.1")), clock_.wall() - 1h)->empty());
}

}  // namespace
}  // namespace berth::testing
