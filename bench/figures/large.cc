// large.cc - a store with 10 million live leases and up to 20 million ended intervals: how soon
// it serves after a start, and how fast one address is found among them.
#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "berth/book.h"
#include "figures/crowd.h"
#include "figures/groups.h"
#include "figures/machine.h"
#include "figures/raw_sqlite.h"
#include "figures/wide_plan.h"
#include "play/dice.h"
#include "store/reader.h"
#include "store/sqlite_store.h"

namespace berth::figures {
namespace {

constexpr Milliseconds kCoolDown = 10s;

// Wants only to know the key of a store.
class KeyLoader final : public Loader {
 public:
  void start(const StoreKey& store_key, Serial, std::string_view, WallTime) override {
    key = store_key;
  }
  void server(std::string_view, std::string_view, Generation, bool) override {}
  void reservation(const Reserve&) override {}
  void cooled(const Cooled&) override {}
  void last(const Last&) override {}
  void live(std::span<const LeaseRecord>) override {}
  void provided(const Provided&) override {}
  Done change(std::string_view) override { return {}; }

  StoreKey key{};
};

// Commits changes many at a time.
class Writer {
 public:
  explicit Writer(Store& store) : store_(store) {}
  void add(std::string_view change) {
    changes_.emplace_back(change);
    if (changes_.size() == Store::kMaxCommits) flush();
  }
  void flush() {
    std::vector<Commit> commits(changes_.size());
    for (std::size_t i = 0; i < commits.size(); ++i) commits[i].bytes = changes_[i];
    store_.commit(commits);
    for (const Commit& commit : commits) BERTH_ASSERT(commit.outcome == Outcome::durable);
    changes_.clear();
  }

