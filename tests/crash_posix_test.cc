// crash_posix_test.cc - kill -9 at any instant: every acknowledged operation is there afterwards.
//
// A child process opens a Book and assigns and releases at full speed, from several threads. Each
// acknowledgement goes down a pipe, as it would to an access server. The parent kills the child
// after a random number of them, opens the same store, and compares. BERTH_CRASHES says how
// often: 500 when it is not set.
#include <array>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "berth/book.h"
#include "store/environment_for_tests.h"

namespace berth {
namespace {

constexpr std::uint64_t kThreads = 4;
constexpr std::uint64_t kUsersOfAThread = 8;
constexpr std::uint64_t kUsers = kThreads * kUsersOfAThread;

// What the child says of each operation that the Book has answered: less than PIPE_BUF, so it
// arrives whole or not at all.
struct Acknowledged {
  enum class What : std::uint32_t { ready, assigned, released };
  What what = What::ready;
  std::uint32_t user = 0;
  std::uint64_t id = 0;
  std::uint64_t generation = 0;
  std::uint32_t ipv4 = 0;
  std::uint32_t padding = 0;
};

std::string name_of(std::uint32_t user) { return "user" + std::to_string(user); }

Plan plan() {
  Plan plan;
  plan.pools.push_back(
      {.name = "all",
       .ipv4 = {{*Ipv4Range::parse("10.8.0.0/24"), ""}},
       .identifiers =
           IdentifierPool{
               *Ipv6Prefix::parse("2001:db8::/64"), "", IdentifierPool::Choice::stable, {}},
       .cool_down = Milliseconds(0)});
  plan.hold_time = std::chrono::hours(24);  // nothing ends by itself
  return plan;
}

// The child: assigns and releases until it is killed.
class Caller {
 public:
  Caller(Book& book, int pipe, std::uint32_t thread, std::uint64_t seed)
      : book_(book), pipe_(pipe), thread_(thread), chance_(seed) {}

  [[noreturn]] void call_for_ever() {
    for (;;) {
      const auto user =
          static_cast<std::uint32_t>(thread_ * kUsersOfAThread + chance_() % kUsersOfAThread);
      held_.contains(user) ? release(user) : assign(user);
    }
  }

 private:
  void assign(std::uint32_t user) {
    const std::string session = std::to_string(chance_());
    Result<Grant> grant =
        book_.assign({.user = name_of(user), .server = "vpn1", .session = session});
    if (!grant) stop(grant.error());
    held_[user] = {grant->id, grant->generation};
    say({Acknowledged::What::assigned, user, grant->id.value, grant->generation.value,
         grant->addresses.ipv4->bits()});
  }

  void release(std::uint32_t user) {
    const auto [id, generation] = held_[user];
    LeaseRef which;
    which.id = id;
    which.generation = generation;
    if (Done done = book_.release(which); !done) stop(done.error());
    held_.erase(user);
    say({Acknowledged::What::released, user, id.value, generation.value});
  }

  void say(const Acknowledged& what) const {
    if (write(pipe_, &what, sizeof what) != sizeof what) _exit(2);
  }
  [[noreturn]] static void stop(const Error& error) {
    std::fprintf(stderr, "%s\n", error.what.c_str());
    _exit(3);
  }

  Book& book_;
  int pipe_;
  std::uint32_t thread_;
  std::mt19937_64 chance_;
  std::map<std::uint32_t, std::pair<LeaseId, Generation>> held_;
};

[[noreturn]] void live(const std::string& path, int pipe, std::uint64_t seed) {
  Result<std::unique_ptr<Book>> book = Book::open(plan(), {.path = path});
  if (!book) {
    std::fprintf(stderr, "%s\n", book.error().what.c_str());
    _exit(4);
  }
  // What an earlier life left is released first: each life begins with nobody connected.
  const auto left = (*book)->leases("", "", kUsers * 2);
  for (const Lease& lease : *left) {
    LeaseRef which;
    which.id = lease.id;
    if (!(*book)->release(which)) _exit(5);
  }
  const Acknowledged ready;
  if (write(pipe, &ready, sizeof ready) != sizeof ready) _exit(2);
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] { Caller(**book, pipe, i, seed + i).call_for_ever(); });
  }
  for (std::thread& thread : threads) thread.join();
  _exit(0);
}

