// local_book.cc - the calls of a Book, each in terms of the allocator and the store.
#include "book/local_book.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "book/intervals.h"
#include "core/kinds.h"
#include "store/rows.h"

namespace berth {
namespace {

// The times that can be asked for, and that an interval can have: 1970 to 9999.
constexpr WallTime kFirstTime{};
constexpr WallTime kLastTime =
    std::chrono::sys_days(std::chrono::year_month_day(
        std::chrono::year(9999), std::chrono::December, std::chrono::day(31))) +
    std::chrono::days(1);

// Whether an open interval may have begun before `until`. One that seems to begin later than now
// began before somebody set the clock back: nobody knows when, so it may be meant.
bool may_have_begun(WallTime started, WallTime until, const Moment& now) {
  return started < until || started > now.wall;
}

// Whether one of its intervals may.
bool may_have_begun(const LeaseRecord& record, WallTime until, const Moment& now) {
  return std::ranges::any_of(kAllKinds, [&](Kind kind) {
    return has(record.addresses, kind) &&
           may_have_begun(record.started[index_of(kind)], until, now);
  });
}

// The leases of the highest generations of those that are added, at most so many.
class Latest {
 public:
  explicit Latest(std::size_t most) : most_(most) {}

  void add(const LeaseRecord& record) {
    if (records_.size() == most_ && record.generation <= records_.front().generation) return;
    records_.push_back(record);
    std::ranges::push_heap(records_, later);
    if (records_.size() <= most_) return;
    std::ranges::pop_heap(records_, later);
    records_.pop_back();
  }
  [[nodiscard]] const std::vector<LeaseRecord>& records() const { return records_; }

