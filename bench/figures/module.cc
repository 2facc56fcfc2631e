// module.cc - what Berth's own administration module costs beside the library that it carries.
//
// The module is loaded and called as RAS does, in this process; library and module have a SQLite
// file each, and settings that say the same.
#include <atomic>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "berth/book.h"
#include "figures/groups.h"
#include "figures/machine.h"
#include "figures/median.h"
#include "figures/raw_sqlite.h"
#include "figures/wide_plan.h"
#include <ras_admin_module.h>

namespace berth::figures {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCallers = 64;
constexpr std::size_t kUsersOfACaller = 1000;

// The names of one caller's users, in both spellings, who come and go in turns.
class Users {
 public:
  explicit Users(std::size_t caller)
      : port_(fmt::format("VPN2-{}", caller)), wide_port_(wide(port_)) {
    for (std::size_t i = 0; i < kUsersOfACaller; ++i) {
      names_.push_back(fmt::format("user-{}-{}@corp.example", caller, i));
      wide_names_.push_back(wide(names_.back()));
    }
  }
  void next() { now_ = (now_ + 1) % kUsersOfACaller; }
  [[nodiscard]] const std::string& name() const { return names_[now_]; }
  [[nodiscard]] const std::string& port() const { return port_; }
  [[nodiscard]] WCHAR* wide_name() { return wide_names_[now_].data(); }
  [[nodiscard]] WCHAR* wide_port() { return wide_port_.data(); }

 private:
  using Wide = std::vector<WCHAR>;
  static Wide wide(const std::string& ascii) {
    Wide all(ascii.begin(), ascii.end());
    all.push_back(0);
    return all;
  }

  std::string port_;
  Wide wide_port_;
  std::vector<std::string> names_;
  std::vector<Wide> wide_names_;
  std::size_t now_ = 0;
};

// Seconds of a connect, and of the disconnect behind it.
struct Seconds {
  double get = 0;
  double release = 0;
};

// Calls both, in turns; what they answer is an assertion.
template <class Get, class Release>
Seconds timed(Get&& get, Release&& release) {
  Stopwatch watch;
  get();
  const double got = watch.seconds();
  watch.restart();
  release();
  return {got, watch.seconds()};
}

// The module as an administrator installs it, and RAS loads it.
class Installed {
 public:
  explicit Installed(const std::string& folder) : folder_(folder + "/module") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    const fs::path file = folder_ / fs::path(BERTH_RRAS_MODULE).filename();
    fs::copy_file(BERTH_RRAS_MODULE, file);
    std::ofstream(folder_ / "berth.toml") << "store = \"leases.db\"\n"
                                             "[[pool]]\nname = \"all\"\nipv4 = [\"10.0.0.0/8\"]\n";
    handle_.reset(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL));
    BERTH_ASSERT(handle_);
    get_ = function<decltype(get_)>("MprAdminGetIpAddressForUser");
    release_ = function<decltype(release_)>("MprAdminReleaseIpAddress");
    BERTH_ASSERT(function<decltype(&MprAdminInitializeDll)>("MprAdminInitializeDll")() == NO_ERROR);
  }
  ~Installed() {
    BERTH_ASSERT(function<decltype(&MprAdminTerminateDll)>("MprAdminTerminateDll")() == NO_ERROR);
    handle_.reset();
    fs::remove_all(folder_);
  }
  Installed(const Installed&) = delete;
  Installed& operator=(const Installed&) = delete;

  Seconds pair(Users& users) const {
    users.next();
    DWORD address = 0;
    BOOL notify = FALSE;
    return timed(
        [&] {
          const DWORD code = get_(users.wide_name(), users.wide_port(), &address, &notify);
          BERTH_ASSERT(code == NO_ERROR && address != 0 && notify);
        },
        [&] { release_(users.wide_name(), users.wide_port(), &address); });
  }

 private:
  struct Unload {
    void operator()(void* handle) const { dlclose(handle); }
  };
  template <class F>
  [[nodiscard]] F function(const char* name) const {
    void* found = dlsym(handle_.get(), name);
    BERTH_ASSERT(found);
    return reinterpret_cast<F>(found);
  }

  fs::path folder_;
  std::unique_ptr<void, Unload> handle_;
  decltype(&MprAdminGetIpAddressForUser) get_ = nullptr;
  decltype(&MprAdminReleaseIpAddress) release_ = nullptr;
};

