// concurrency_test.cc - sixty-four threads and callbacks on one Book, on the same few owners,
// ports and sessions: no double, no lost answer, no data race (thread sanitizer).
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "book/promise_test.h"
#include "store/environment_for_tests.h"

namespace berth::testing {
namespace {

constexpr int kThreads = 64;
constexpr std::size_t kOwners = 24;

class Concurrency : public ::testing::TestWithParam<Upkeep> {
 protected:
  Concurrency() {
    PoolPlan pool = ipv4_pool("main", "10.0.0.1-10.0.0.40");
    pool.cool_down = 0s;
    pool.delegated =
        PrefixPool{.from = {{prefix("2001:db8:d000::/52"), ""}}, .length = 56, .exclude = {}};
    pool.identifiers = IdentifierPool{.prefix = prefix("2001:db8:a::/64"), .exclude = {}};
    plan_.pools = {pool};
    plan_.hold_time = 1s;
    plan_.rules = {{.name = "few",
                    .match = {.owners = {"u0", "u1", "u2", "u3"}},
                    .pools = {"main"},
                    .second_login = SecondLogin::take_over},
                   {.name = "all", .pools = {"main"}}};
    plan_.servers = {{.name = "ras", .exclusive_ports = true, .confirms = false}};
    book_ = *LocalBook::open(plan_, [this] { return disk_.open(); }, {clock_, GetParam()});
  }

  Request some_request(Dice& dice) {
    Request request{.user = "u" + std::to_string(dice.below(kOwners)),
                    .server = dice.one_in(2) ? "ras" : "nas",
                    .port = "p" + std::to_string(dice.below(16))};
    if (dice.one_in(2)) request.session = "s" + std::to_string(dice.below(32));
    return request;
  }

  // One caller's life. Whatever it is told must be one of the answers that it can get.
  void call(std::uint64_t seed, int calls) {
    Dice dice(seed);
    std::vector<Grant> mine;
    for (int i = 0; i < calls; ++i) {
      switch (dice.below(12)) {
        case 0:
        case 1:
        case 2:
        case 3: {
          const auto grant = book_->assign(some_request(dice));
          if (grant) {
            mine.push_back(*grant);
          } else {
            EXPECT_EQ(grant.error().code, Code::pool_exhausted) << grant.error().what;
          }
          break;
        }
        case 4:
        case 5:
          ++asked_;
          // From a callback the Book may be called again, also while it finishes what is under
          // way: then book_ is empty already.
          book_->assign_async(
              some_request(dice), [this, book = book_.get()](const Result<Grant>& grant) {
                if (grant && grant->state == State::held) {
                  ++asked_;
                  book->confirm_async({.id = grant->id, .generation = grant->generation},
                                      [this](const Done&) { ++answered_; });
                }
                ++answered_;
              });
          break;
        case 6:
        case 7:
        case 8:
          if (mine.empty()) break;
          static_cast<void>(book_->release(
              {.id = mine.back().id, .generation = mine.back().generation}, Cause::released));
          mine.pop_back();
          break;
        case 9:
          if (mine.empty()) break;
          static_cast<void>(book_->renew({.id = mine[0].id}));
          break;
        case 10:
          if (dice.one_in(20)) {
            EXPECT_TRUE(book_->server_booted("nas", std::to_string(dice.below(1000))));
          } else if (dice.one_in(2)) {
            book_->tick();
          } else {
            clock_.advance(125ms);
          }
          break;
        default: look(dice); break;
      }
    }
  }

