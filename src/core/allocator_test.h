// allocator_test.h - an allocator whose proposals are durable at once, for the tests of it.
//
//   TEST_F(AllocatorTest, …) { EXPECT_EQ(address(request("ana", "1")), …); }
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/addresses_for_tests.h"
#include "core/allocator.h"

namespace berth::testing {

// One allocator on a clock that moves by hand; every proposal is settled at once unless a test
// keeps it. A journal is kept, so that it can be restarted with other settings.
class AllocatorTest : public ::testing::Test {
 protected:
  AllocatorTest() {
    plan_.pools = {ipv4_pool("main", "10.0.0.0/30")};
    plan_.servers.push_back(
        {.name = "ras*", .place = "", .exclusive_ports = true, .confirms = false});
  }

  Allocator& allocator() {
    if (!allocator_) {
      auto made = Allocator::make(plan_, SipKey{1, 2}, 0);
      EXPECT_TRUE(made) << made.error().what;
      allocator_ = *std::move(made);
    }
    return *allocator_;
  }
  OwnerName name(const std::string& user) const { return *OwnerNamer(plan_.owners).name(user); }

  Result<Proposal> propose(const Request& request) {
    return allocator().assign(request, name(request.user), now_);
  }
  Result<Grant> assign(const Request& request) {
    Result<Proposal> proposal = propose(request);
    if (!proposal) return std::unexpected(proposal.error());
    EXPECT_FALSE(proposal->blocked_on);
    make_durable(*proposal);
    return proposal->grant;
  }
  Ipv4 address(const Request& request) {
    const Result<Grant> grant = assign(request);
    EXPECT_TRUE(grant) << grant.error().what;
    return grant ? grant->addresses.ipv4.value_or(Ipv4()) : Ipv4();
  }
  Done settled(Result<Proposal> proposal) {
    if (!proposal) return std::unexpected(proposal.error());
    EXPECT_FALSE(proposal->blocked_on);
    make_durable(*proposal);
    return {};
  }
  Done release(const LeaseRef& which) {
    return settled(allocator().release(which, which.user.empty() ? "" : name(which.user).owner,
                                       Cause::released, now_));
  }
  Done confirm(const LeaseRef& which) {
    return settled(allocator().alive(which, which.user.empty() ? "" : name(which.user).owner,
                                     Sign::confirm, now_));
  }
  Done reserve(const std::string& user, const Addresses& addresses) {
    return settled(allocator().reserve(name(user), user, addresses));
  }
  std::size_t end_due() {
    std::size_t count = 0;
    for (;;) {
      const std::vector<Proposal> ends = allocator().due(now_, 16);
      if (ends.empty()) return count;
      for (const Proposal& end : ends) make_durable(end);
      count += ends.size();
    }
  }
  void make_durable(const Proposal& proposal) {
    allocator().settle(proposal, Settled::durable, now_);
    journal_.push_back(proposal.bytes);
  }
  // Another process begins with today's plan: its steady clock does so, too.
  void restart() {
    now_.steady = {};
    allocator_.reset();
    for (const std::string& bytes : journal_) ASSERT_TRUE(allocator().apply(bytes, now_));
  }
  void advance(Milliseconds by) {
    now_.wall += by;
    now_.steady += by;
  }

  Plan plan_;
  Moment now_{WallTime(Milliseconds(1'700'000'000'000)), SteadyTime(Milliseconds(1'000))};
  std::unique_ptr<Allocator> allocator_;
  std::vector<std::string> journal_;  // what is durable
};

inline Request request(std::string user, std::string session, std::string server = "nas") {
  return {.user = std::move(user), .server = std::move(server), .session = std::move(session)};
}
inline LeaseRef session(std::string id, std::string server = "nas") {
  return {.server = std::move(server), .session = std::move(id)};
}

}  // namespace berth::testing
