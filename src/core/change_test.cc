// change_test.cc - every step survives the way to bytes and back, and no other bytes pass.
#include "core/change.h"

#include <gtest/gtest.h>

#include "berth/plan.h"

namespace berth {
namespace {

WallTime at(std::int64_t millis) { return WallTime(Milliseconds(millis)); }

LeaseRecord some_lease() {
  LeaseRecord lease;
  lease.id = {0x0123456789abcdef};
  lease.generation = {42};
  lease.state = State::active;
  lease.key = KeyKind::port;
  lease.second = true;
  lease.owner = "ana@corp.example";
  lease.user = "CORP\\Ana";
  lease.server = "vpn1";
  lease.port = "VPN2-17";
  lease.session = "0x17";
  lease.addresses.ipv4 = Ipv4(0x0a080007);
  lease.addresses.ipv6 = Ipv6Prefix::host(Ipv6(0x20010db800000000, InterfaceId(7)));
  lease.addresses.delegated = Ipv6Prefix::around(Ipv6(0x20010db8ff000000, InterfaceId(0)), 56);
  lease.started = {at(1'000), at(1'000), at(1'000)};
  lease.renewed = at(9'000);
  lease.hold_time = 60s;
  lease.lease_time = 15min;
  return lease;
}

std::string bytes_of(const Step& step) {
  std::string bytes;
  ChangeWriter(bytes).add(step);
  return bytes;
}

void expect_same(const LeaseRecord& got, const LeaseRecord& want) {
  EXPECT_EQ(got.id, want.id);
  EXPECT_EQ(got.generation, want.generation);
  EXPECT_EQ(got.state, want.state);
  EXPECT_EQ(got.key, want.key);
  EXPECT_EQ(got.second, want.second);
  EXPECT_EQ(got.owner, want.owner);
  EXPECT_EQ(got.user, want.user);
  EXPECT_EQ(got.server, want.server);
  EXPECT_EQ(got.port, want.port);
  EXPECT_EQ(got.session, want.session);
  EXPECT_EQ(got.addresses, want.addresses);
  EXPECT_EQ(got.started, want.started);
  EXPECT_EQ(got.renewed, want.renewed);
  EXPECT_EQ(got.hold_time, want.hold_time);
  EXPECT_EQ(got.lease_time, want.lease_time);
}

// One of each, so that a test over all of them cannot forget one.
std::vector<Step> every_step() {
  return {Begin{some_lease()},
          End{some_lease(), at(99), Cause::taken_over, false, false, 77},
          Alive{{5}, {6}, at(7)},
          Boot{"vpn1", "epoch-3", {8}, at(9)},
          Reserve{"ana", "Ana", some_lease().addresses},
          Unreserve{"ana", some_lease().addresses},
          Cooled{"dial-in", Kind::delegated, 12},
          ClockStepped{at(100), at(50)},
          Erase{"ana", at(3)},
          Forget{at(1), at(2)},
          Rename{"Ana", "ANA", "ana"},
          Restored{at(1), at(2), true},
          RulesChanged{"fold=1"},
          Provided{{5},
                   {6},
                   Kind::ipv6,
                   true,
                   "corp.so",
                   "ana",
                   "Ana",
                   "vpn1",
                   "VPN2-17",
                   {.ipv4 = {}, .ipv6 = some_lease().addresses.ipv6, .delegated = {}}},
          Paid{{6}, Kind::ipv6}};
}

TEST(Change, EveryStepHasATestHere) {
  EXPECT_EQ(every_step().size(), std::variant_size_v<Step>);
  for (std::size_t i = 0; i < every_step().size(); ++i) EXPECT_EQ(every_step()[i].index(), i);
}

TEST(Change, EveryStepIsReadBackAsItWasWritten) {
  std::string all;
  for (const Step& step : every_step()) ChangeWriter(all).add(step);
  StepReader reader(all);
  for (const Step& want : every_step()) {
    Result<Step> got = reader.next();
    ASSERT_TRUE(got);
    ASSERT_EQ(got->index(), want.index());
    EXPECT_EQ(bytes_of(*got), bytes_of(want));
  }
  EXPECT_TRUE(reader.done());
}

TEST(Change, ALeaseKeepsEveryField) {
  const std::string bytes = bytes_of(Begin{some_lease()});
  Result<Step> step = StepReader(bytes).next();
  ASSERT_TRUE(step);
  expect_same(std::get<Begin>(*step).lease, some_lease());
}

TEST(Change, KindsThatBeganAtDifferentTimesKeepThem) {
  LeaseRecord lease = some_lease();
  lease.started = {at(1'000), at(1'250), at(70'000)};
  const std::string bytes = bytes_of(Begin{lease});
  Result<Step> step = StepReader(bytes).next();
  ASSERT_TRUE(step);
  expect_same(std::get<Begin>(*step).lease, lease);
}

TEST(Change, ACutStepIsCorrupt) {
  for (const Step& step : every_step()) {
    const std::string bytes = bytes_of(step);
    for (std::size_t length = 1; length < bytes.size(); ++length) {
      Result<Step> got = StepReader(std::string_view(bytes).substr(0, length)).next();
      ASSERT_FALSE(got) << "step " << step.index() << " cut at " << length;
      EXPECT_EQ(got.error().code, Code::store_corrupt);
    }
  }
}

TEST(Change, AnUnknownStepIsCorrupt) {
  EXPECT_FALSE(StepReader(std::string_view("\xff", 1)).next());
  EXPECT_FALSE(StepReader(std::string_view("\0", 1)).next());
}

TEST(Change, APrefixLengthOver128IsCorrupt) {
  std::string bytes = bytes_of(Reserve{"a", "a", {.delegated = Ipv6Prefix::around(Ipv6(), 56)}});
  bytes.back() = static_cast<char>(129);
  EXPECT_FALSE(StepReader(bytes).next());
}

}  // namespace
}  // namespace berth
