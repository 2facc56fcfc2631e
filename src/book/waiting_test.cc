// waiting_test.cc - those who wait for one owner, or for the store: all are told, none is
// forgotten, and there are never too many.
#include <atomic>
#include <future>

#include "book/promise_test.h"

namespace berth::testing {
namespace {

// A Pipeline on a store whose commits wait until they are let through.
class Waiting : public ::testing::Test {
 protected:
  Waiting() {
    plan_.pools = {ipv4_pool("main", "10.0.0.0/12")};
    plan_.servers = {{.name = "ras", .exclusive_ports = true, .confirms = false}};
  }

  // Stops the store in the commit of a first change of ana's, from port "first".
  void block() {
    pipeline_.emplace(*Allocator::make(plan_, {1, 2}, 0), *disk_.open(), plan_,
                      Running{clock_, Upkeep::by_tick});
    disk_.before_commit = [this, open = gate_.get_future().share()] {
      if (!entered_.exchange(true)) arrived_.set_value();
      open.wait();
    };
    ask(port_request("ana", "first"));
    arrived_.get_future().wait();
  }
  // Lets it go on, and returns when all have been told.
  void unblock() {
    gate_.set_value();
    pipeline_.reset();
  }

  void ask(Request request) {
    ++asked_;
    OwnerName name{request.user, {}};
    pipeline_->submit(
        [this, request = std::move(request), name = std::move(name)](Allocator& allocator,
                                                                     const Moment& now) {
          ++proposed_;
          return allocator.assign(request, name, now);
        },
        [this](const Result<Grant>& answer) {
          if (answer) {
            ++granted_;
          } else {
            EXPECT_FALSE(answer.error().remedy.empty());
            refusal_ = std::string(code_name(answer.error().code)) + ": " + answer.error().what;
          }
          ++told_;
        });
  }

  HandClock clock_;
  Disk disk_;
  Plan plan_;
  std::optional<Pipeline> pipeline_;
  std::promise<void> gate_;
  std::promise<void> arrived_;
  std::atomic<bool> entered_ = false;
  std::size_t asked_ = 0;
  std::atomic<std::size_t> proposed_ = 0;
  std::atomic<std::size_t> granted_ = 0;
  std::atomic<std::size_t> told_ = 0;
  std::string refusal_;  // the last one
};

TEST_F(Waiting, EachOfManyWhoWaitForOneOwnerIsProposedTwice) {
  block();
  for (std::size_t i = 0; i < 60; ++i) ask(session_request("ana", std::to_string(i)));
  unblock();
  EXPECT_EQ(granted_, asked_);
  EXPECT_EQ(proposed_, 1 + 2 * 60U) << "when it came, and when it was its turn";
}

TEST_F(Waiting, ThoseWhoWaitForOneConnectionAreAllToldAtOnce) {
  block();
  for (int i = 0; i < 60; ++i) ask(session_request("ana", "the same"));
  unblock();
  EXPECT_EQ(granted_, asked_);
  EXPECT_EQ(disk_.commits(), 2U);
}

TEST_F(Waiting, ARefusalIsTheNextOnesTurn) {
  plan_.second_login = SecondLogin::refuse;
  block();
  for (int i = 0; i < 60; ++i) ask(session_request("ana", std::to_string(i)));
  unblock();
  EXPECT_EQ(told_, asked_);
  EXPECT_EQ(granted_, 1U);
  EXPECT_TRUE(refusal_.starts_with("second_login")) << refusal_;
}

// Woken for the owner, it finds the port taken: the owner is free for the next.
TEST_F(Waiting, WhoMustWaitForSomethingElseLetsTheNextOnePass) {
  block();
  ask(port_request("bob", "second"));
  ask(port_request("ana", "second"));
  for (int i = 0; i < 5; ++i) ask(session_request("ana", std::to_string(i)));
  unblock();
  EXPECT_EQ(granted_, asked_);
}

TEST_F(Waiting, NobodyIsForgottenWhenTheStoreRefuses) {
  block();
  for (int i = 0; i < 60; ++i) ask(session_request("ana", std::to_string(i)));
  disk_.cut();
  unblock();
  EXPECT_EQ(told_, asked_);
  EXPECT_EQ(granted_, 0U);
  EXPECT_EQ(refusal_, "store_unavailable: the power is gone");
}

TEST_F(Waiting, NobodyIsForgottenAmongConflicts) {
  block();
  for (int i = 0; i < 60; ++i) ask(session_request(i % 2 == 0 ? "ana" : "bob", std::to_string(i)));
  disk_.faults.conflict = 500;
  unblock();
  EXPECT_EQ(told_, asked_);
  EXPECT_GT(granted_, 50U);
}

TEST_F(Waiting, OneOwnerCannotTakeThePlacesOfAll) {
  block();
  for (std::size_t i = 0; i < Pipeline::kMostWaitingForOne; ++i) {
    ask(session_request("ana", std::to_string(i)));
  }
  EXPECT_EQ(told_, 0U);
  ask(session_request("ana", "one too many"));
  EXPECT_EQ(told_, 1U);
  EXPECT_EQ(refusal_,
            "busy: 64 changes are waiting already for the same owner, connection or port");
  ask(session_request("bob", "another"));
  EXPECT_EQ(told_, 1U) << "others are served";
  unblock();
  EXPECT_EQ(told_, asked_);
  EXPECT_EQ(granted_, asked_ - 1);
}

TEST_F(Waiting, MoreThanTheStoreCanTakeAreToldThatItIsBusy) {
  block();
  for (std::size_t i = 0; i < Pipeline::kMostWaiting; ++i) {
    const std::string name = std::to_string(i);
    ask(session_request(name, name));
  }
  EXPECT_EQ(told_, 0U);
  ask(session_request("late", "late"));
  EXPECT_EQ(told_, 1U);
  EXPECT_EQ(refusal_, "busy: 65536 changes are waiting for the store already");
  disk_.cut();  // that is quicker
  unblock();
  EXPECT_EQ(told_, asked_);
}

}  // namespace
}  // namespace berth::testing