class Crash : public ::testing::Test {
 public:
  Crash() { std::filesystem::create_directories(folder_); }
  ~Crash() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

 protected:
  // One life. Returns how it ended, to be SIGKILL.
  int live_and_be_killed(std::uint64_t seed) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      live(path(), ends[1], seed);
    }
    close(ends[1]);
    acknowledged_.clear();
    std::mt19937_64 chance(seed);
    // One life in eight ends while the store is being opened.
    const std::size_t enough = chance() % 8 == 0 ? 0 : 1 + chance() % 300;
    Acknowledged what;
    while (acknowledged_.size() < enough && read(ends[0], &what, sizeof what) == sizeof what) {
      acknowledged_.push_back(what);
    }
    // Anywhere between two operations, or in the middle of opening.
    for (std::uint64_t spins = chance() % (enough == 0 ? 20'000'000 : 200'000); spins != 0;
         --spins) {
      asm volatile("");
    }
    kill(child, SIGKILL);
    // What it said before it died was said.
    while (read(ends[0], &what, sizeof what) == sizeof what) acknowledged_.push_back(what);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
  }

  // Nothing that was acknowledged is lost, and no address has two holders.
  void check() {
    Result<std::unique_ptr<Book>> book = Book::open(plan(), {.path = path()});
    ASSERT_TRUE(book) << book.error().what;
    std::map<std::uint64_t, Lease> live;
    std::set<std::uint32_t> addresses;
    const auto leases = (*book)->leases("", "", kUsers * 2);
    ASSERT_TRUE(leases) << leases.error().what;
    for (const Lease& lease : *leases) {
      live[lease.generation.value] = lease;
      ASSERT_TRUE(addresses.insert(lease.addresses.ipv4->bits()).second)
          << lease.addresses.to_string() << " has two holders";
    }
    std::map<std::uint64_t, Interval> ended;
    for (std::uint32_t user = 0; user < kUsers; ++user) {
      const auto history = (*book)->history(name_of(user), {.limit = 400});
      ASSERT_TRUE(history) << history.error().what;
      for (const Interval& each : *history) {
        if (each.ended) ended[each.generation.value] = each;
      }
    }
    for (const Acknowledged& each : acknowledged_) {
      if (each.what == Acknowledged::What::ready) continue;
      ++operations_;
      const bool is_live = live.contains(each.generation);
      const bool has_ended = ended.contains(each.generation);
      ASSERT_TRUE(is_live || has_ended) << name_of(each.user) << " lost lease " << each.id;
      if (each.what == Acknowledged::What::released) {
        ASSERT_FALSE(is_live) << name_of(each.user) << " holds released lease " << each.id;
      } else {
        const Addresses& held =
            is_live ? live[each.generation].addresses : ended[each.generation].addresses;
        ASSERT_EQ(held.ipv4->bits(), each.ipv4);
      }
    }
  }

  [[nodiscard]] std::string path() const { return (folder_ / "leases.db").string(); }

  std::vector<Acknowledged> acknowledged_;  // of the last life
  std::size_t operations_ = 0;              // acknowledged and checked, in all lives

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("berth-crash-" + std::to_string(getpid()));
};

TEST_F(Crash, LosesNothingThatWasAcknowledged) {
  const std::uint64_t crashes = testing::number_from_environment("BERTH_CRASHES", 500);
  const std::uint64_t seed = testing::number_from_environment("BERTH_SEED", std::random_device{}());
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (std::uint64_t crash = 0; crash < crashes; ++crash) {
    ASSERT_EQ(live_and_be_killed(seed + crash), SIGKILL);
    check();
    if (HasFailure()) FAIL() << "after crash " << crash;
  }
  EXPECT_GT(operations_, crashes * 50);
  RecordProperty("operations", static_cast<int>(operations_));
}

}  // namespace
}  // namespace berth
