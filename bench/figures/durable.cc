// durable.cc - how many assignments a second are on disk before they are answered.
//
// Beside SQLite that only appends rows of the same size, 256 a transaction, and beside RocksDB
// (bench/rocksdb). The same on a disk whose syncs take a millisecond more, and five.
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "berth/book.h"
#include "core/allocator.h"
#include "figures/disk.h"
#include "figures/groups.h"
#include "figures/lag.h"
#include "figures/machine.h"
#include "figures/median.h"
#include "figures/population.h"
#include "figures/raw_sqlite.h"
#include "figures/wide_plan.h"

namespace berth::figures {
namespace {

constexpr std::uint64_t kOwners = 1'000'000;
constexpr std::size_t kOutstanding = 256;

std::unique_ptr<Book> open_book(const std::string& path) {
  auto book = Book::open(wide_plan(), {.path = path});
  if (!book) fmt::print(stderr, "{}\n", book.error().what);
  BERTH_ASSERT(book);
  return *std::move(book);
}

// Users who connect, each as a new session; the owners go round.
class Arrivals {
 public:
  Arrivals() { person_.want(Want::required, Want::required, Want::no); }
  [[nodiscard]] Request next() {
    person_.be(next_ % kOwners, next_);
    ++next_;
    return person_.request();
  }

 private:
  Person person_;
  std::uint64_t next_ = 0;
};

// Keeps `kOutstanding` requests on their way; each answer sends the next.
class Callers {
 public:
  Callers(Book& book, Arrivals& arrivals) : book_(book), arrivals_(arrivals) {}

  // Answers a second.
  [[nodiscard]] double run(double seconds) {
    const Stopwatch watch;
    for (std::size_t i = 0; i < kOutstanding; ++i) send();
    while (watch.seconds() < seconds) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::uint64_t answered = answered_;
    const double took = watch.seconds();
    stopped_ = true;
    while (ended_ < kOutstanding) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return static_cast<double>(answered) / took;
  }

 private:
  void send() {
    std::unique_lock lock(mutex_);
    Request request = arrivals_.next();
    lock.unlock();
    book_.assign_async(std::move(request), [this](const Result<Grant>& grant) {
      BERTH_ASSERT(grant);
      ++answered_;
      if (stopped_) {
        ++ended_;
      } else {
        send();
      }
    });
  }

  Book& book_;
  std::mutex mutex_;
  Arrivals& arrivals_;  // mutex_
  std::atomic<std::uint64_t> answered_ = 0;
  std::atomic<std::size_t> ended_ = 0;
  std::atomic<bool> stopped_ = false;
};

double raw_rate(RawLog& log, std::size_t bytes, double seconds) {
  const Stopwatch watch;
  std::uint64_t rows = 0;
  for (; watch.seconds() < seconds; rows += kOutstanding) log.append(kOutstanding, bytes);
  return static_cast<double>(rows) / watch.seconds();
}

// Waits until the tables have everything. Seconds.
double catch_up(Lag& lag) {
  const Stopwatch watch;
  while (lag.sample().changes > 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return watch.seconds();
}

class Measured {
 public:
  Measured(const Options& options, Report& report)
      : options_(options), report_(report), store_(options.folder + "/durable.db") {
    remove_files(options.folder, "durable");
  }
  ~Measured() { remove_files(options_.folder, "durable"); }

  void on_a_disk(std::chrono::milliseconds slower);

 private:
  const Options& options_;
  Report& report_;
  std::string store_;
  std::size_t bytes_ = bytes_a_row();
  int runs_ = 0;
};

void Measured::on_a_disk(std::chrono::milliseconds slower) {
  const std::string disk =
      slower.count() == 0 ? std::string() : fmt::format("_{}ms", slower.count());
  const double seconds = slower.count() == 0 ? (options_.quick ? 3 : 5) : 2;
  Disk& under = Disk::under_sqlite();
  under.slow_down(slower);
  const std::string path = fmt::format("{}-{}", store_, ++runs_);
  RawLog raw(path + "-raw");
  auto book = open_book(path);
  Lag lag(path);
  Arrivals arrivals;

  const double raw_before = raw_rate(raw, bytes_, seconds / 2);
  const std::uint64_t syncs_before = under.journal_syncs();
  Callers callers(*book, arrivals);
  const double rate = callers.run(seconds);
  const std::uint64_t syncs = under.journal_syncs() - syncs_before;
  const Lag::Sample behind = lag.sample();
  const double caught_up = catch_up(lag);
  const double raw_after = raw_rate(raw, bytes_, seconds / 2);
  const double raw_rows = (raw_before + raw_after) / 2;
  report_.note(fmt::format(
      "disk {} ms slower: {:.0f} durable assigns/s with {} outstanding, {:.1f} leases a sync",
      slower.count(), rate, kOutstanding, rate * seconds / static_cast<double>(syncs)));
  report_.note(fmt::format("  raw SQLite appends {:.0f} rows/s of {} bytes, {} a transaction",
                           raw_rows, bytes_, kOutstanding));
  report_.note(fmt::format("  tables behind by {} changes at the end, caught up after {:.1f} s",
                           behind.changes, caught_up));
  const std::string of_raw = "durable_of_raw" + disk;
  report_.tell({.name = of_raw,
                .value = 100 * rate / raw_rows,
                .unit = "percent",
                .goal = Figure::Goal::at_least,
                .limit = 30});
  if (slower.count() == 0 && options_.rocksdb_rate > 0) {
    report_.note(fmt::format("  RocksDB, two keys a lease, 256 leases a synced batch: {:.0f}/s",
                             options_.rocksdb_rate));
    report_.tell({.name = "durable_of_rocksdb",
                  .value = 100 * rate / options_.rocksdb_rate,
                  .unit = "percent",
                  .goal = Figure::Goal::at_least,
                  .limit = 100});
  }

  // One lone caller, in turns with raw SQLite.
  std::vector<double> ratios;
  for (int round = 0; round < 5; ++round) {
    const double one_raw = median_seconds(0.3, [&] { raw.append(1, bytes_); });
    const double one = median_seconds(0.3, [&] {
      const Result<Grant> grant = book->assign(arrivals.next());
      BERTH_ASSERT(grant);
    });
    ratios.push_back(one / one_raw);
    if (round == 2) {
      report_.note(fmt::format("  one lone caller: {:.3f} ms; one raw commit: {:.3f} ms", one * 1e3,
                               one_raw * 1e3));
    }
  }
  const std::string lone = "durable_lone" + disk;
  report_.tell({.name = lone,
                .value = median(ratios),
                .unit = "raw_commits",
                .goal = Figure::Goal::at_most,
                .limit = 1.3});
  under.slow_down({});
}

}  // namespace

std::size_t bytes_a_row() {
  auto allocator = Allocator::make(wide_plan(), SipKey{1, 2}, 0);
  Person person;
  person.want(Want::required, Want::required, Want::no);
  person.be(0, 0);
  return (*allocator)->assign(person.request(), person.name(), {})->bytes.size();
}

void durable(const Options& options, Report& report) {
  Measured measured(options, report);
  for (int slower : {0, 1, 5}) measured.on_a_disk(std::chrono::milliseconds(slower));
}

}  // namespace berth::figures
