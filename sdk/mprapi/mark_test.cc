// mark_test.cc - who is inside a callout is told no, and who is not goes on.
#include "mprapi/mark.h"

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace berth::mprapi {
namespace {

TEST(Mark, R131ACheckedCalloutIsToldNoAndTheFirstFunctionIsRemembered) {
  EXPECT_TRUE(may_call("before"));
  callout_begins(Manner::checking);
  EXPECT_FALSE(may_call("first"));
  EXPECT_FALSE(may_call("second"));
  EXPECT_STREQ(callout_ended(), "first");
  EXPECT_TRUE(may_call("after"));
  callout_begins(Manner::checking);
  EXPECT_EQ(callout_ended(), nullptr) << "each callout begins anew";
}

TEST(Mark, R131AnotherThreadMayCallWhileACalloutIsChecked) {
  callout_begins(Manner::checking);
  std::thread([] { EXPECT_TRUE(may_call("elsewhere")); }).join();
  EXPECT_EQ(callout_ended(), nullptr);
}

TEST(Mark, R131WhatWasPostedGoesOnWhenTheFaithfulCalloutHasReturned) {
  std::atomic<bool> ended = false;
  std::promise<void> began;
  callout_begins(Manner::faithful);
  std::future<bool> posted = std::async(std::launch::async, [&] {
    began.set_value();
    const bool may = may_call("posted");
    return may && ended;
  });
  began.get_future().wait();
  // A wrong function would be through by now, most of the time.
  EXPECT_EQ(posted.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  ended = true;
  EXPECT_EQ(callout_ended(), nullptr);
  EXPECT_TRUE(posted.get());
}

}  // namespace
}  // namespace berth::mprapi