  // What a look sees is one state: in it nobody holds what another holds.
  void look(Dice& dice) {
    std::set<std::string> held;
    const std::vector<Lease> leases = *book_->leases({}, {}, 1000);
    for (const Lease& lease : leases) {
      if (lease.addresses.ipv4) {
        EXPECT_TRUE(held.insert(lease.addresses.ipv4->to_string()).second);
      }
      if (lease.addresses.ipv6) {
        EXPECT_TRUE(held.insert(lease.addresses.ipv6->to_string()).second);
      }
      if (lease.addresses.delegated) {
        EXPECT_TRUE(held.insert(lease.addresses.delegated->to_string()).second);
      }
    }
    for (const PoolUse& use : book_->pools()) {
      EXPECT_EQ(use.size,
                use.free + use.held + use.active + use.cooling + use.reserved + use.pending);
    }
    if (dice.one_in(4)) {
      static_cast<void>(book_->history("u" + std::to_string(dice.below(kOwners)), {.limit = 20}));
      static_cast<void>(book_->explain(some_request(dice)));
    }
  }

  HandClock clock_;
  Disk disk_;
  Plan plan_;
  std::atomic<int> asked_ = 0;
  std::atomic<int> answered_ = 0;
  std::unique_ptr<LocalBook> book_;
};

INSTANTIATE_TEST_SUITE_P(Looks, Concurrency, ::testing::Values(Upkeep::by_thread, Upkeep::by_tick),
                         [](const auto& upkeep) {
                           return upkeep.param == Upkeep::by_thread ? "ByThread" : "ByTick";
                         });

// In its intervals nobody has an address before another's end, in the order of the journal.
void expect_no_overlap(const Book& book) {
  std::map<std::uint64_t, std::vector<Interval>> by_address;
  for (std::size_t i = 0; i < kOwners; ++i) {
    const std::vector<Interval> intervals =
        *book.history("u" + std::to_string(i), {.limit = 1'000'000});
    for (const Interval& each : intervals) {
      if (each.addresses.ipv4) by_address[each.addresses.ipv4->bits()].push_back(each);
    }
  }
  for (auto& [address, intervals] : by_address) {
    std::sort(intervals.begin(), intervals.end(),
              [](const Interval& a, const Interval& b) { return a.generation < b.generation; });
    for (std::size_t i = 1; i < intervals.size(); ++i) {
      ASSERT_TRUE(intervals[i - 1].ended) << "only the last may be live";
      ASSERT_LE(*intervals[i - 1].ended, intervals[i].started);
      ASSERT_LT(intervals[i - 1].started, intervals[i].started + 1ms);
    }
  }
}

TEST_P(Concurrency, ManyCallersNeverShareAnAddressAndAllAreAnswered) {
  const int calls = static_cast<int>(number_from_environment("BERTH_CALLS", 400));
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([this, i, calls] { call(static_cast<std::uint64_t>(i), calls); });
  }
  for (std::thread& thread : threads) thread.join();
  Dice dice(1);
  look(dice);
  expect_no_overlap(*book_);
  const std::size_t live = book_->leases({}, {}, 1000)->size();
  book_.reset();
  EXPECT_EQ(answered_, asked_) << "every callback ran once";

  // And what they were told is what the store has.
  book_ = *LocalBook::open(plan_, [this] { return disk_.open(); }, {clock_, Upkeep::by_tick});
  look(dice);
  EXPECT_LE(book_->leases({}, {}, 1000)->size(), live + static_cast<std::size_t>(asked_));
}

// Who asks for the same connection at once gets the same lease.
TEST_P(Concurrency, RetriesThatRunAtOnceGetOneLease) {
  for (int round = 0; round < 20; ++round) {
    const std::string name = "r" + std::to_string(round);
    std::vector<std::optional<Grant>> grants(16);
    std::vector<std::thread> threads;
    for (auto& grant : grants) {
      threads.emplace_back([&] {
        if (auto answer = book_->assign(session_request(name, name))) grant = *answer;
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const auto& grant : grants) {
      ASSERT_TRUE(grant);
      EXPECT_EQ(grant->generation, grants[0]->generation);
      EXPECT_EQ(grant->addresses, grants[0]->addresses);
    }
    ASSERT_TRUE(book_->release(session_ref(name), Cause::released));
  }
}

}  // namespace
}  // namespace berth::testing
