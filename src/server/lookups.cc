// lookups.cc - who is connected, who was, how full pools are, and why.
#include <boost/json/array.hpp>

#include "server/query.h"
#include "server/replies.h"
#include "server/routes.h"
#include "wire/json.h"
#include "wire/words.h"

namespace berth::server {

namespace json = boost::json;

namespace {

constexpr std::size_t kMostListed = 10'000;
constexpr std::size_t kListed = 100;

// {"leases": [...], "more": false}: `values` may hold one more than `limit`.
template <class T>
Reply list_reply(const char* name, std::vector<T>& values, std::size_t limit) {
  const bool more = values.size() > limit;
  if (more) values.resize(limit);
  json::array array;
  for (const T& each : values) array.push_back(to_json(each));
  return json_reply(json::object{{name, std::move(array)}, {"more", more}});
}

template <class T>
Reply list_reply(const char* name, Result<std::vector<T>> values, std::size_t limit) {
  return values ? list_reply(name, *values, limit) : refusal(values.error());
}

// What is asked of the past: an address or range at a time, or an owner in a span.
struct PastAsked {
  std::string address, user;
  std::optional<WallTime> at, from, until;
  Milliseconds window{};
  std::size_t limit = kListed;
};

Reply history_of(const Book& book, const PastAsked& past) {
  if (!past.user.empty()) {
    Span span{.limit = past.limit + 1};
    if (past.from) span.from = *past.from;
    if (past.until) span.until = *past.until;
    return list_reply("intervals", book.history(past.user, span), past.limit);
  }
  const Result<AnyRange> range = AnyRange::parse(past.address);
  if (!range) return refusal(range.error());
  const WallTime at = past.at.value_or(system_clock().wall());
  return list_reply("intervals", book.who_had(*range, at, past.window), past.limit);
}

}  // namespace

void get_leases(Service& service, Visit visit) {
  Query query(visit.asked);
  std::string user = query.text("user");
  std::string server = query.text("server");
  const std::size_t limit = query.count("limit", kListed, kMostListed);
  if (const Done done = query.finish(); !done) return visit.respond(refusal(done.error()));
  service.reply_patiently(std::move(visit.respond), [&book = service.book(), user = std::move(user),
                                                     server = std::move(server), limit] {
    return list_reply("leases", book.leases(user, server, limit + 1), limit);
  });
}

void get_lease(Service& service, Visit visit) {
  const Result<LeaseId> id = parse_lease_id(visit.parts[0]);
  if (!id) return visit.respond(refusal(id.error()));
  LeaseRef which;
  which.id = *id;
  const Result<Lease> lease = service.book().find(which);
  visit.respond(lease ? json_reply(to_json(*lease)) : refusal(lease.error()));
}

void get_pools(Service& service, Visit visit) {
  Query query(visit.asked);
  if (const Done done = query.finish(); !done) return visit.respond(refusal(done.error()));
  json::array pools;
  for (const PoolUse& each : service.book().pools()) pools.push_back(to_json(each));
  visit.respond(json_reply(json::object{{"pools", std::move(pools)}}));
}

void get_history(Service& service, Visit visit) {
  Query query(visit.asked);
  PastAsked past{.address = query.text("address"),
                 .user = query.text("user"),
                 .at = query.time("at"),
                 .from = query.time("from"),
                 .until = query.time("until"),
                 .window = query.duration("window"),
                 .limit = query.count("limit", kListed, kMostListed)};
  if (past.address.empty() == past.user.empty()) {
    query.fail("address", "either this or \"user\" must be there",
               "ask for address=10.8.0.7&at=TIME, or for user=NAME&from=TIME&until=TIME");
  } else if (past.user.empty() && (past.from || past.until)) {
    query.fail("from", "goes with \"user\"", "say at=TIME and window=DURATION with an address");
  } else if (past.address.empty() && (past.at || past.window.count() != 0)) {
    query.fail("at", "goes with \"address\"", "say from=TIME and until=TIME with a user");
  }
  if (const Done done = query.finish(); !done) return visit.respond(refusal(done.error()));
  service.reply_patiently(
      std::move(visit.respond),
      [&book = service.book(), past = std::move(past)] { return history_of(book, past); });
}

void get_explanation(Service& service, Visit visit) {
  Query query(visit.asked);
  const Request request{.user = query.text("user"),
                        .server = query.text("server"),
                        .port = query.text("port"),
                        .session = query.text("session"),
                        .groups = {},
                        .ipv4 = query.want("ipv4", Want::optional),
                        .ipv6 = query.want("ipv6", Want::optional),
                        .delegated = query.want("delegated", Want::optional)};
  if (const Done done = query.finish(); !done) return visit.respond(refusal(done.error()));
  const Result<Explanation> told = service.book().explain(request);
  visit.respond(told ? json_reply(to_json(*told)) : refusal(told.error()));
}

}  // namespace berth::server