// The same of the library.
class Library {
 public:
  explicit Library(const std::string& folder) : folder_(folder) {
    remove_files(folder_, "library");
    auto book = Book::open(wide_plan(), {.path = folder + "/library.db"});
    BERTH_ASSERT(book);
    book_ = *std::move(book);
  }
  ~Library() {
    book_.reset();
    remove_files(folder_, "library");
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  Seconds pair(Users& users) const {
    users.next();
    const Request request{.user = users.name(),
                          .server = "this",
                          .port = users.port(),
                          .ipv4 = Want::required,
                          .ipv6 = Want::no,
                          .delegated = Want::no};
    LeaseRef which;
    return timed(
        [&] {
          const Result<Grant> grant = book_->assign(request);
          BERTH_ASSERT(grant);
          which = {.id = grant->id, .generation = grant->generation};
        },
        [&] {
          const Done done = book_->release(which);
          BERTH_ASSERT(done);
        });
  }

 private:
  std::string folder_;
  std::unique_ptr<Book> book_;
};

// Pairs a second of kCallers at once.
template <class Side>
double rate(const Side& side, std::vector<Users>& users, double seconds) {
  std::atomic<std::uint64_t> pairs = 0;
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  const Stopwatch watch;
  for (Users& mine : users) {
    threads.emplace_back([&] {
      std::uint64_t made = 0;
      for (; !stop; ++made) side.pair(mine);
      pairs += made;
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  for (std::thread& each : threads) each.join();
  return static_cast<double>(pairs.load()) / watch.seconds();
}

// Medians of one caller alone.
template <class Side>
Seconds lone(const Side& side, Users& users, double seconds) {
  std::vector<double> gets;
  std::vector<double> releases;
  for (const Stopwatch watch; watch.seconds() < seconds;) {
    const Seconds took = side.pair(users);
    gets.push_back(took.get);
    releases.push_back(took.release);
  }
  return {median(gets), median(releases)};
}

}  // namespace

void module(const Options& options, Report& report) {
  constexpr int kRounds = 10;
  const double seconds = options.quick ? 1 : 4;
  const Installed installed(options.folder);
  const Library library(options.folder);
  std::vector<Users> users;
  for (std::size_t i = 0; i < kCallers; ++i) users.emplace_back(i);
  rate(installed, users, 0.5);  // it opens its store at the first call

  std::vector<double> shares;
  for (int round = 0; round < kRounds; ++round) {  // whoever comes first has the calmer disk
    double of_library = round % 2 == 0 ? rate(library, users, seconds / 2) : 0;
    const double of_module = rate(installed, users, seconds / 2);
    if (round % 2 != 0) of_library = rate(library, users, seconds / 2);
    report.note(fmt::format("{} callers: {:.0f} Gets and Releases a second; the library {:.0f}",
                            kCallers, of_module, of_library));
    shares.push_back(100 * of_module / of_library);
  }
  report.tell({.name = "module_of_library",
               .value = median(shares),
               .unit = "percent",
               .goal = Figure::Goal::at_least,
               .limit = 80});

  remove_files(options.folder, "raw");
  RawLog raw(options.folder + "/raw.db");
  std::vector<double> gets;
  std::vector<double> releases;
  for (int round = 0; round < kRounds; ++round) {
    const double commit = median_seconds(seconds / 8, [&] { raw.append(1, bytes_a_row()); });
    const Seconds one = lone(installed, users[0], seconds / 4);
    const Seconds by_library = lone(library, users[0], seconds / 8);
    report.note(
        fmt::format("one caller: a Get {:.3f} ms, a Release {:.3f} ms; the library {:.3f} and "
                    "{:.3f} ms; one raw commit {:.3f} ms",
                    one.get * 1e3, one.release * 1e3, by_library.get * 1e3,
                    by_library.release * 1e3, commit * 1e3));
    gets.push_back(one.get / commit);
    releases.push_back(one.release / commit);
  }
  report.tell({.name = "module_get_lone",
               .value = median(gets),
               .unit = "raw_commits",
               .goal = Figure::Goal::at_most,
               .limit = 1.3});
  report.tell({.name = "module_release_lone",
               .value = median(releases),
               .unit = "raw_commits",
               .goal = Figure::Goal::at_most,
               .limit = 1.3});
  remove_files(options.folder, "raw");
}

}  // namespace berth::figures
