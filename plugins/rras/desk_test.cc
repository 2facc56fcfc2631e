// desk_test.cc - who gets which address when RAS asks, on a store of SQLite.
#include "rras/desk.h"

#include <atomic>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rras/spool.h"

namespace berth::rras {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class DeskTest : public testing::Test {
 public:
  ~DeskTest() override {
    desk_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

 protected:
  DeskTest() {
    std::random_device seed;
    folder_ = std::filesystem::temp_directory_path() /
              ("berth-rras-" + std::to_string(seed()) + "-" + std::to_string(seed()));
    std::filesystem::create_directories(folder_);
    settings.store = (folder_ / "leases.db").string();
    settings.plan.pools = {pool("main", "10.0.0.1-10.0.0.4")};
    settings.plan.pools[0].identifiers =
        IdentifierPool{.prefix = *Ipv6Prefix::parse("2001:db8::/64"),
                       .place = {},
                       .choice = IdentifierPool::Choice::sequential,
                       .exclude = {}};
    settings.rras.deadline = 30s;
    settings.rras.log = LogLevel::debug;
  }

  static PoolPlan pool(std::string name, const std::string& range) {
    PoolPlan pool{.name = std::move(name), .place = {}, .ipv4 = {{*Ipv4Range::parse(range), ""}}};
    pool.cool_down = 0s;
    return pool;
  }
  static Address ipv4(const std::string& text) {
    return {Kind::ipv4, text.empty() ? 0 : Ipv4::parse(text)->bits()};
  }
  static Address ipv6(std::uint64_t bits = 0) { return {Kind::ipv6, bits}; }

  // A process begins with a desk of its own.
  Desk& desk() {
    if (!desk_) {
      desk_ = std::make_unique<Desk>(
          Surroundings{.settings = [this]() -> Result<Settings> {
                         if (!readable) return fail(Code::not_found, "there are none", "");
                         if (hold_up) hold_up();
                         return settings;
                       },
                       .server_name = [] { return "ras1"; },
                       .boot_epoch = [this] { return epoch; },
                       .own_addresses = [this] { return own; },
                       .stay_loaded = [this] { return std::make_shared<int>(++loads); }},
          log_);
    }
    return *desk_;
  }
  void end_process() { desk_.reset(); }

  std::string get(const std::string& user, const std::string& port,
                  const Address& candidate = {Kind::ipv4, 0}) {
    const auto answer = desk().get({user, port}, candidate);
    return answer ? answer->to_string()
                  : "error " + std::to_string(static_cast<std::uint32_t>(answer.error()));
  }
  void release(const std::string& user, const std::string& port, const Address& address) {
    desk().release({user, port}, address);
  }

  // What the book knows, once the desk has let it go.
  std::unique_ptr<Book> book() {
    end_process();
    Plan plan = settings.plan;
    plan.servers = {{.name = "ras1", .exclusive_ports = true, .confirms = false}};
    auto opened = Book::open(plan, {.path = settings.store});
    EXPECT_TRUE(opened) << opened.error().what;
    return *std::move(opened);
  }
  std::vector<Lease> live() { return *book()->leases({}, {}, 1000); }
  std::vector<Interval> history(const std::string& user) { return *book()->history(user, {}); }

  std::vector<std::string> told() {
    const std::lock_guard lock(mutex_);
    return {told_.begin(), told_.end()};
  }

  Settings settings;
  bool readable = true;
  std::function<void()> hold_up;
  std::string epoch = "boot 1";
  OwnAddresses own;
  int loads = 0;

 private:
  std::filesystem::path folder_;
  std::mutex mutex_;
  std::deque<std::string> told_;
  Log log_{[this](LogLevel, const std::string& text) {
    const std::lock_guard lock(mutex_);
    told_.push_back(text);
  }};
  std::unique_ptr<Desk> desk_;
};

// --- Addresses ---

TEST_F(DeskTest, ALeaseIsActiveFromGetOn) {
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
  const std::vector<Lease> leases = live();
  ASSERT_EQ(leases.size(), 1U);
  EXPECT_EQ(leases[0].state, State::active);
  EXPECT_EQ(leases[0].server, "ras1");
  EXPECT_EQ(leases[0].port, "VPN2-1");
}

TEST_F(DeskTest, R25TheAddressThatRasWouldGiveIsTakenWhereItIsFree) {
  EXPECT_EQ(get("ana", "VPN2-1", ipv4("10.0.0.3")), "10.0.0.3");
  EXPECT_EQ(get("bob", "VPN2-2", ipv4("10.0.0.3")), "10.0.0.1");
  EXPECT_EQ(get("cyd", "VPN2-3", ipv4("192.0.2.1")), "10.0.0.2");
  EXPECT_EQ(get("ana", "VPN2-1", ipv6(7)), "0:0:0:7");
}

TEST_F(DeskTest, R52TheSecondFamilyGrowsTheLeaseAndEachIsReleasedAlone) {
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
  EXPECT_EQ(get("ana", "VPN2-1", ipv6()), "0:0:0:1");
  std::vector<Lease> leases = live();
  ASSERT_EQ(leases.size(), 1U);
  EXPECT_EQ(leases[0].addresses.to_string(), "10.0.0.1 2001:db8::1/128");
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  leases = live();
  ASSERT_EQ(leases.size(), 1U);
  EXPECT_EQ(leases[0].addresses.to_string(), "2001:db8::1/128");
  release("ana", "VPN2-1", ipv6(1));
  EXPECT_TRUE(live().empty());
}

TEST_F(DeskTest, TheSameUserHasTheSameAddressEachTime) {
  get("eve", "VPN2-9");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.2");
    release("ana", "VPN2-1", ipv4("10.0.0.2"));
    EXPECT_EQ(get("bob", "VPN2-1"), "10.0.0.3");
    release("bob", "VPN2-1", ipv4("10.0.0.3"));
  }
}

TEST_F(DeskTest, R33AReleaseThatComesTwiceChangesNothing) {
  get("ana", "VPN2-1");
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  EXPECT_EQ(get("ana", "VPN2-2"), "10.0.0.1");
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  EXPECT_EQ(live().size(), 1U);
}

TEST_F(DeskTest, R40OnlyUserPortAndAddressTogetherGiveBack) {
  get("ana", "VPN2-1");
  release("bob", "VPN2-1", ipv4("10.0.0.1"));
  release("ana", "VPN2-2", ipv4("10.0.0.1"));
  release("ana", "VPN2-1", ipv4("10.0.0.2"));
  release("ana", "VPN2-1", ipv6(0x0a000001));
  EXPECT_EQ(live().size(), 1U);
}

TEST_F(DeskTest, R40ALateReleaseLeavesTheNewConnectionAlone) {
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1") << "she redialled before the old line dropped";
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  EXPECT_EQ(get("bob", "VPN2-2", ipv4("10.0.0.1")), "10.0.0.2") << "it is hers still";
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  EXPECT_EQ(live().size(), 1U);
  EXPECT_EQ(history("ana").size(), 2U);
}

TEST_F(DeskTest, ANewConnectionKeepsWhatItGotFirstWhicheverFamilyThatWas) {
  get("ana", "VPN2-1");
  get("ana", "VPN2-1", ipv6());
  EXPECT_EQ(get("ana", "VPN2-1", ipv6()), "0:0:0:1") << "a new connection, the old one unreleased";
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  release("ana", "VPN2-1", ipv6(1));
  std::vector<Lease> leases = live();
  ASSERT_EQ(leases.size(), 1U) << "those were of the old one";
  EXPECT_EQ(leases[0].addresses.to_string(), "10.0.0.1 2001:db8::1/128");
}

TEST_F(DeskTest, BothFamiliesOfANewConnectionAreReleasedAfterThoseOfTheOld) {
  for (int connection = 0; connection < 2; ++connection) {
    get("ana", "VPN2-1", ipv6());
    get("ana", "VPN2-1");
  }
  for (int connection = 0; connection < 2; ++connection) {
    release("ana", "VPN2-1", ipv6(1));
    release("ana", "VPN2-1", ipv4("10.0.0.1"));
  }
  EXPECT_TRUE(live().empty());
}

// --- Refusals ---

TEST_F(DeskTest, R26EachRefusalHasACodeOfItsOwn) {
  settings.plan.pools[0] = pool("main", "10.0.0.1");
  settings.plan.rules = {
      {.name = "few", .place = {}, .match = {.owners = {"ana", "bob"}}, .pools = {"main"}}};
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
  EXPECT_EQ(get("bob", "VPN2-2"), "error 717");
  EXPECT_EQ(get("eve", "VPN2-3"), "error 738");
  EXPECT_EQ(get("ana", "VPN2-1", ipv6()), "error 738");
  EXPECT_EQ(get("", "VPN2-4"), "error 87");
  EXPECT_EQ(get("a\tb", "VPN2-4"), "error 87");
  EXPECT_EQ(get(std::string(2000, 'a'), "VPN2-4"), "error 87");
  EXPECT_THAT(told(), Contains(HasSubstr("bob on VPN2-2 gets no address (pool_exhausted, error "
                                         "717)")));
}

TEST_F(DeskTest, R29TakeOverRefusesWithACodeOfItsOwn) {
  settings.plan.second_login = SecondLogin::refuse;
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
  EXPECT_EQ(get("ana", "VPN2-2"), "error 1238");
  end_process();
  settings.plan.second_login = SecondLogin::take_over;
  EXPECT_EQ(get("ana", "VPN2-2"), "error 1227");
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1") << "on its own port it is the same user's";
}

TEST_F(DeskTest, R28TheServersOwnAddressIsGivenToNobody) {
  own = {.ipv4 = {*Ipv4::parse("10.0.0.1")}, .identifiers = {InterfaceId(1)}};
  EXPECT_EQ(get("ana", "VPN2-1", ipv4("10.0.0.1")), "10.0.0.2");
  EXPECT_EQ(get("ana", "VPN2-1", ipv6(1)), "0:0:0:2");
  EXPECT_EQ(get("bob", "VPN2-2"), "10.0.0.3");
}

TEST_F(DeskTest, R28AnAddressThatBecomesTheServersOwnIsNotGivenAgain) {
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
  end_process();
  own = {.ipv4 = {*Ipv4::parse("10.0.0.1")}, .identifiers = {}};
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.2");
}

TEST_F(DeskTest, R28OneThatIsReservedForAUserIsRefusedAndNotLeftHeld) {
  ASSERT_TRUE(book()->reserve("ana", {.ipv4 = *Ipv4::parse("10.0.0.1")}));
  own = {.ipv4 = {*Ipv4::parse("10.0.0.1")}, .identifiers = {}};
  EXPECT_EQ(get("ana", "VPN2-1"), "error 735");
  EXPECT_TRUE(live().empty());
}

TEST_F(DeskTest, AddressesThatAreNotTheServersOwnAnyMoreAreGivenAgain) {
  settings.plan.pools[0].ipv4 = {{*Ipv4Range::parse("10.0.0.1-10.0.0.2"), ""}};
  own = {.ipv4 = {*Ipv4::parse("10.0.0.1"), *Ipv4::parse("192.0.2.1")}, .identifiers = {}};
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.2");
  EXPECT_EQ(get("bob", "VPN2-2"), "error 717");
  end_process();
  own = {.ipv4 = {*Ipv4::parse("192.0.2.1")}, .identifiers = {}};
  EXPECT_EQ(get("bob", "VPN2-2"), "10.0.0.1");
}

TEST_F(DeskTest, APoolOfPrefixesHasNothingForRras) {
  settings.plan.pools[0].identifiers.reset();
  settings.plan.pools[0].prefixes =
      PrefixPool{.from = {{*Ipv6Prefix::parse("2001:db8::/48"), ""}}, .exclude = {}};
  EXPECT_EQ(get("ana", "VPN2-1", ipv6()), "error 738");
  EXPECT_TRUE(live().empty()) << "what cannot be given is given back";
}

TEST_F(DeskTest, TwoPoolsThatCountIdentifiersAreRefused) {
  settings.plan.pools.push_back(pool("other", "10.0.1.0/24"));
  settings.plan.pools[1].identifiers = settings.plan.pools[0].identifiers;
  settings.plan.pools[1].identifiers->prefix = *Ipv6Prefix::parse("2001:db8:1::/64");
  EXPECT_EQ(get("ana", "VPN2-1"), "error 716");
  EXPECT_THAT(told(), Contains(HasSubstr("RRAS puts one prefix before both")));
}

TEST_F(DeskTest, WhatASettingSaysOfLeaseTimesAndConfirmingDoesNotHoldForRras) {
  settings.plan.lease_time = 1ms;
  settings.plan.hold_time = 1ms;
  settings.plan.servers = {
      {.name = "RAS*", .place = {}, .exclusive_ports = true, .confirms = true}};
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
  EXPECT_EQ(get("bob", "VPN2-2", ipv4("10.0.0.1")), "10.0.0.2");
  EXPECT_EQ(live().size(), 2U);
}

// --- Opening ---

TEST_F(DeskTest, R18NothingIsStartedBeforeTheFirstAddressCallout) {
  desk().service_starts();
  desk().close();
  EXPECT_EQ(loads, 0);
  EXPECT_FALSE(std::filesystem::exists(settings.store));
}

TEST_F(DeskTest, R122TheBookIsOpenedByTheFirstAddressCalloutEvenARelease) {
  get("ana", "VPN2-1");
  end_process();
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  EXPECT_EQ(loads, 2);
  EXPECT_TRUE(live().empty());
}

TEST_F(DeskTest, SettingsThatAreMissingRefuseUntilTheyAreThere) {
  readable = false;
  EXPECT_EQ(get("ana", "VPN2-1"), "error 716");
  readable = true;
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
}

TEST_F(DeskTest, ALockedStoreRefusesUntilItIsFree) {
  std::unique_ptr<Book> other = book();
  EXPECT_EQ(get("ana", "VPN2-1"), "error 32");
  EXPECT_THAT(told(), Contains(HasSubstr("which writes this store")));
  other.reset();
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
}

TEST_F(DeskTest, WhatIsReleasedWhileTheStoreIsLockedIsReleasedLater) {
  get("ana", "VPN2-1");
  std::unique_ptr<Book> other = book();
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  other.reset();
  get("bob", "VPN2-2");
  EXPECT_EQ(live().size(), 1U);
}

TEST_F(DeskTest, AStoreThatDoesNotOpenInTimeRefusesAndIsOpenLater) {
  std::mutex mutex;
  std::condition_variable changed;
  bool may_go = false;
  hold_up = [&] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return may_go; });
  };
  // Until the settings are read the deadline is the usual one.
  EXPECT_EQ(get("ana", "VPN2-1"), "error 1460");
  {
    const std::lock_guard lock(mutex);
    may_go = true;
  }
  changed.notify_all();
  desk().close();
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
}