 private:
  Store& store_;
  std::vector<std::string> changes_;
};

struct Size {
  std::uint64_t live;
  std::uint64_t ended;
};

// Live leases and ended intervals as they come about: users connect, leave and come back.
void build(const std::string& path, const Size& size, Report& report) {
  // Once as a Book, so that the store knows the rules by which owners are named.
  BERTH_ASSERT(Book::open(wide_plan(kCoolDown), {.path = path}));
  auto store = open_sqlite_store({.path = path, .chance = &system_chance()});
  BERTH_ASSERT(store);
  KeyLoader loader;
  BERTH_ASSERT((*store)->load(loader));
  Writer writer(**store);
  Crowd crowd(wide_plan(kCoolDown), Want::required, Want::required, Want::no, loader.key,
              [&](std::string_view change) { writer.add(change); });
  const Stopwatch watch;
  const std::uint64_t away = size.live / 10;
  crowd.grow(size.live + away);
  crowd.shrink(away);
  crowd.churn(size.ended - away);
  writer.flush();
  const double written = watch.seconds();
  while ((*store)->lag() > 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  report.note(
      fmt::format("built a store of {} live leases and {} ended intervals: written in "
                  "{:.0f} s, in the tables after {:.0f} s",
                  size.live, size.ended, written, watch.seconds()));
}

double percentile(std::vector<double>& times, double part) {
  std::ranges::sort(times);
  return times[static_cast<std::size_t>(static_cast<double>(times.size() - 1) * part)];
}

// A random address of those in use, and a random moment of those in history.
class Questions {
 public:
  explicit Questions(const Size& size)
      : addresses_(size.live + size.live / 10),
        milliseconds_((size.live + size.live / 5 + size.ended) / (Crowd::kPairsASecond / 1000)) {}

  void ask() {
    constexpr std::uint32_t kFirst = 0x0a000000;  // 10.0.0.0
    address = Ipv4(kFirst + static_cast<std::uint32_t>(dice_.throw_one(addresses_)));
    at = WallTime(std::chrono::days(20'000)) + Milliseconds(dice_.throw_one(milliseconds_));
  }
  Ipv4 address;
  WallTime at;

 private:
  std::uint64_t addresses_;
  std::uint64_t milliseconds_;
  play::Dice dice_{11};
};

// The same intervals as rows of one table with the index that the question wants, and as much of
// it in memory as the store keeps of its own (sqlite_store.cc).
class RawHistory {
 public:
  RawHistory(const std::string& store, const std::string& path) : db_(path) {
    db_.exec(
        fmt::format("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-262144;"
                    "ATTACH '{}' AS store;"
                    "CREATE TABLE history (id INTEGER PRIMARY KEY, ipv4 INTEGER, started INTEGER,"
                    " ended INTEGER, name INTEGER, session TEXT);"
                    "INSERT INTO history SELECT sequence, ipv4, started, ended, name, session"
                    " FROM store.interval;"
                    "DETACH store;"
                    "CREATE INDEX by_address ON history (ipv4, ended);"
                    "PRAGMA cache_size=-32768",
                    store));
    look_ =
        db_.prepare("SELECT * FROM history WHERE ipv4 = ? AND ended > ? ORDER BY ended LIMIT 1");
  }
  // True: there is a row.
  bool look(Ipv4 address, WallTime at) {
    sqlite3_bind_int64(look_.get(), 1, address.bits());
    sqlite3_bind_int64(look_.get(), 2, at.time_since_epoch().count());
    const bool found = sqlite3_step(look_.get()) == SQLITE_ROW;
    sqlite3_reset(look_.get());
    return found;
  }

 private:
  RawDatabase db_;
  RawDatabase::Statement look_;
};

void measure_restart(const std::string& path, const Size& size, bool quick, Report& report) {
  const Stopwatch watch;
  auto book = Book::open(wide_plan(kCoolDown), {.path = path});
  BERTH_ASSERT(book);
  Person person;
  person.want(Want::required, Want::required, Want::no);
  person.be(4'000'000'000);
  const Result<Grant> first = (*book)->assign(person.request());
  const double ready = watch.seconds();
  BERTH_ASSERT(first);
  report.note(fmt::format("{} live leases: the first durable answer after {:.1f} s, {} MiB",
                          size.live, ready, resident_bytes() >> 20));
  report.tell({.name = quick ? "restart_1M" : "restart",
               .value = ready,
               .unit = "seconds",
               .goal = Figure::Goal::at_most,
               .limit = quick ? 1.5 : 15});
}

// Who finds an address at a moment: raw SQLite, the Book that serves, or the reader of the
// command line, which knows nothing beforehand.
using Look = std::function<bool(Ipv4 address, WallTime at)>;

struct Looks {
  double median = 0;
  double p99 = 0;
  int found = 0;
};

Looks measure(const Size& size, int questions, const Look& look) {
  Questions asked(size);
  Looks looks;
  std::vector<double> times;
  for (int i = 0; i < questions; ++i) {
    asked.ask();
    const Stopwatch watch;
    looks.found += look(asked.address, asked.at) ? 1 : 0;
    times.push_back(watch.seconds());
  }
  looks.median = percentile(times, 0.5);
  looks.p99 = percentile(times, 0.99);
  return looks;
}

void measure_who_had(const std::string& path, const Size& size, bool quick, Report& report) {
  const int questions = quick ? 20'000 : 100'000;
  RawHistory raw_history(path, path + "-raw");
  auto book = Book::open(wide_plan(kCoolDown), {.path = path});
  auto reader = open_reader(path);
  BERTH_ASSERT(book && reader);
  const auto note = [&](std::string_view who, const Looks& looks, int asked) {
    report.note(fmt::format("{}: median {:.0f} us, p99 {:.0f} us; {} of {} had somebody", who,
                            looks.median * 1e6, looks.p99 * 1e6, looks.found, asked));
  };
  const auto found = [](const Result<std::vector<Interval>>& intervals) {
    BERTH_ASSERT(intervals);
    return !intervals->empty();
  };
  const Look raw = [&](Ipv4 address, WallTime at) { return raw_history.look(address, at); };
  const Look ours = [&](Ipv4 address, WallTime at) {
    return found((*book)->who_had(AnyRange::of(address), at));
  };
  const Look read = [&](Ipv4 address, WallTime at) {
    return found((*reader)->who_had(AnyRange::of(address), at, Milliseconds(0), WallTime::max()));
  };
  (void)measure(size, questions, raw);  // what is on disk comes into memory, for both
  (void)measure(size, questions, ours);
  const Looks by_raw = measure(size, questions, raw);
  const Looks by_book = measure(size, questions, ours);
  const Looks by_reader = measure(size, questions / 100, read);
  report.note(fmt::format("one address at one moment among {} ended intervals", size.ended));
  note("raw SQLite with an index", by_raw, questions);
  note("the book", by_book, questions);
  note("the command line's reader", by_reader, questions / 100);
  report.tell({.name = "who_p99",
               .value = by_book.p99 / by_raw.p99,
               .unit = "raw_lookups",
               .goal = Figure::Goal::at_most,
               .limit = 3});
  report.tell({.name = "who_reader_p99",
               .value = by_reader.p99 * 1e3,
               .unit = "ms",
               .goal = Figure::Goal::at_most,
               .limit = 250});
}

}  // namespace

void restart(const Options& options, Report& report) {
  const Size size = options.quick ? Size{1'000'000, 1'000'000} : Size{10'000'000, 10'000'000};
  const std::string path = options.folder + "/restart.db";
  remove_files(options.folder, "restart");
  build(path, size, report);
  trim_heap();
  measure_restart(path, size, options.quick, report);
  remove_files(options.folder, "restart");
}

void who_had(const Options& options, Report& report) {
  const Size size = options.quick ? Size{200'000, 2'000'000} : Size{1'000'000, 20'000'000};
  const std::string path = options.folder + "/who_had.db";
  remove_files(options.folder, "who_had");
  build(path, size, report);
  measure_who_had(path, size, options.quick, report);
  remove_files(options.folder, "who_had");
}

}  // namespace berth::figures
