// sustained.cc - 25,000 users a second connect and as many leave, at 1 million live leases.
//
// Each millisecond 25 random users of those away connect and 25 random connected ones leave.
// Looked at on the way: how far the tables are behind, how much memory and disk it takes.
#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
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

}  // namespace

void sustained(const Options& options, Report& report) {
  const double seconds = options.quick ? 15 : 60;
  const std::string path = options.folder + "/sustained.db";
  remove_files(options.folder, "sustained");
  {
    auto opened = Book::open(wide_plan(30s), {.path = path});
    BERTH_ASSERT(opened);
    Book& book = **opened;
    Traffic traffic(book);
    Lag lag(path);
    play::Dice dice(3);
    Place connected;
    Place away;
    for (std::uint32_t user = 0; user < kLive + kAway; ++user) {
      traffic.wait_below(4096);
      traffic.connect(user);
      connected.add(user);
    }
    traffic.wait_below(1);
    for (std::uint64_t i = 0; i < kAway; ++i) {
      traffic.wait_below(4096);
      const std::uint32_t user = connected.take(dice);
      traffic.disconnect(user);
      away.add(user);
    }
    traffic.wait_below(1);
    while (lag.sample().changes > 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    trim_heap();

    std::uint64_t pairs = 0;
    std::uint64_t most_outstanding = 0;
    std::uint64_t memory_early = 0;
    std::uint64_t most_logs = 0;
    double most_lag = 0;
    double sampled = 0;
    double noted = 0;
    const std::uint64_t tables_before = bytes_on_disk(options.folder, "sustained.db");
    const Stopwatch watch;
    while (watch.seconds() < seconds) {
      const double now = watch.seconds();
      const auto due = static_cast<std::uint64_t>(now * 1000) * kPairsAMillisecond;
      for (; pairs < due; ++pairs) {
        traffic.wait_below(30'000);  // a caller who must wait is late, not refused
        const std::uint32_t comes = away.take(dice);
        const std::uint32_t goes = connected.take(dice);
        traffic.connect(comes);
        traffic.disconnect(goes);
        connected.add(comes);
        away.add(goes);
      }
      most_outstanding = std::max(most_outstanding, traffic.outstanding());
      if (now - sampled >= kSampleSeconds) {
        sampled = now;
        const Lag::Sample behind = lag.sample();
        most_lag = std::max(most_lag, behind.seconds);
        most_logs = std::max(most_logs, bytes_on_disk(options.folder, "sustained.db.journal") +
                                            bytes_on_disk(options.folder, "sustained.db-wal"));
        if (now - noted >= kNoteSeconds) {
          noted = now;
          if (memory_early == 0) memory_early = resident_bytes();
          report.note(
              fmt::format("{:2.0f} s: {} pairs, tables {:.1f} s behind, {} MiB of memory, "
                          "{} MiB of logs, {} MiB on disk in all",
                          now, pairs, behind.seconds, resident_bytes() >> 20, most_logs >> 20,
                          bytes_on_disk(options.folder, "sustained.db") >> 20));
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    traffic.wait_below(1);
    const double took = watch.seconds();
    const std::uint64_t memory_late = resident_bytes();
    const Stopwatch waiting;
    while (lag.sample().changes > 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    report.note(fmt::format("tables caught up {:.1f} s after the end; at most {} requests waited",
                            waiting.seconds(), most_outstanding));
    const auto grown = static_cast<double>(bytes_on_disk(options.folder, "sustained.db")) -
                       static_cast<double>(tables_before);
    report.note(fmt::format("the store grew by {:.0f} bytes an ended interval",
                            grown / static_cast<double>(pairs)));
    BERTH_ASSERT(traffic.refused() == 0);
    report.tell({.name = "sustained_pairs",
                 .value = static_cast<double>(pairs) / took,
                 .unit = "a_second",
                 .goal = Figure::Goal::at_least,
                 // Less than the pace by what the end of the last second takes.
                 .limit = 0.99 * 1000 * kPairsAMillisecond});
    report.tell({.name = "sustained_lag",
                 .value = most_lag,
                 .unit = "seconds",
                 .goal = Figure::Goal::at_most,
                 .limit = 5});
    report.tell(
        {.name = "sustained_memory_growth",
         .value = 100 * (static_cast<double>(memory_late) / static_cast<double>(memory_early) - 1),
         .unit = "percent",
         .goal = Figure::Goal::at_most,
         .limit = 25});
    report.tell({.name = "sustained_logs",
                 .value = static_cast<double>(most_logs >> 20),
                 .unit = "MiB",
                 .goal = Figure::Goal::at_most,
                 .limit = 1024});
  }
  remove_files(options.folder, "sustained");
}

}  // namespace berth::figures
