// promise_refusal_test.cc - promise 9: every refusal explains itself, and explain() tells why.
#include <algorithm>

#include "book/promise_test.h"

namespace berth::testing {
namespace {

TEST_P(Promise, EveryRefusalHasACodeASentenceAndARemedy) {
  plan.pools = {ipv4_pool("main", "10.0.0.1-10.0.0.2"), ipv4_pool("other", "10.0.1.1")};
  plan.rules = {{.name = "one",
                 .match = {.owners = {"ana"}},
                 .pools = {"main"},
                 .second_login = SecondLogin::refuse},
                {.name = "rest", .match = {.owners = {"bob", "eva", "kim"}}, .pools = {"main"}}};
  const auto ana = assign(session_request("ana", "1"));
  ASSERT_TRUE(ana);
  ASSERT_TRUE(assign(session_request("bob", "2")));
  ASSERT_TRUE(book().reserve("kim", {.ipv4 = ip("10.0.1.1")}));
  Request six = session_request("eva", "6");
  six.ipv6 = Want::required;

  const auto refused = [](const auto& answer, Code code) {
    ASSERT_FALSE(answer) << code_name(code);
    EXPECT_EQ(answer.error().code, code) << answer.error().what;
    EXPECT_FALSE(answer.error().what.empty());
    EXPECT_FALSE(answer.error().remedy.empty()) << answer.error().what;
    EXPECT_EQ(answer.error().what.find('\n'), std::string::npos);
  };
  refused(assign(session_request("eva", "3")), Code::pool_exhausted);
  refused(assign(session_request("ana", "4")), Code::second_login);
  refused(assign(session_request("lea", "5")), Code::no_pool);
  refused(assign(six), Code::no_pool);
  refused(assign(session_request("", "7")), Code::invalid);
  refused(assign(session_request("a\nb", "7")), Code::invalid);
  refused(assign({.user = "eva", .server = ""}), Code::invalid);
  refused(assign(session_request(std::string(64 << 10, 'a'), "7")), Code::invalid);
  refused(assign(session_request("eva", std::string(256, 's'))), Code::invalid);
  Request nothing = session_request("eva", "8");
  nothing.ipv4 = nothing.ipv6 = nothing.delegated = Want::no;
  refused(assign(nothing), Code::invalid);
  refused(release({}), Code::invalid);
  refused(release(session_ref("99")), Code::not_found);
  refused(release({.server = "nas", .session = "1", .kind = Kind::ipv6}), Code::not_found);
  refused(release({.id = ana->id, .user = "bob"}), Code::foreign);
  refused(release({.id = ana->id, .server = "other"}), Code::foreign);
  refused(release({.id = ana->id, .ipv4 = ip("10.0.0.2")}), Code::foreign);
  refused(release({.id = ana->id, .ipv6 = Ipv6(1)}), Code::foreign);
  refused(release({.id = ana->id, .generation = Generation{ana->generation.value + 1}}),
          Code::stale);
  refused(release({.id = ana->id, .session = "9"}), Code::stale);
  refused(release({.ipv4 = ana->addresses.ipv4, .session_started = clock.wall() - 1h}),
          Code::stale);
  refused(book().confirm(session_ref("99")), Code::not_found);
  refused(book().renew(session_ref("99")), Code::not_found);
  refused(book().reserve("eva", {.ipv4 = ip("10.0.1.1")}), Code::address_taken);
  refused(book().reserve("eva", {.ipv4 = ip("10.9.9.9")}), Code::address_taken);
  refused(book().reserve("eva", {}), Code::invalid);
  refused(book().unreserve("eva", {}), Code::not_found);
  refused(book().unreserve("kim", {.ipv4 = ip("10.0.0.1")}), Code::not_found);
  refused(book().erase_owner("ana"), Code::conflict);
  refused(book().server_booted("", "one"), Code::invalid);
}

TEST_P(Promise, AMessageAboutALeaseIsCheckedLikeARequest) {
  const auto grant = assign(session_request("ana", "1"));
  ASSERT_TRUE(grant);
  const auto wrong = [&](const LeaseRef& which, std::string_view about) {
    const auto check = [&](const auto& answer) {
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().code, Code::invalid) << answer.error().what;
      EXPECT_TRUE(answer.error().what.starts_with(about)) << answer.error().what;
      EXPECT_LT(answer.error().what.size(), 300U);
      EXPECT_FALSE(answer.error().remedy.empty());
    };
    check(book().confirm(which));
    check(book().renew(which));
    check(release(which));
    check(book().find(which));
    int told = 0;
    const auto finished = [&](const Done& answer) {
      check(answer);
      ++told;
    };
    book().confirm_async(which, finished);
    book().renew_async(which, finished);
    book().release_async(which, Cause::released, finished);
    EXPECT_EQ(told, 3) << "at once, in the call itself";
  };
  const std::string long_name(64 << 10, 'n');
  for (const std::string& name : {long_name, std::string("a\nb"), std::string("\xff")}) {
    wrong({.id = grant->id, .server = name}, "server name");
    wrong({.id = grant->id, .session = name}, "session id");
    wrong({.server = "nas", .session = name}, "session id");
    wrong({.id = grant->id, .port = name}, "port");
    wrong({.server = "nas", .port = name, .user = "ana"}, "port");
    wrong({.id = grant->id, .user = name}, "user name");
  }
  const std::string longest(255, 'n');
  EXPECT_EQ(code_of(release({.server = longest, .session = longest})), "not_found");
}

TEST_P(Promise, ARequestNamesSoManyGroupsAndNoMore) {
  Request request = session_request("ana", "1");
  request.groups.assign(kMaxGroups + 1, "staff");
  auto answer = assign(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::invalid);
  EXPECT_EQ(answer.error().what, "the request names 1025 groups");
  request.groups.pop_back();
  request.groups.back() = std::string(kMaxUserBytes + 1, 'g');
  EXPECT_EQ(ipv4(request), "invalid");
  request.groups.back().pop_back();
  EXPECT_EQ(ipv4(request), "10.0.0.1");
}

TEST_P(Promise, ExplainSaysWhatLedToTheAnswerAndChangesNothing) {
  plan.rules = {{.name = "staff", .match = {.owners = {"ana"}}, .pools = {"main"}}};
  ASSERT_TRUE(book().reserve("ana", {.ipv4 = ip("10.0.0.3")}));
  const std::string before = fingerprint();
  const auto explained = book().explain(session_request("ANA", "1"));
  const auto refused = book().explain(session_request("bob", "1"));
  EXPECT_EQ(fingerprint(), before);
  ASSERT_TRUE(explained && refused);
  EXPECT_EQ(explained->owner, "ana");
  EXPECT_EQ(explained->rule, "staff");
  const auto tells = [&](std::string_view what) {
    return std::any_of(explained->steps.begin(), explained->steps.end(),
                       [&](const std::string& step) { return step.contains(what); });
  };
  EXPECT_TRUE(tells("reservation: 10.0.0.3"));
  ASSERT_TRUE(explained->outcome);
  EXPECT_EQ(refused->outcome.error().code, Code::no_pool);

  Grant grant = *assign(session_request("ana", "1"));
  grant.id = {};
  grant.generation = {};
  EXPECT_EQ(*explained->outcome, grant) << "it says what assign then answers";
}

// Each step of the order of choice, in that order; and assign then answers the same.
class ExplainedStep : public Promise {
 protected:
  void expect(const Request& request, const std::string& step) {
    const auto explained = book().explain(request);
    ASSERT_TRUE(explained);
    EXPECT_TRUE(std::ranges::find(explained->steps, step) != explained->steps.end())
        << step << " is not in\n"
        << ::testing::PrintToString(explained->steps);
    Result<Grant> answer = assign(request);
    ASSERT_EQ(answer.has_value(), explained->outcome.has_value());
    if (!answer) {
      EXPECT_EQ(answer.error(), explained->outcome.error());
      return;
    }
    answer->id = {};
    answer->generation = {};
    EXPECT_EQ(*answer, *explained->outcome);
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, ExplainedStep, ::testing::Values(Kept::in_memory),
                         [](const auto& kept) { return ::testing::PrintToString(kept.param); });

TEST_P(ExplainedStep, TheSameConnection) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  expect(session_request("ana", "1"), "this connection has a lease already: it is answered again");
}

TEST_P(ExplainedStep, TheExclusivePort) {
  ASSERT_TRUE(assign(port_request("bob", "VPN2-1")));
  expect(port_request("ana", "VPN2-1"),
         "the lease of bob on ras with 10.0.0.1 would end: superseded");
}

TEST_P(ExplainedStep, TheSecondLogin) {
  ASSERT_TRUE(assign(session_request("ana", "1")));
  expect(session_request("ana", "2"), "ipv4, pool main: 10.0.0.2 is unused longest");
  restart();
  plan.second_login = SecondLogin::take_over;
  expect(session_request("ana", "3"),
         "the lease of ana on nas with 10.0.0.1 would end: taken_over");
  restart();
  plan.second_login = SecondLogin::refuse;
  expect(session_request("ana", "4"), "there are no rules: every pool may serve");
}

TEST_P(ExplainedStep, TheReservation) {
  ASSERT_TRUE(assign(session_request("bob", "1")));
  ASSERT_TRUE(book().reserve("ana", {.ipv4 = ip("10.0.0.1")}));
  expect(session_request("ana", "2"), "ipv4, reservation: 10.0.0.1 is not free yet");
  ASSERT_TRUE(book().reserve("eva", {.ipv4 = ip("10.0.0.4")}));
  expect(session_request("eva", "3"), "ipv4, reservation: 10.0.0.4");
}

TEST_P(ExplainedStep, TheLastAddress) {
  ASSERT_TRUE(assign(session_request("bob", "1")));
  ASSERT_TRUE(assign(session_request("ana", "2")));
  ASSERT_TRUE(release(session_ref("2")));
  expect(session_request("ana", "3"), "ipv4, last address: 10.0.0.2");
}

TEST_P(ExplainedStep, TheAddressThatTheServerProposes) {
  Request request = session_request("ana", "1");
  request.proposed_ipv4 = ip("10.0.0.3");
  expect(request, "ipv4, proposed: 10.0.0.3");
  request = session_request("bob", "2");
  request.proposed_ipv4 = ip("10.0.0.3");
  expect(request, "ipv4, proposed: 10.0.0.3 is not free for it");
}

TEST_P(ExplainedStep, TheFirstPoolThatHasOne) {
  plan.pools = {ipv4_pool("small", "10.0.1.1"), ipv4_pool("closed", "10.0.2.1"),
                ipv4_pool("main", "10.0.0.1")};
  plan.pools[1].intake = PoolPlan::Intake::hold_down;
  ASSERT_TRUE(assign(session_request("bob", "1")));
  expect(session_request("ana", "2"), "ipv4, pool small: is full");
  expect(session_request("eva", "3"), "ipv4, pool closed: takes nobody in");
}

TEST_P(ExplainedStep, TheIdentifierThatIsComputed) {
  plan.pools[0].ipv4.clear();
  plan.pools[0].identifiers = IdentifierPool{.prefix = prefix("2001:db8:a::/64"), .exclude = {}};
  const auto grant = assign(session_request("ana", "1"));
  ASSERT_TRUE(grant);
  ASSERT_TRUE(release(session_ref("1")));
  expect(session_request("ana", "2"),
         "ipv6, pool main: " + grant->addresses.ipv6->address().to_string() +
             "/128 is computed for this owner");
}

TEST_P(ExplainedStep, TheRuleThatDidNotMatch) {
  plan.rules = {{.name = "staff", .match = {.groups = {"staff"}}, .pools = {"main"}}};
  expect(session_request("ana", "1"), "staff: does not match by group");
}

}  // namespace
}  // namespace berth::testing
