// worker_test.cc - modules that crash and hang in processes of their own, and what that costs.
#include "ras/worker.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ras/modules_for_tests.h"

namespace berth::ras::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class WorkerTest : public ::testing::Test {
 protected:
  void load(const std::string& name = "odd") {
    Loaded<LoadedModule> loaded =
        load_in_workers(module_path(name), Strictness::enforced, options_);
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    module_ = std::move(loaded->module);
  }
  Answer get(std::u16string user, const char* candidate = "10.0.0.1") {
    return module_->call({.callout = Callout::get_ipv4,
                          .user = std::move(user),
                          .port = u"VPN2-1",
                          .address = CalloutAddress(*Ipv4::parse(candidate))});
  }
  Answer accept(std::u16string user) {
    ConnectionFacts facts;
    facts.user = std::move(user);
    return module_->call({.callout = Callout::accept_connection, .connection = &facts});
  }
  // "crashed", "deadline", "off", or "answered".
  static std::string how(const Answer& answer) {
    if (!answer.failure) return "answered";
    constexpr const char* kNames[] = {"deadline", "crashed", "overran", "kept", "off"};
    return kNames[static_cast<std::size_t>(answer.failure->how)];
  }

  std::atomic<int> failures_told_ = 0;
  WorkerOptions options_{
      .program = worker_path(),
      .deadline = 20s,
      .start_deadline = 20s,
      .most_failures = 5,
      .failed = [this](const Module&, const Call&, const CallFailure&) { ++failures_told_; }};
  std::unique_ptr<Module> module_;
};

TEST_F(WorkerTest, AnswersAsTheModuleInThisProcessWould) {
  load();
  EXPECT_EQ(module_->face().style, Style::exports);
  EXPECT_TRUE(module_->has(Callout::get_ipv6));
  const Answer answer = get(u"192.0.2.9");
  EXPECT_EQ(answer.address.ipv4().to_string(), "192.0.2.9");
  EXPECT_TRUE(answer.notify_release);
  EXPECT_EQ(get(u"fail").result, 8U);
  EXPECT_EQ(accept(u"ana").result, 1U);
  EXPECT_EQ(accept(u"refused").result, 0U);
  EXPECT_EQ(failures_told_, 0);
}

TEST_F(WorkerTest, R122TheWorkerForAddressesNeedNotBeInitialised) {
  options_.addresses = Initialized::elsewhere;
  load("odd_needs_start");
  EXPECT_EQ(get(u"ana").result, 21U);
  EXPECT_EQ(accept(u"ana").result, 1U);
}

TEST_F(WorkerTest, R53R130ACheckedCalloutIsToldNoAndTheFunctionIsNamed) {
  load("odd_forbidden");
  const Answer got = get(u"forbidden");
  EXPECT_EQ(how(got), "answered");
  EXPECT_EQ(got.result, 1131U);
  EXPECT_EQ(got.administration, "MprAdminUserGetInfo");
  const Answer ipv6 = module_->call({.callout = Callout::get_ipv6, .user = u"forbidden"});
  EXPECT_EQ(ipv6.result, 1131U);
  EXPECT_EQ(ipv6.administration, "MprAdminUserGetInfo");
  const Answer accepted = accept(u"forbidden");
  EXPECT_EQ(accepted.result, 1U) << "the module was told 1131";
  EXPECT_EQ(accepted.administration, "MprAdminConnectionEnum");
  EXPECT_EQ(get(u"ana").administration, "") << "each callout is another";
}

TEST_F(WorkerTest, R130AFaithfulCalloutNeverReturns) {
  options_.manner = Manner::faithful;
  options_.deadline = 300ms;
  load("odd_forbidden");
  EXPECT_EQ(how(get(u"forbidden")), "deadline");
  EXPECT_EQ(how(accept(u"forbidden")), "deadline");
  EXPECT_EQ(how(module_->call({.callout = Callout::get_ipv6, .user = u"forbidden"})), "deadline");
  EXPECT_EQ(how(get(u"ana")), "answered");
}

