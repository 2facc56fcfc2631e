// rras_module_test.cc - whole days of a RAS side with Berth's module, alone and among others.
#include <filesystem>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rashost/host.h"
#include "rashost/trace.h"
#include "rras/module/installed_for_tests.h"

namespace berth::ras::testing {
namespace {

using rras::testing::Installed;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr const char* kSettings =
    "[[pool]]\nname = \"main\"\nipv4 = [\"10.8.0.0/24\"]\ncool_down = \"0s\"\n"
    "ipv6_identifiers = { prefix = \"2001:db8::/64\", choice = \"sequential\" }\n"
    "[rras]\nserver = \"ras1\"\ndeadline = \"30s\"\nlog = \"error\"\n";

// Where the sample module of the SDK stands, which gives addresses too.
enum class Others : std::uint8_t { none, before, after };

struct Way {
  const char* name;
  const char* module;
  Isolation isolation;
  Others others;
};
void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

// Sees that no address of its family has two holders, that a user has the same one as before, and
// that each is released once at most.
class Watcher {
 public:
  explicit Watcher(Family family) : family_(family) {}

  void see(const Made& made) {
    const bool ipv4 = family_ == Family::ipv4;
    const Call& call = made.call;
    if (call.callout == (ipv4 ? Callout::get_ipv4 : Callout::get_ipv6)) {
      if (made.answer.result == 0) got(call.user, made.answer.address.to_string(family_));
    } else if (call.callout == (ipv4 ? Callout::release_ipv4 : Callout::release_ipv6)) {
      released(call.user, call.address.to_string(family_));
    }
  }
  void everybody_is_gone() {
    holder_.clear();
    up_.clear();
  }
  [[nodiscard]] const std::set<std::string>& faults() const { return faults_; }
  [[nodiscard]] std::uint64_t same() const { return same_; }

 private:
  void got(const std::u16string& user, const std::string& address) {
    if (!holder_.emplace(address, user).second) faults_.insert(address + " has two holders");
    std::set<std::string>& mine = up_[user];
    if (mine.empty()) {
      const auto [last, first_time] = last_.emplace(user, address);
      if (!first_time && last->second != address) {
        faults_.insert("one user had " + last->second + " and now has " + address);
      }
      if (!first_time) ++same_;
    }
    mine.insert(address);
  }
  void released(const std::u16string& user, const std::string& address) {
    const auto held = holder_.find(address);
    if (held == holder_.end() || held->second != user) {
      faults_.insert(address + " is released by who does not hold it");
      return;
    }
    holder_.erase(held);
    up_[user].erase(address);
  }

