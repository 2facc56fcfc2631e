// sustained.cc - 25,000 users a second connect and as many leave, at 1 million live leases.
//
// Each millisecond 25 random users of those away connect and 25 random connected ones leave.
// Looked at on the way: how far the tables are behind, how much memory and disk it takes.
#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "berth/book.h"
#include "figures/groups.h"
#include "figures/lag.h"
#include "figures/machine.h"
#include "figures/population.h"
#include "figures/wide_plan.h"
#include "play/dice.h"

namespace berth::figures {
namespace {

constexpr std::uint64_t kLive = 1'000'000;
constexpr std::uint64_t kAway = 200'000;
constexpr std::uint64_t kPairsAMillisecond = 25;
// Users who moved in the last second are left alone: their answer may be on its way.
constexpr std::size_t kMoving = 1000 * kPairsAMillisecond;
constexpr double kSampleSeconds = 0.1;
constexpr double kNoteSeconds = 5;

// Users in one of two places, and those on their way there.
class Place {
 public:
  [[nodiscard]] std::uint32_t take(play::Dice& dice) {
    std::uint32_t& one = settled_[dice.throw_one(settled_.size())];
    const std::uint32_t taken = one;
    one = settled_.back();
    settled_.pop_back();
    return taken;
  }
  void add(std::uint32_t user) {
    moving_.push_back(user);
    if (moving_.size() <= kMoving) return;
    settled_.push_back(moving_.front());
    moving_.pop_front();
  }

 private:
  std::vector<std::uint32_t> settled_;
  std::deque<std::uint32_t> moving_;
};

class Traffic {
 public:
  explicit Traffic(Book& book) : book_(book) {
    person_.want(Want::required, Want::required, Want::no);
  }

  void connect(std::uint32_t user) {
    person_.be(user);
    ++sent_;
    book_.assign_async(person_.request(), [this](const Result<Grant>& grant) { count(grant); });
  }
  void disconnect(std::uint32_t user) {
    person_.be(user);
    ++sent_;
    book_.release_async(person_.which(), Cause::released,
                        [this](const Done& done) { count(done); });
  }