TEST_F(DeskTest, WhatIsGrantedAfterTheDeadlineIsGivenBack) {
  settings.rras.deadline = 0s;
  const auto is_open = [this] {
    const std::vector<std::string> all = told();
    return std::ranges::count_if(all, [](const std::string& each) {
             return each.starts_with("gives addresses as ras1");
           }) != 0;
  };
  while (!is_open()) get("ana", "VPN2-1");
  int late = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string answer = get("ana", "VPN2-1");
    late += answer == "error 1460" ? 1 : 0;
    if (answer.starts_with("10.")) release("ana", "VPN2-1", ipv4(answer));
  }
  EXPECT_GT(late, 0);
  desk().close();  // finishes what is under way
  EXPECT_TRUE(live().empty());
}

TEST_F(DeskTest, ADeskThatWasClosedOpensAgain) {
  get("ana", "VPN2-1");
  desk().close();
  EXPECT_TRUE(std::unique_ptr<Book>(book())) << "nobody has the store";
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
}

// --- Boots ---

TEST_F(DeskTest, AStartOfTheServiceIsABootOnce) {
  get("ana", "VPN2-1");
  end_process();
  get("bob", "VPN2-2");
  EXPECT_EQ(live().size(), 2U) << "a process that was replaced is no boot";
  epoch = "boot 2";
  get("eve", "VPN2-3");
  get("cyd", "VPN2-4");
  EXPECT_EQ(live().size(), 2U);
  EXPECT_EQ(history("ana").front().cause, Cause::server_boot);
}