 private:
  static bool later(const LeaseRecord& one, const LeaseRecord& other) {
    return one.generation > other.generation;
  }
  std::size_t most_;
  std::vector<LeaseRecord> records_;  // a heap, the earliest at its top
};

Done without_grant(const Result<Grant>& answer) {
  if (!answer) return std::unexpected(answer.error());
  return {};
}

// What can be done to a live lease, as change_lease() wants it.
Result<Proposal> confirming(Allocator& allocator, const LeaseRef& which, std::string_view owner,
                            const Moment& now) {
  return allocator.alive(which, owner, Sign::confirm, now);
}

Result<Proposal> renewing(Allocator& allocator, const LeaseRef& which, std::string_view owner,
                          const Moment& now) {
  return allocator.alive(which, owner, Sign::renew, now);
}

auto releasing(Cause cause) {
  return [cause](Allocator& allocator, const LeaseRef& which, std::string_view owner,
                 const Moment& now) { return allocator.release(which, owner, cause, now); };
}

Result<Proposal> written(const Step& step) {
  Proposal proposal;
  ChangeWriter(proposal.bytes).add(step);
  return proposal;
}

}  // namespace

// --- Checking what came in ---

Result<std::string> LocalBook::owner_of(std::string_view user) const {
  if (user.empty()) return std::string();
  Result<OwnerName> name = namer_.name(user);
  if (!name) return std::unexpected(name.error());
  return std::move(name->owner);
}

Done LocalBook::check(std::string_view server, std::string_view port, std::string_view session) {
  const Done checks[] = {check_text(server, kMaxServerBytes, "server name"),
                         check_text(port, kMaxPortBytes, "port"),
                         check_text(session, kMaxSessionBytes, "session id")};
  for (const Done& each : checks) {
    if (!each) return each;
  }
  return {};
}

Result<std::string> LocalBook::check(const LeaseRef& which) const {
  if (Done names = check(which.server, which.port, which.session); !names) {
    return std::unexpected(names.error());
  }
  return owner_of(which.user);
}

Result<OwnerName> LocalBook::check(const Request& request) const {
  if (request.server.empty()) {
    return fail(Code::invalid, "the request names no server", "give the access server's name");
  }
  if (request.groups.size() > kMaxGroups) {
    return fail(Code::invalid,
                "the request names " + std::to_string(request.groups.size()) + " groups",
                "name at most " + std::to_string(kMaxGroups));
  }
  if (Done names = check(request.server, request.port, request.session); !names) {
    return std::unexpected(names.error());
  }
  for (const std::string& group : request.groups) {
    if (Done good = check_text(group, kMaxUserBytes, "group"); !good) {
      return std::unexpected(good.error());
    }
  }
  return namer_.name(request.user);
}

// --- Changes ---

Result<Grant> LocalBook::assign(const Request& request) {
  const Result<OwnerName> name = check(request);
  if (!name) return std::unexpected(name.error());
  return pipeline_.run([&](Allocator& allocator, const Moment& now) {
    return allocator.assign(request, *name, now);
  });
}

void LocalBook::assign_async(Request request, Granted granted) {
  Result<OwnerName> name = check(request);
  if (!name) return granted(std::unexpected(name.error()));
  pipeline_.submit([&](Allocator& allocator,
                       const Moment& now) { return allocator.assign(request, *name, now); },
                   std::move(granted),
                   [&]() -> Pipeline::Propose {
                     return [request = std::move(request), name = *std::move(name)](
                                Allocator& allocator, const Moment& now) {
                       return allocator.assign(request, name, now);
                     };
                   });
}

template <class Change>
Done LocalBook::change_lease(const LeaseRef& which, Change change) {
  const Result<std::string> owner = check(which);
  if (!owner) return std::unexpected(owner.error());
  return without_grant(pipeline_.run([&](Allocator& allocator, const Moment& now) {
    return change(allocator, which, *owner, now);
  }));
}

template <class Change>
void LocalBook::change_lease_async(LeaseRef which, Change change, Finished finished) {
  Result<std::string> owner = check(which);
  if (!owner) return finished(std::unexpected(owner.error()));
  const auto at_once = [&](Allocator& allocator, const Moment& now) {
    return change(allocator, which, *owner, now);
  };
  pipeline_.submit(
      [&at_once](Allocator& allocator, const Moment& now) { return at_once(allocator, now); },
      [finished = std::move(finished)](const Result<Grant>& answer) {
        finished(without_grant(answer));
      },
      [&]() -> Pipeline::Propose {
        return [which = std::move(which), owner = *std::move(owner), change](Allocator& allocator,
                                                                             const Moment& now) {
          return change(allocator, which, owner, now);
        };
      });
}

Done LocalBook::confirm(const LeaseRef& which) { return change_lease(which, confirming); }

void LocalBook::confirm_async(LeaseRef which, Finished finished) {
  change_lease_async(std::move(which), confirming, std::move(finished));
}

Done LocalBook::renew(const LeaseRef& which) { return change_lease(which, renewing); }

void LocalBook::renew_async(LeaseRef which, Finished finished) {
  change_lease_async(std::move(which), renewing, std::move(finished));
}

Done LocalBook::release(const LeaseRef& which, Cause cause) {
  return change_lease(which, releasing(cause));
}

void LocalBook::release_async(LeaseRef which, Cause cause, Finished finished) {
  change_lease_async(std::move(which), releasing(cause), std::move(finished));
}

Result<Booted> LocalBook::server_booted(std::string_view server, std::string_view epoch) {
  if (server.empty()) {
    return fail(Code::invalid, "the boot names no server", "give the access server's name");
  }
  if (epoch.empty()) {
    return fail(Code::invalid, "the boot of " + std::string(server) + " names no epoch",
                "give any text that changes with each boot, such as when it began");
  }
  const Done checks[] = {check_text(server, kMaxServerBytes, "server name"),
                         check_text(epoch, kMaxServerBytes, "boot epoch")};
  for (const Done& each : checks) {
    if (!each) return std::unexpected(each.error());
  }
  Booted booted;
  const Result<Grant> answer = pipeline_.run([&](Allocator& allocator, const Moment& now) {
    Result<Proposal> proposal = allocator.boot(server, epoch, now);
    booted.known = proposal && !proposal->blocked_on && proposal->bytes.empty();
    return proposal;
  });
  if (!answer) return std::unexpected(answer.error());
  booted.ended = pipeline_.look([&](const Allocator& allocator, const Moment& /*now*/) {
    return allocator.doomed_on(server);
  });
  // Also for a known epoch: a restart may have come between a boot and its ends.
  if (Done ended = pipeline_.end_doomed(std::string(server)); !ended) {
    return std::unexpected(ended.error());
  }
  return booted;
}

Done LocalBook::reserve(std::string_view user, const Addresses& addresses) {
  const Result<OwnerName> name = namer_.name(user);
  if (!name) return std::unexpected(name.error());
  return without_grant(pipeline_.run([&](Allocator& allocator, const Moment& /*now*/) {
    return allocator.reserve(*name, user, addresses);
  }));
}

Done LocalBook::unreserve(std::string_view user, const Addresses& addresses) {
  const Result<OwnerName> name = namer_.name(user);
  if (!name) return std::unexpected(name.error());
  return without_grant(pipeline_.run([&](Allocator& allocator, const Moment& /*now*/) {
    return allocator.unreserve(name->owner, addresses);
  }));
}

Done LocalBook::erase_owner(std::string_view user) {
  const Result<OwnerName> name = namer_.name(user);
  if (!name) return std::unexpected(name.error());
  const Result<Grant> answer = pipeline_.run(
      [&](Allocator& allocator, const Moment& now) { return allocator.erase(name->owner, now); });
  if (!answer) return std::unexpected(answer.error());
  return pipeline_.store().scrub();
}

Result<std::uint64_t> LocalBook::forget_history(WallTime before) {
  Result<std::uint64_t> count = pipeline_.store().ended_before(before);
  if (!count) return count;
  const Result<Grant> answer = pipeline_.run([&](Allocator& /*allocator*/, const Moment& now) {
    return written(Forget{before, now.wall});
  });
  if (!answer) return std::unexpected(answer.error());
  if (Done gone = pipeline_.store().scrub(); !gone) return std::unexpected(gone.error());
  return count;
}

void LocalBook::tick() {
  // What could not be written stays due; the next tick tries again.
  static_cast<void>(pipeline_.tick());
}

// --- Looking ---

std::vector<Reservation> LocalBook::reservations() const {
  return pipeline_.look(
      [](const Allocator& allocator, const Moment& /*now*/) { return allocator.reservations(); });
}

Result<Lease> LocalBook::find(const LeaseRef& which) const {
  const Result<std::string> owner = check(which);
  if (!owner) return std::unexpected(owner.error());
  return pipeline_.look([&](const Allocator& allocator, const Moment& /*now*/) -> Result<Lease> {
    const Result<LeaseRecord> record = allocator.find(which, *owner);
    if (!record) return std::unexpected(record.error());
    return lease_of(*record);
  });
}

Result<std::vector<Lease>> LocalBook::leases(std::string_view user, std::string_view server,
                                             std::size_t limit) const {
  const Result<std::string> owner = owner_of(user);
  if (!owner) return std::unexpected(owner.error());
  return pipeline_.look([&](const Allocator& allocator, const Moment& /*now*/) {
    std::vector<Lease> leases;
    allocator.each_lease(*owner, server, [&](const LeaseRecord& record) {
      if (leases.size() == limit) return false;
      leases.push_back(lease_of(record));
      return true;
    });
    return leases;
  });
}

// Live leases first, then history: one that ends in between is seen twice and told once, never
// missed.
Result<std::vector<Interval>> LocalBook::who_had(const AnyRange& where, WallTime at,
                                                 Milliseconds window) const {
  // Far enough from the ends of the clock to add and subtract.
  at = std::clamp(at, kFirstTime, kLastTime);
  window = std::clamp(window, Milliseconds(0), kLastTime - kFirstTime);
  const WallTime until = at + window + Milliseconds(1);
  std::vector<Interval> found;
  pipeline_.look([&](const Allocator& allocator, const Moment& now) {
    // A wide range may hold millions: only the latest are told in full.
    Latest latest(Store::kMostIntervals);
    allocator.each_holder(where, [&](const LeaseRecord& record) {
      if (may_have_begun(record, until, now)) latest.add(record);
      return true;
    });
    for (const LeaseRecord& record : latest.records()) {
      for (Interval& each : open_intervals(record)) {
        if (may_have_begun(each.started, until, now) && holds(each.addresses, where)) {
          found.push_back(std::move(each));
        }
      }
    }
  });
  Result<std::vector<Interval>> ended = pipeline_.store().who_had(where, at, window);
  if (!ended) return ended;
  return merge(std::move(found), *std::move(ended), std::numeric_limits<std::size_t>::max());
}

Result<std::vector<Interval>> LocalBook::history(std::string_view user, const Span& span) const {
  const Result<OwnerName> name = namer_.name(user);
  if (!name) return std::unexpected(name.error());
  std::vector<Interval> found;
  const WallTime until = span.until.value_or(WallTime::max());
  pipeline_.look([&](const Allocator& allocator, const Moment& now) {
    allocator.each_lease(name->owner, {}, [&](const LeaseRecord& record) {
      for (Interval& each : open_intervals(record)) {
        if (may_have_begun(each.started, until, now)) found.push_back(std::move(each));
      }
      return true;
    });
  });
  Result<std::vector<Interval>> ended = pipeline_.store().history(name->owner, span);
  if (!ended) return ended;
  return merge(std::move(found), *std::move(ended), span.limit);
}

Result<Explanation> LocalBook::explain(const Request& request) const {
  const Result<OwnerName> name = check(request);
  if (!name) return std::unexpected(name.error());
  return pipeline_.look([&](Allocator& allocator, const Moment& now) {
    Explanation explanation{.owner = name->owner, .rule = {}, .steps = {}, .outcome = Grant{}};
    explanation.outcome =
        allocator.explain(request, *name, now, explanation.rule, explanation.steps);
    return explanation;
  });
}

std::vector<PoolUse> LocalBook::pools() const {
  return pipeline_.look(
      [](const Allocator& allocator, const Moment& /*now*/) { return allocator.uses(); });
}

std::string LocalBook::fingerprint() const {
  return pipeline_.look(
      [](const Allocator& allocator, const Moment& /*now*/) { return allocator.fingerprint(); });
}

Done LocalBook::backup(const std::string& path) const { return pipeline_.store().backup(path); }

}  // namespace berth