  const Family family_;
  std::map<std::string, std::u16string> holder_;
  std::map<std::u16string, std::set<std::string>> up_;
  std::map<std::u16string, std::string> last_;
  std::set<std::string> faults_;
  std::uint64_t same_ = 0;
};

class RrasModule : public ::testing::TestWithParam<Way> {
 protected:
  Judged play(const std::string& text) {
    Registration registration;
    const std::string sample = std::filesystem::absolute(SDK_SAMPLE).string();
    if (GetParam().others == Others::before) registration.paths.push_back(sample);
    registration.paths.push_back(installed.module());
    if (GetParam().others == Others::after) registration.paths.push_back(sample);
    LoadOptions options{.isolation = GetParam().isolation,
                        .workers = {.program = std::filesystem::absolute(BERTH_WORKER).string(),
                                    .deadline = std::chrono::seconds(60),
                                    .start_deadline = std::chrono::seconds(60)}};
    Host host(
        registration, options,
        [this](std::uint64_t number, const Made& made) {
          lines.push_back(line_of(number, made).substr(7));
          watcher.see(made);
          watcher_of_ipv6.see(made);
        },
        [this](const std::string&) {
          watcher.everybody_is_gone();
          watcher_of_ipv6.everybody_is_gone();
        });
    const Result<Scenario> scenario = parse_scenario(text, "test");
    EXPECT_TRUE(scenario) << scenario.error().what;
    const Loaded<Judged> judged = host.play(*scenario);
    EXPECT_TRUE(judged) << to_string(judged.error());
    return judged ? *judged : Judged();
  }
  Installed installed{GetParam().module, kSettings};
  std::vector<std::string> lines;
  Watcher watcher{Family::ipv4};
  Watcher watcher_of_ipv6{Family::ipv6};
};

TEST_P(RrasModule, ALifeWithLinksLeavesAHistoryAndNothingHeld) {
  const Judged judged = play(
      "pool 192.0.2.1-192.0.2.9\n"
      "connect a user=ana port=VPN2-1 families=ipv4,ipv6 expect=up\n"
      "link a port=VPN2-2\n"
      "drop a port=VPN2-1\n"
      "reauthenticate a state=normal expect=up\n"
      "connect b user=bob port=VPN2-3 tunnel=ikev2 families=ipv4,ipv6 expect=up\n"
      "hang-up a\n"
      "connect a user=ana port=VPN2-1 families=ipv4,ipv6 expect=up\n");
  EXPECT_TRUE(judged.good()) << judged.findings.at(0);
  EXPECT_TRUE(watcher.faults().empty()) << *watcher.faults().begin();
  EXPECT_TRUE(watcher_of_ipv6.faults().empty()) << *watcher_of_ipv6.faults().begin();
  const std::unique_ptr<Book> book = installed.book();
  ASSERT_TRUE(book);
  EXPECT_TRUE(book->leases({}, {}, 10)->empty());
  const std::vector<Interval> anas = *book->history("ana", {});
  EXPECT_FALSE(anas.empty());
  for (const Interval& each : anas) EXPECT_EQ(each.cause, Cause::released);
}

TEST_P(RrasModule, ARefusedUserIsRefusedAndTheOthersGoOn) {
  installed.write(
      "[[pool]]\nname = \"main\"\nipv4 = [\"10.8.0.7\"]\ncool_down = \"0s\"\n"
      "[rras]\nserver = \"ras1\"\ndeadline = \"30s\"\nlog = \"error\"\n");
  const Judged judged = play(
      "connect a user=ana port=VPN2-1 ipv4=10.8.0.7\n"
      "connect b user=bob port=VPN2-2 expect=717\n"
      "connect c user=ana port=VPN2-1 expect=refused families=ipv6\n"
      "hang-up a\n"
      "connect b user=bob port=VPN2-2 ipv4=10.8.0.7\n");
  EXPECT_EQ(judged.finding_count, 0U) << judged.findings.at(0);
}

TEST_P(RrasModule, AKillEndsTheLeasesFromBeforeAndARestartFindsNone) {
  const Judged judged = play(
      "connect a user=ana port=VPN2-1 expect=up\n"
      "connect b user=bob port=VPN2-2 expect=up\n"
      "kill\n"
      "connect c user=eve port=VPN2-3 expect=up\n"
      "connect a user=ana port=VPN2-7 expect=up\n"
      "restart\n"
      "connect a user=ana port=VPN2-8 expect=up\n");
  EXPECT_TRUE(judged.good()) << judged.findings.at(0);
  EXPECT_TRUE(watcher.faults().empty()) << *watcher.faults().begin();
  EXPECT_TRUE(watcher_of_ipv6.faults().empty()) << *watcher_of_ipv6.faults().begin();
  EXPECT_EQ(watcher.same(), 2U);
  const std::unique_ptr<Book> book = installed.book();
  ASSERT_TRUE(book);
  const std::vector<Interval> bobs = *book->history("bob", {});
  ASSERT_EQ(bobs.size(), 1U);
  EXPECT_EQ(bobs[0].cause, Cause::server_boot);
}

INSTANTIATE_TEST_SUITE_P(
    Ways, RrasModule,
    ::testing::Values(
        Way{"TableInWorkers", BERTH_RRAS_MODULE, Isolation::workers, Others::none},
        Way{"TableInProcess", BERTH_RRAS_MODULE, Isolation::in_process, Others::none},
        Way{"NamesInWorkers", BERTH_RRAS_MODULE_BY_NAME, Isolation::workers, Others::none},
        Way{"NamesInProcess", BERTH_RRAS_MODULE_BY_NAME, Isolation::in_process, Others::none},
        Way{"BeforeAnotherInWorkers", BERTH_RRAS_MODULE, Isolation::workers, Others::after}),
    [](const auto& way) { return std::string(way.param.name); });

class RrasModuleBehind : public RrasModule {};

TEST_P(RrasModuleBehind, R37AnotherModuleThatComesFirstIsAskedAndTheStoreIsNotOpened) {
  const Judged judged = play(
      "connect a user=ana port=VPN2-1 families=ipv4,ipv6 ipv4=10.20.30.16\n"
      "link a port=VPN2-2\n"
      "connect m user=mallory port=VPN2-3 expect=refused\n"
      "hang-up a\n");
  EXPECT_TRUE(judged.good()) << judged.findings.at(0);
  EXPECT_THAT(lines, Contains(AllOf(HasSubstr("berth"), HasSubstr("ConnectionHangupNotification"),
                                    HasSubstr("\"ana\", 10.20.30.16, ::1010"))));
  EXPECT_FALSE(std::filesystem::exists(installed.store()));
}

INSTANTIATE_TEST_SUITE_P(Ways, RrasModuleBehind,
                         ::testing::Values(Way{"TableInWorkers", BERTH_RRAS_MODULE,
                                               Isolation::workers, Others::before},
                                           Way{"NamesInProcess", BERTH_RRAS_MODULE_BY_NAME,
                                               Isolation::in_process, Others::before}),
                         [](const auto& way) { return std::string(way.param.name); });

class RrasCrowd : public RrasModule {};

// A day in three acts: chance, a kill in the middle of many connections, chance again.
// Ten thousand connections in workers; in one process a thousand, of both families.
TEST_P(RrasCrowd, TenThousandConnectionsGetNoAddressTwiceAndEachUserHisOwn) {
  const bool isolated = GetParam().isolation == Isolation::workers;
  const int half = isolated ? 5000 : 500;
  const std::string chance = "random connections=" + std::to_string(half) +
                             " users=100 ports=32 families=ipv4" + (isolated ? "" : ",ipv6");
  std::string text = chance + " seed=7\n";
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    text += "connect c" + number + " user=user" + number + " port=VPN2-" + number +
            " families=ipv4,ipv6 expect=up\n";
  }
  text += "kill\n" + chance + " seed=8\n";
  const Judged judged = play(text);
  EXPECT_TRUE(judged.good()) << judged.findings.at(0);
  EXPECT_EQ(judged.came_up, static_cast<std::uint64_t>(2 * half + 40));
  EXPECT_TRUE(watcher.faults().empty()) << *watcher.faults().begin();
  EXPECT_TRUE(watcher_of_ipv6.faults().empty()) << *watcher_of_ipv6.faults().begin();
  EXPECT_GT(watcher.same(), static_cast<std::uint64_t>(half)) << "of those who came again";
  const std::unique_ptr<Book> book = installed.book();
  ASSERT_TRUE(book);
  EXPECT_TRUE(book->leases({}, {}, 10)->empty());
}

INSTANTIATE_TEST_SUITE_P(Ways, RrasCrowd,
                         ::testing::Values(Way{"InWorkers", BERTH_RRAS_MODULE, Isolation::workers,
                                               Others::none},
                                           Way{"InProcess", BERTH_RRAS_MODULE_BY_NAME,
                                               Isolation::in_process, Others::none}),
                         [](const auto& way) { return std::string(way.param.name); });

}  // namespace
}  // namespace berth::ras::testing