TEST_F(DeskTest, AStartThatFollowsNoStopIsABootToo) {
  get("ana", "VPN2-1");
  epoch = "boot 2";
  desk().service_starts();
  EXPECT_EQ(get("ana", "VPN2-7"), "10.0.0.1") << "it is hers, and free";
  const std::vector<Lease> leases = live();
  ASSERT_EQ(leases.size(), 1U);
  EXPECT_EQ(leases[0].port, "VPN2-7");
}

// --- What the notifications tell ---

class DeskHears : public DeskTest {
 protected:
  Spool spool() const { return Spool(Spool::path_of(settings.store)); }
};

TEST_F(DeskHears, R121AConnectionThatEndedWithoutAReleaseEndsWithItsTime) {
  get("ana", "VPN2-1");
  get("ana", "VPN2-1", ipv6());
  const WallTime accepted = system_clock().wall();
  end_process();
  ASSERT_TRUE(spool().add({.ended = accepted,
                           .accepted = accepted,
                           .seconds = 0,
                           .ipv4 = Ipv4::parse("10.0.0.1").value(),
                           .identifier = InterfaceId(1),
                           .user = "ana"}));
  epoch = "boot 2";
  get("bob", "VPN2-2");
  ASSERT_EQ(live().size(), 1U);
  for (const Interval& each : history("ana")) {
    EXPECT_EQ(each.cause, Cause::released) << "it had ended before the boot";
    EXPECT_EQ(each.ended, accepted);
  }
  EXPECT_EQ(std::filesystem::file_size(Spool::path_of(settings.store)), 0U);
}