TEST_F(WorkerTest, R131WhoWaitsForAnotherThreadNeverReturnsAndWhoPostsDoes) {
  options_.manner = Manner::faithful;
  options_.deadline = 300ms;
  load("odd_forbidden");
  EXPECT_EQ(how(get(u"waits")), "deadline");
  options_.deadline = 20s;
  load("odd_forbidden");
  const auto until = std::chrono::steady_clock::now() + 20s;
  Answer posted = get(u"posts");
  while (posted.result == 0 && std::chrono::steady_clock::now() < until) posted = get(u"posts");
  EXPECT_EQ(posted.result, 170U) << "the function has returned on its thread";
}

TEST_F(WorkerTest, R131ACheckedCalloutMayPost) {
  load("odd_forbidden");
  const Answer waited = get(u"waits");
  EXPECT_EQ(waited.result, 170U);
  EXPECT_EQ(waited.administration, "");
}

TEST_F(WorkerTest, R130InitializeIsACalloutToo) {
  const auto checked =
      load_in_workers(module_path("odd_forbidden_start"), Strictness::enforced, options_);
  ASSERT_TRUE(checked) << to_string(checked.error());
  EXPECT_THAT(
      checked->warnings,
      ::testing::Contains(AllOf(HasSubstr("MprAdminInitializeDll called MprAdminConnectionEnum"),
                                HasSubstr("R130"))));
  options_.manner = Manner::faithful;
  options_.start_deadline = 300ms;
  EXPECT_FALSE(load_in_workers(module_path("odd_forbidden_start"), Strictness::enforced, options_));
}

TEST_F(WorkerTest, R7EveryPointerMayBeNull) {
  load();
  ConnectionFacts facts;
  EXPECT_EQ(how(module_->call({.callout = Callout::get_ipv4, .nothing = true})), "crashed");
  EXPECT_EQ(how(module_->call(
                {.callout = Callout::accept_connection, .connection = &facts, .nothing = true})),
            "crashed");
  LinkFacts link;
  EXPECT_EQ(how(module_->call({.callout = Callout::accept_link, .link = &link, .nothing = true})),
            "answered");
}

TEST_F(WorkerTest, R14ATerminateThatDiesInEitherProcessIsTold) {
  load("odd_dies_at_end");
  EXPECT_EQ(how(module_->call({.callout = Callout::terminate})), "crashed");
  EXPECT_EQ(failures_told_, 2);
}

TEST_F(WorkerTest, R98RefusesWhatIsRefusedInTheWorker) {
  const auto loaded = load_in_workers(module_path("odd_no_link"), Strictness::enforced, options_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().rule, "R98");
  EXPECT_EQ(loaded.error().callout, "MprAdminLinkHangupNotification");
}

TEST_F(WorkerTest, AModuleThatDiesWhileItIsLoadedIsRefused) {
  const auto loaded =
      load_in_workers(module_path("odd_dies_at_start"), Strictness::enforced, options_);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().what, HasSubstr("its worker"));
}

TEST_F(WorkerTest, AProgramThatIsNoWorkerIsAnError) {
  options_.program = module_path("nothing");
  const auto loaded = load_in_workers(module_path("odd"), Strictness::enforced, options_);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().what, HasSubstr("cannot be started"));
}

TEST_F(WorkerTest, ACrashCostsTheCallThatItHadAndTheNextIsAnswered) {
  load();
  const Answer crashed = get(u"crash");
  EXPECT_EQ(how(crashed), "crashed");
  EXPECT_THAT(crashed.failure->what, HasSubstr("its worker"));
  EXPECT_EQ(failures_told_, 1);
  EXPECT_EQ(how(get(u"ana")), "answered");
  EXPECT_EQ(how(accept(u"crash")), "crashed");
  EXPECT_EQ(how(accept(u"ana")), "answered");
}

