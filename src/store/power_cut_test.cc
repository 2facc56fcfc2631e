// power_cut_test.cc - the power fails at any instant: nothing that was answered is lost.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "store/environment_for_tests.h"
#include "store/forgetful_vfs.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

// What changes on leases add up to, the plain way.
class LiveLeases {
 public:
  void apply(std::string_view change) {
    for (StepReader reader(change); !reader.done();) {
      const Step step = reader.next().value();
      if (const auto* begin = std::get_if<Begin>(&step)) {
        leases_[begin->lease.generation.value] = Told::text_of(begin->lease);
      } else if (const auto* end = std::get_if<End>(&step)) {
        leases_.erase(end->lease.generation.value);
        ++ended_;
      }
    }
  }
  void take(const Told& told) {
    leases_ = told.leases;
    for (const std::string& change : told.changes) apply(change);
  }
  [[nodiscard]] const std::map<std::uint64_t, std::string>& all() const { return leases_; }
  [[nodiscard]] std::size_t ended() const { return ended_; }

 private:
  std::map<std::uint64_t, std::string> leases_;
  std::size_t ended_ = 0;
};

// One life after another of a store on one disk. Every change that was ever tried is known, so
// what a life finds must be the first so many of them, and at least those that were answered.
class Lives {
 public:
  explicit Lives(std::uint64_t seed) : chance_(seed) {}

  void live_and_die() {
    disk_.cut_power_at(disk_.steps() + 1 + chance_() % 400, chance_());
    if (std::unique_ptr<Store> store = open()) {
      while (!disk_.is_off()) commit_some(*store);
    }
    disk_.restart();
  }

  // What is there after a restart with the power on.
  void check() {
    Told told;
    const auto store = open_sqlite_store(options());
    ASSERT_TRUE(store) << store.error().what;
    const Result<Revision> revision = (*store)->load(told);
    ASSERT_TRUE(revision) << revision.error().what;
    ASSERT_GE(*revision, answered_);
    ASSERT_LE(*revision, tried_.size());
    forget_behind(*revision);
    LiveLeases found;
    found.take(told);
    ASSERT_EQ(found.all(), model_.all());
    const auto history = (*store)->history("ana", {.limit = 1'000'000});
    ASSERT_TRUE(history) << history.error().what;
    ASSERT_EQ(history->size(), model_.ended());
  }

  [[nodiscard]] Revision answered() const { return answered_; }

 private:
  SqliteOptions options() {
    return {.path = files_.path(),
            .chance = &counting_,
            .vfs = disk_.vfs(),
            .history = {.run_rows = 8, .part_rows = 32},
            .batch_time = Milliseconds(0)};
  }

  // Nothing where the power went already.
  std::unique_ptr<Store> open() {
    auto store = open_sqlite_store(options());
    Told told;
    if (!store) {
      EXPECT_TRUE(disk_.is_off()) << store.error().what;
      return nullptr;
    }
    const Result<Revision> revision = (*store)->load(told);
    if (!revision) {
      EXPECT_TRUE(disk_.is_off()) << revision.error().what;
      return nullptr;
    }
    EXPECT_GE(*revision, answered_);
    forget_behind(*revision);
    return *std::move(store);
  }

  void commit_some(Store& store) {
    std::vector<Commit> commits;
    std::vector<std::string> bytes;
    const std::size_t count = 1 + chance_() % 5;
    for (std::size_t i = 0; i < count; ++i) bytes.push_back(next_change());
    for (const std::string& change : bytes) commits.push_back({change});
    tried_.insert(tried_.end(), bytes.begin(), bytes.end());
    store.commit(commits);
    if (commits.back().outcome == Outcome::durable) {
      answered_ = commits.back().revision;
      ASSERT_EQ(answered_, tried_.size());
    } else {
      ASSERT_TRUE(disk_.is_off()) << commits.back().error.what;
    }
  }

  std::string next_change() {
    const bool ends = live_.size() > 20 || (!live_.empty() && chance_() % 2 == 0);
    if (!ends) {
      const std::uint64_t generation = ++serial_;
      const LeaseSaid lease{
          .id = generation,
          .generation = generation,
          .session = std::string(chance_() % 200, 's'),
          .addresses = {.ipv4 = Ipv4(static_cast<std::uint32_t>(generation % 64))}};
      said_[generation] = lease;
      live_.push_back(lease);
      return begin(lease);
    }
    const std::size_t which = chance_() % live_.size();
    const LeaseSaid lease = live_[which];
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(which));
    ++serial_;
    return end(lease, at(static_cast<std::int64_t>(1000 + serial_)), serial_);
  }

  // Changes that were tried but did not survive never happened.
  void forget_behind(Revision revision) {
    answered_ = revision;
    tried_.resize(revision);
    while (modelled_ < revision) model_.apply(tried_[modelled_++]);
    live_.clear();
    for (const auto& [generation, text] : model_.all()) live_.push_back(said_[generation]);
  }

  std::mt19937_64 chance_;
  StoreFiles files_;
  CountingChance counting_;
  ForgetfulDisk disk_{"forgetful"};
  std::vector<std::string> tried_;
  Revision answered_ = 0;
  std::vector<LeaseSaid> live_;
  std::map<std::uint64_t, LeaseSaid> said_;
  std::uint64_t serial_ = 0;
  LiveLeases model_;
  std::size_t modelled_ = 0;
};

// BERTH_POWER_CUTS: how many times the power fails.
TEST(PowerCut, LosesNothingThatWasAnswered) {
  const std::uint64_t cuts = number_from_environment("BERTH_POWER_CUTS", 2000);
  const std::uint64_t seed = number_from_environment("BERTH_SEED", std::random_device{}());
  SCOPED_TRACE("seed " + std::to_string(seed));
  // A disk is left behind after some lives, so that its files do not grow without end.
  constexpr std::uint64_t kLives = 40;
  Revision answered = 0;
  for (std::uint64_t first = 0; first < cuts; first += kLives) {
    Lives lives(seed + first);
    for (std::uint64_t life = 0; life < kLives; ++life) {
      lives.live_and_die();
      lives.check();
      if (::testing::Test::HasFailure()) FAIL() << "in life " << first + life;
    }
    answered += lives.answered();
  }
  EXPECT_GT(answered, cuts);  // or nothing was tried
}

}  // namespace
}  // namespace berth::testing