TEST_F(DeskHears, AnEndOfAnEarlierConnectionLeavesTheLaterOneAlone) {
  get("ana", "VPN2-1");
  const WallTime accepted = system_clock().wall();
  while (system_clock().wall() == accepted) std::this_thread::yield();
  get("ana", "VPN2-1");
  ASSERT_TRUE(spool().add({.ended = system_clock().wall(),
                           .accepted = accepted,
                           .ipv4 = Ipv4::parse("10.0.0.1").value(),
                           .identifier = {},
                           .user = "ana"}));
  get("bob", "VPN2-2");
  EXPECT_EQ(live().size(), 2U);
}

TEST_F(DeskHears, AReleaseBehindTheEndOfItsConnectionIsNotTheNextOnes) {
  get("ana", "VPN2-1");
  ASSERT_TRUE(spool().add({.ended = system_clock().wall(),
                           .accepted = system_clock().wall(),
                           .ipv4 = Ipv4::parse("10.0.0.1").value(),
                           .identifier = {},
                           .user = "ana"}));
  EXPECT_EQ(get("ana", "VPN2-1"), "10.0.0.1");
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  EXPECT_EQ(live().size(), 1U);
}

TEST_F(DeskHears, AnEndWithoutItsBeginningCountsWhereItCanBeOneOnly) {
  get("ana", "VPN2-1");
  const Ended ended{.ended = system_clock().wall() + 1s,
                    .accepted = {},
                    .ipv4 = Ipv4::parse("10.0.0.1").value(),
                    .identifier = {},
                    .user = "ana"};
  get("ana", "VPN2-1");
  ASSERT_TRUE(spool().add(ended));
  EXPECT_EQ(get("bob", "VPN2-2", ipv4("10.0.0.1")), "10.0.0.2") << "either may have ended";
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  ASSERT_TRUE(spool().add(ended));
  get("bob", "VPN2-2");
  EXPECT_EQ(live().size(), 1U);
}