  [[nodiscard]] std::uint64_t outstanding() const { return sent_ - answered_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  void wait_below(std::uint64_t most) const {
    while (outstanding() >= most) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }

 private:
  template <class Answer>
  void count(const Answer& answer) {
    if (!answer && refused_++ == 0) fmt::print(stderr, "  refused: {}\n", answer.error().what);
    ++answered_;
  }

  Book& book_;
  Person person_;
  std::uint64_t sent_ = 0;
  std::atomic<std::uint64_t> answered_ = 0;
  std::atomic<std::uint64_t> refused_ = 0;
};

// Everybody: who is connected, who is away, and the book that they come to.
struct World {
  Book& book;
  Traffic traffic{book};
  Lag lag;
  play::Dice dice{3};
  Place connected{};
  Place away{};
};

// What was seen on the way.
struct Seen {
  std::uint64_t pairs = 0;
  double seconds = 0;
  std::uint64_t outstanding = 0;  // at most, as all below
  double lag = 0;
  std::uint64_t logs = 0;
  std::uint64_t memory_early = 0;
  std::uint64_t memory_late = 0;
};

// Connects everybody; those who are to be away leave again.
void fill(World& world) {
  for (std::uint32_t user = 0; user < kLive + kAway; ++user) {
    world.traffic.wait_below(4096);
    world.traffic.connect(user);
    world.connected.add(user);
  }
  world.traffic.wait_below(1);
  for (std::uint64_t i = 0; i < kAway; ++i) {
    world.traffic.wait_below(4096);
    const std::uint32_t user = world.connected.take(world.dice);
    world.traffic.disconnect(user);
    world.away.add(user);
  }
  world.traffic.wait_below(1);
  while (world.lag.sample().changes > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  trim_heap();
}

void move_one_pair(World& world) {
  world.traffic.wait_below(30'000);  // a caller who must wait is late, not refused
  const std::uint32_t comes = world.away.take(world.dice);
  const std::uint32_t goes = world.connected.take(world.dice);
  world.traffic.connect(comes);
  world.traffic.disconnect(goes);
  world.connected.add(comes);
  world.away.add(goes);
}

void note(double now, double behind, const std::string& folder, Seen& seen, Report& report) {
  if (seen.memory_early == 0) seen.memory_early = resident_bytes();
  report.note(
      fmt::format("{:2.0f} s: {} pairs, tables {:.1f} s behind, {} MiB of memory, "
                  "{} MiB of logs, {} MiB on disk in all",
                  now, seen.pairs, behind, resident_bytes() >> 20, seen.logs >> 20,
                  bytes_on_disk(folder, "sustained.db") >> 20));
}

Seen run(World& world, double seconds, const std::string& folder, Report& report) {
  Seen seen;
  double sampled = 0;
  double noted = 0;
  const Stopwatch watch;
  while (watch.seconds() < seconds) {
    const double now = watch.seconds();
    const auto due = static_cast<std::uint64_t>(now * 1000) * kPairsAMillisecond;
    for (; seen.pairs < due; ++seen.pairs) move_one_pair(world);
    seen.outstanding = std::max(seen.outstanding, world.traffic.outstanding());
    if (now - sampled >= kSampleSeconds) {
      sampled = now;
      const Lag::Sample behind = world.lag.sample();
      seen.lag = std::max(seen.lag, behind.seconds);
      seen.logs = std::max(seen.logs, bytes_on_disk(folder, "sustained.db.journal") +
                                          bytes_on_disk(folder, "sustained.db-wal"));
      if (now - noted >= kNoteSeconds) {
        noted = now;
        note(now, behind.seconds, folder, seen, report);
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  world.traffic.wait_below(1);
  seen.seconds = watch.seconds();
  seen.memory_late = resident_bytes();
  return seen;
}

void tell(const Seen& seen, Report& report) {
  report.tell({.name = "sustained_pairs",
               .value = static_cast<double>(seen.pairs) / seen.seconds,
               .unit = "a_second",
               .goal = Figure::Goal::at_least,
               // Less than the pace by what the end of the last second takes.
               .limit = 0.99 * 1000 * kPairsAMillisecond});
  report.tell({.name = "sustained_lag",
               .value = seen.lag,
               .unit = "seconds",
               .goal = Figure::Goal::at_most,
               .limit = 5});
  const double growth =
      static_cast<double>(seen.memory_late) / static_cast<double>(seen.memory_early) - 1;
  report.tell({.name = "sustained_memory_growth",
               .value = 100 * growth,
               .unit = "percent",
               .goal = Figure::Goal::at_most,
               .limit = 25});
  report.tell({.name = "sustained_logs",
               .value = static_cast<double>(seen.logs >> 20),
               .unit = "MiB",
               .goal = Figure::Goal::at_most,
               .limit = 1024});
}

}  // namespace

void sustained(const Options& options, Report& report) {
  const std::string path = options.folder + "/sustained.db";
  remove_files(options.folder, "sustained");
  {
    auto opened = Book::open(wide_plan(30s), {.path = path});
    BERTH_ASSERT(opened);
    World world{.book = **opened, .lag = Lag(path)};
    fill(world);
    const std::uint64_t before = bytes_on_disk(options.folder, "sustained.db");
    const Seen seen = run(world, options.quick ? 15 : 60, options.folder, report);
    const Stopwatch waiting;
    while (world.lag.sample().changes > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    report.note(fmt::format("tables caught up {:.1f} s after the end; at most {} requests waited",
                            waiting.seconds(), seen.outstanding));
    const auto grown = static_cast<double>(bytes_on_disk(options.folder, "sustained.db")) -
                       static_cast<double>(before);
    report.note(fmt::format("the store grew by {:.0f} bytes an ended interval",
                            grown / static_cast<double>(seen.pairs)));
    BERTH_ASSERT(world.traffic.refused() == 0);
    tell(seen, report);
  }
  remove_files(options.folder, "sustained");
}

}  // namespace berth::figures
