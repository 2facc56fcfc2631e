// power_cut_test.cc - the power fails at any instant: nothing that was answered is lost.
#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "store/environment_for_tests.h"
#include "store/forgetful_vfs.h"
#include "store/store_files_test.h"

namespace berth::testing {
namespace {

// What changes add up to, the plain way.
class Model {
 public:
  void apply(std::string_view change) {
    for (StepReader reader(change); !reader.done();) {
      std::visit([this](const auto& step) { on(step); }, reader.next().value());
    }
  }
  void take(const Told& told) {
    leases = told.leases;
    reservations = told.reservations;
    lasts.clear();
    for (const std::string& last : told.lasts) lasts[last.substr(0, last.find(' '))] = last;
    for (const std::string& change : told.changes) apply(change);
  }

  std::map<std::uint64_t, std::string> leases;      // by generation
  std::map<std::string, std::string> lasts;         // by address
  std::map<std::string, std::string> reservations;  // by owner
  std::multimap<std::string, WallTime> ended;       // by owner

 private:
  void on(const Begin& step) {
    leases[step.lease.generation.value] = Told::text_of(step.lease);
    lasts.erase(step.lease.addresses.to_string());
  }
  void on(const End& step) {
    leases.erase(step.lease.generation.value);
    ended.emplace(step.lease.owner, step.ended);
    const std::string address = step.lease.addresses.to_string();
    lasts[address] =
        address + " " + std::string(step.lease.owner) + " " + std::to_string(step.serial);
  }
  void on(const Reserve& step) {
    reservations[std::string(step.owner)] =
        std::string(step.user) + " " + step.addresses.to_string();
  }
  void on(const Erase& step) {
    reservations.erase(std::string(step.owner));
    ended.erase(std::string(step.owner));
    for (auto& [address, last] : lasts) {
      if (!last.starts_with(address + " " + std::string(step.owner) + " ")) continue;
      last = address + "  " + last.substr(last.rfind(' ') + 1) + " second";
    }
  }
  void on(const Forget& step) {
    std::erase_if(ended, [&](const auto& interval) { return interval.second < step.before; });
  }
  template <class Other>
  void on(const Other&) {}
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
    Model found;
    found.take(told);
    ASSERT_EQ(found.leases, model_.leases);
    ASSERT_EQ(found.lasts, model_.lasts);
    ASSERT_EQ(found.reservations, model_.reservations);
    for (const char* owner : kOwners) {
      const auto history = (*store)->history(owner, {.limit = 1'000'000});
      ASSERT_TRUE(history) << history.error().what;
      ASSERT_EQ(history->size(), model_.ended.count(owner)) << owner;
    }
  }

  [[nodiscard]] Revision answered() const { return answered_; }

 private:
  static constexpr const char* kOwners[] = {"ana", "ben", "cid", "dee", "eva", "fay"};

  SqliteOptions options() {
    return {.path = files_.path(),
            .chance = &counting_,
            .vfs = disk_.vfs(),
            .history = {.run_rows = 8, .fan_in = 2, .part_rows = 32, .slice_rows = 7},
            .logs = {.trim_bytes = 500,
                     .copy_bytes = 30'000,
                     .restart_bytes = 60'000,
                     .tables_pages = 10},
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
    switch (chance_() % 16) {
      case 0:
        return change(
            Reserve{any_owner(), "Any", {.ipv4 = Ipv4(100 + static_cast<std::uint32_t>(serial_))}});
      case 1: return change(Forget{now() - std::chrono::seconds(30), now()});
      case 2: {
        const std::string owner = any_owner();  // nobody is erased while connected
        const auto is_his = [&](const LeaseSaid& lease) { return lease.owner == owner; };
        if (std::ranges::none_of(live_, is_his)) return change(Erase{owner, now()});
        break;
      }
      default: break;
    }
    const bool ends = live_.size() > 10 || (!live_.empty() && chance_() % 2 == 0);
    return ends ? next_end() : next_begin();
  }
  std::string next_begin() {
    const std::uint64_t generation = ++serial_;
    auto address = static_cast<std::uint32_t>(generation);
    const auto is_held = [&](const LeaseSaid& lease) {
      return lease.addresses.ipv4 == Ipv4(address % 64);
    };
    while (std::ranges::any_of(live_, is_held)) ++address;
    const LeaseSaid lease{.id = generation,
                          .generation = generation,
                          .owner = any_owner(),
                          .session = std::string(chance_() % 200, 's'),
                          .addresses = {.ipv4 = Ipv4(address % 64)}};
    said_[generation] = lease;
    live_.push_back(lease);
    return begin(lease);
  }
  std::string next_end() {
    const std::size_t which = chance_() % live_.size();
    const LeaseSaid lease = live_[which];
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(which));
    ++serial_;
    return end(lease, now(), serial_);
  }
  std::string any_owner() { return kOwners[chance_() % std::size(kOwners)]; }
  [[nodiscard]] WallTime now() const { return at(static_cast<std::int64_t>(1000 + serial_)); }

  // Changes that were tried but did not survive never happened.
  void forget_behind(Revision revision) {
    answered_ = revision;
    tried_.resize(revision);
    while (modelled_ < revision) model_.apply(tried_[modelled_++]);
    live_.clear();
    for (const auto& [generation, text] : model_.leases) live_.push_back(said_[generation]);
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
  Model model_;
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