// --- Many ---

TEST_F(DeskTest, ManyThreadsGetNoAddressTwice) {
  settings.plan.pools[0] = pool("main", "10.0.0.0/24");
  constexpr int kThreads = 8;
  std::mutex mutex;
  std::set<std::uint64_t> held;
  std::atomic<int> faults = 0;
  std::vector<std::thread> threads;
  desk();
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 50; ++i) {
        const Holder who{"user" + std::to_string((thread + i) % 5),
                         "VPN2-" + std::to_string(thread)};
        const auto got = desk().get(who, ipv4(""));
        if (!got) {
          ++faults;
          continue;
        }
        {
          const std::lock_guard lock(mutex);
          if (!held.insert(got->bits).second) ++faults;
        }
        {
          const std::lock_guard lock(mutex);
          held.erase(got->bits);
        }
        desk().release(who, *got);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(faults, 0);
  EXPECT_TRUE(live().empty());
}

TEST_F(DeskTest, WhatIsLoggedSaysWhoGotWhatAndWhy) {
  get("ana", "VPN2-1");
  release("ana", "VPN2-1", ipv4("10.0.0.1"));
  get("ana", "VPN2-1");
  EXPECT_THAT(told(), Contains(HasSubstr("ana on VPN2-1 gets 10.0.0.1 (least_recent), lease")));
  EXPECT_THAT(told(), Contains(HasSubstr("ana on VPN2-1 gives 10.0.0.1 back")));
  EXPECT_THAT(told(), Contains(HasSubstr("ana on VPN2-1 gets 10.0.0.1 (last_address), lease")));
  end_process();
  settings.rras.log = LogLevel::information;
  get("bob", "VPN2-2");
  EXPECT_THAT(told(), Not(Contains(HasSubstr("bob"))));
}

}  // namespace
}  // namespace berth::rras
