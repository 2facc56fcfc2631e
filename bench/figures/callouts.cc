// callouts.cc - what it costs that an administration module runs in a process of its own.
#include <algorithm>
#include <array>
#include <atomic>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "figures/groups.h"
#include "figures/machine.h"
#include "figures/median.h"
#include "ras/worker.h"

namespace berth::figures {
namespace {

constexpr int kQueued = 64;
constexpr std::size_t kFrameBytes = 64;  // about a Get's, and more than its answer's

ras::Call get() {
  return {.callout = ras::Callout::get_ipv4,
          .user = u"user@corp.example",
          .port = u"VPN2-17",
          .address = ras::CalloutAddress(Ipv4(0x0a000001))};
}

struct Times {
  double median = 0;
  double p99 = 0;
};

Times times_of(std::vector<double>& seconds) {
  std::ranges::sort(seconds);
  return {seconds[seconds.size() / 2], seconds[seconds.size() * 99 / 100]};
}

template <class Once>
Times measure(int count, Once once) {
  std::vector<double> seconds;
  for (int i = 0; i < count; ++i) {
    const Stopwatch watch;
    once();
    seconds.push_back(watch.seconds());
  }
  return times_of(seconds);
}

// Another process that sends back what it is sent: the least that any isolation costs.
class Echo {
 public:
  Echo() {
    BERTH_ASSERT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()) == 0);
    child_ = fork();
    if (child_ != 0) {
      close(ends_[1]);
      return;
    }
    close(ends_[0]);
    for (;;) {
      const ssize_t came = recv(ends_[1], bytes_.data(), bytes_.size(), 0);
      if (came <= 0 || send(ends_[1], bytes_.data(), static_cast<std::size_t>(came), 0) <= 0) {
        _exit(0);
      }
    }
  }
  ~Echo() {
    close(ends_[0]);
    waitpid(child_, nullptr, 0);
  }
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;

  void round_trip() {
    BERTH_ASSERT(send(ends_[0], bytes_.data(), bytes_.size(), 0) > 0);
    BERTH_ASSERT(recv(ends_[0], bytes_.data(), bytes_.size(), 0) > 0);
  }

 private:
  std::array<int, 2> ends_{};
  std::array<char, kFrameBytes> bytes_{};
  pid_t child_ = 0;
};

std::unique_ptr<ras::Module> isolated() {
  auto loaded = ras::load_in_workers(BERTH_BENCH_MODULE, ras::Strictness::documented,
                                     {.program = BERTH_WORKER});
  BERTH_ASSERT(loaded);
  return std::move(loaded->module);
}

// Calls a second with so many callers at once.
double rate(ras::Module& module, int callers, double seconds) {
  std::atomic<std::uint64_t> calls = 0;
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  const Stopwatch watch;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      const ras::Call call = get();
      std::uint64_t made = 0;
      for (; !stop; ++made) BERTH_ASSERT(!module.call(call).failure);
      calls += made;
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  for (std::thread& each : threads) each.join();
  return static_cast<double>(calls.load()) / watch.seconds();
}

}  // namespace

void callouts(const Options& options, Report& report) {
  const double seconds = options.quick ? 2 : 10;
  const int count = options.quick ? 20'000 : 200'000;
  const std::unique_ptr<ras::Module> module = isolated();
  auto in_process = ras::load_in_process(BERTH_BENCH_MODULE, ras::Strictness::documented);
  BERTH_ASSERT(in_process);

  const double queued = rate(*module, kQueued, seconds);
  report.note(fmt::format("Get in the worker, {} callers: {:.0f} a second", kQueued, queued));
  report.note(fmt::format("Get in this process, one caller: {:.0f} a second",
                          rate(*in_process->module, 1, seconds)));
  report.tell({.name = "callouts_queued",
               .value = queued,
               .unit = "calls/s",
               .goal = Figure::Goal::at_least,
               .limit = 50'000});

  Echo echo;
  const ras::Call call = get();
  std::vector<double> medians;
  std::vector<double> tails;
  constexpr int kRounds = 5;
  for (int round = 0; round < kRounds; ++round) {
    const Times bare = measure(count, [&] { echo.round_trip(); });
    const Times lone = measure(count, [&] { BERTH_ASSERT(!module->call(call).failure); });
    report.note(
        fmt::format("a bare round trip: median {:.1f} us, p99 {:.1f} us; a Get in the "
                    "worker: {:.1f} and {:.1f} us",
                    bare.median * 1e6, bare.p99 * 1e6, lone.median * 1e6, lone.p99 * 1e6));
    medians.push_back(lone.median / bare.median);
    tails.push_back(lone.p99 / bare.p99);
  }
  report.tell({.name = "callout_lone",
               .value = median(medians),
               .unit = "round_trips",
               .goal = Figure::Goal::at_most,
               .limit = 1.5});
  report.tell({.name = "callout_lone_p99",
               .value = median(tails),
               .unit = "round_trips",
               .goal = Figure::Goal::at_most,
               .limit = 2});
}

}  // namespace berth::figures