TEST_F(WorkerTest, R121ACrashInOneGroupIsNoneInTheOther) {
  options_.deadline = 300ms;
  load();
  std::thread hanging([this] { EXPECT_EQ(how(get(u"hang")), "deadline"); });
  for (int i = 0; i < 10; ++i) EXPECT_EQ(how(accept(u"ana")), "answered");
  hanging.join();
}

TEST_F(WorkerTest, R115R116R117CallsOfAGroupNeverOverlap) {
  load();
  const auto in_process = load_in_process(module_path("odd"), Strictness::enforced);
  ASSERT_TRUE(in_process);
  for (Module* module : {module_.get(), in_process->module.get()}) {
    std::atomic<int> wrong = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 6; ++i) {
      clients.emplace_back([&] {
        ConnectionFacts facts;
        facts.user = u"slow";
        for (int round = 0; round < 50; ++round) {
          const Answer got = module->call(
              {.callout = Callout::get_ipv4, .user = u"slow", .port = u"", .address = {}});
          const Answer gave = module->call(
              {.callout = Callout::release_ipv4, .user = u"slow", .port = u"", .address = {}});
          const Answer accepted =
              module->call({.callout = Callout::accept_connection, .connection = &facts});
          if (got.result != 0 || gave.failure || accepted.result != 1) ++wrong;
        }
      });
    }
    for (std::thread& each : clients) each.join();
    EXPECT_EQ(wrong, 0);
  }
}

TEST_F(WorkerTest, AHangCostsItsDeadlineAndThoseBehindItAreAnswered) {
  options_.deadline = 300ms;
  load();
  std::atomic<int> answered = 0;
  std::atomic<int> late = 0;
  std::vector<std::thread> callers;
  callers.emplace_back([&] { late += how(get(u"hang")) == "deadline" ? 1 : 0; });
  for (int i = 0; i < 20; ++i) {
    callers.emplace_back([&] { answered += how(get(u"ana")) == "answered" ? 1 : 0; });
  }
  for (std::thread& each : callers) each.join();
  EXPECT_EQ(late, 1);
  EXPECT_EQ(answered, 20);
}

TEST_F(WorkerTest, AModuleThatFailsAgainAndAgainIsSwitchedOff) {
  load();
  for (int i = 0; i < options_.most_failures; ++i) EXPECT_EQ(how(get(u"crash")), "crashed");
  const Answer off = get(u"ana");
  EXPECT_EQ(how(off), "off");
  EXPECT_THAT(off.failure->what, HasSubstr("5 failures in a row"));
}

TEST_F(WorkerTest, FailuresThatDoNotFollowEachOtherSwitchNothingOff) {
  load();
  for (int i = 0; i < 2 * options_.most_failures; ++i) {
    EXPECT_EQ(how(get(u"overrun")), "overran");
    EXPECT_EQ(how(get(u"ana")), "answered");
  }
}

TEST_F(WorkerTest, R6APointerThatIsKeptCostsTheCallInWhichItIsUsed) {
  load();
  EXPECT_EQ(how(get(u"keeps")), "answered");
  EXPECT_EQ(how(module_->call({.callout = Callout::release_ipv4, .user = u"keeps"})), "kept");
  EXPECT_EQ(get(u"ana", "10.0.0.7").address.ipv4().to_string(), "10.0.0.7");
}

TEST_F(WorkerTest, ManyCallersAreEachGivenTheirOwnAnswer) {
  load();
  std::atomic<int> right = 0;
  std::vector<std::thread> callers;
  for (int thread = 0; thread < 16; ++thread) {
    callers.emplace_back([&, thread] {
      for (int i = 0; i < 200; ++i) {
        const std::string candidate = "10.0." + std::to_string(thread) + "." + std::to_string(i);
        right += get(u"ana", candidate.c_str()).address.ipv4().to_string() == candidate ? 1 : 0;
      }
    });
  }
  for (std::thread& each : callers) each.join();
  EXPECT_EQ(right, 16 * 200);
}

}  // namespace
}  // namespace berth::ras::testing
