// allocator_late_test.cc - messages that come too early, too late or about another session.
#include "core/allocator_test.h"

namespace berth::testing {
namespace {

TEST_F(AllocatorTest, ALateStopOfASessionLeavesANewerLeaseWithoutOneAlone) {
  const Request dial{.user = "ana", .server = "nas", .port = "7"};
  const WallTime began = now_.wall;
  ASSERT_TRUE(assign(dial));
  LeaseRef which{.server = "nas", .session = "A", .port = "7", .user = "ana"};
  ASSERT_TRUE(confirm(which)) << "the session had no id yet when the address was asked for";
  advance(1h);
  const Result<Grant> redial = assign(dial);
  ASSERT_TRUE(redial);
  EXPECT_EQ(redial->generation.value, 3U);

  which.session_started = began;
  const Done late = release(which);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::stale);
  EXPECT_EQ(allocator().live(), 1U);
  which.session_started = now_.wall;
  EXPECT_TRUE(release(which)) << "one that did not begin before the lease is the lease's own";
}

}  // namespace
}  // namespace berth::testing
