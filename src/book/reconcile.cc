// reconcile.cc - a server lists its sessions: what the store has of them, and what it lacks.
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <unordered_set>

#include "book/local_book.h"
#include "core/kinds.h"
#include "store/rows.h"

namespace berth {
namespace {

constexpr std::size_t kMostGhosts = 10'000;
// Sessions on their way to the store at once: others must find room there, too.
constexpr std::size_t kMostUnderway = 4'096;

Request request_of(std::string_view server, const Session& session) {
  const auto want = [&](Kind kind) {
    return has(session.addresses, kind) ? Want::required : Want::no;
  };
  return {.user = session.user,
          .server = std::string(server),
          .port = session.port,
          .session = session.session,
          .groups = {},
          .ipv4 = want(Kind::ipv4),
          .ipv6 = want(Kind::ipv6),
          .delegated = want(Kind::delegated)};
}

// What says that the session cannot be listed, in contrast to the store that cannot be written.
bool is_about_the_session(Code code) {
  switch (code) {
    case Code::address_taken:
    case Code::foreign:
    case Code::stale:
    case Code::invalid: return true;
    default: return false;
  }
}

}  // namespace

// A list on its way through the pipeline. Answers come on any thread.
struct LocalBook::Listing {
  std::string_view server;
  std::span<const Session> sessions;
  std::vector<OwnerName> names;
  std::vector<std::optional<Result<Grant>>> answers;

  std::mutex mutex;
  std::condition_variable answered;
  std::size_t underway = 0;  // guarded by mutex

  void begin() {
    std::unique_lock lock(mutex);
    answered.wait(lock, [this] { return underway < kMostUnderway; });
    ++underway;
  }
  void end(std::size_t index, Result<Grant> answer) {
    const std::lock_guard lock(mutex);
    answers[index] = std::move(answer);
    --underway;
    answered.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex);
    answered.wait(lock, [this] { return underway == 0; });
  }
  Result<Proposal> propose(std::size_t index, Allocator& allocator, const Moment& now) const {
    return allocator.list(request_of(server, sessions[index]), names[index],
                          sessions[index].addresses, now);
  }
};

Result<std::vector<OwnerName>> LocalBook::check(std::string_view server,
                                                std::span<const Session> sessions) const {
  if (server.empty()) {
    return fail(Code::invalid, "the list names no server", "give the access server's name");
  }
  if (sessions.size() > kMostSessions) {
    return fail(Code::invalid, "the list has " + std::to_string(sessions.size()) + " sessions",
                "list at most " + std::to_string(kMostSessions));
  }
  std::vector<OwnerName> names;
  names.reserve(sessions.size());
  for (const Session& session : sessions) {
    const auto wrong = [&](Error error) {
      error.what = "session " + std::to_string(names.size() + 1) + " of the list: " + error.what;
      return std::unexpected(std::move(error));
    };
    if (session.addresses.empty()) {
      return wrong({Code::invalid, "it has no address", "leave out sessions without one"});
    }
    Result<OwnerName> name = check(request_of(server, session));
    if (!name) return wrong(std::move(name).error());
    names.push_back(*std::move(name));
  }
  return names;
}

Result<Listed> LocalBook::server_listed(std::string_view server,
                                        std::span<const Session> sessions) {
  Result<std::vector<OwnerName>> names = check(server, sessions);
  if (!names) return std::unexpected(names.error());
  Listing listing;
  listing.server = server;
  listing.sessions = sessions;
  listing.names = *std::move(names);
  listing.answers.resize(sessions.size());
  // Whoever connects from here on may be missing from the list.
  const Serial before = pipeline_.look(
      [](const Allocator& allocator, const Moment&) { return allocator.last_serial(); });
  list_all(listing);

  Listed listed;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const Result<Grant>& answer = *listing.answers[i];
    if (!answer) {
      if (!is_about_the_session(answer.error().code)) return std::unexpected(answer.error());
      listed.refused.push_back({i, answer.error()});
    } else if (std::ranges::find(answer->reasons, Reason::server_listed) != answer->reasons.end()) {
      listed.adopted.push_back(i);
    } else {
      ++listed.known;
    }
  }
  note_ghosts(listing, before, listed);
  const Result<Grant> done = pipeline_.run([&](Allocator& allocator, const Moment& now) {
    Proposal proposal = allocator.listed(server, now);
    listed.awaited = !proposal.blocked_on && !proposal.bytes.empty();
    return Result<Proposal>(std::move(proposal));
  });
  if (!done) return std::unexpected(done.error());
  return listed;
}

// Hands all sessions to the pipeline, so that many share a sync, and waits for the answers.
void LocalBook::list_all(Listing& listing) {
  for (std::size_t i = 0; i < listing.sessions.size(); ++i) {
    listing.begin();
    pipeline_.submit(
        [&listing, i](Allocator& allocator, const Moment& now) {
          return listing.propose(i, allocator, now);
        },
        [&listing, i](Result<Grant> answer) { listing.end(i, std::move(answer)); });
  }
  listing.wait();
  // More sessions of one owner than may wait for each other: those one by one.
  for (std::size_t i = 0; i < listing.sessions.size(); ++i) {
    if (*listing.answers[i] || listing.answers[i]->error().code != Code::busy) continue;
    listing.answers[i] = pipeline_.run([&](Allocator& allocator, const Moment& now) {
      return listing.propose(i, allocator, now);
    });
  }
}

void LocalBook::note_ghosts(const Listing& listing, Serial before, Listed& listed) const {
  std::unordered_set<std::uint64_t> seen;
  for (const auto& answer : listing.answers) {
    if (*answer) seen.insert((*answer)->id.value);
  }
  pipeline_.look([&](const Allocator& allocator, const Moment&) {
    // The lease of a session that was refused is none that the server does not know.
    for (const Listed::Refused& each : listed.refused) {
      const Session& session = listing.sessions[each.session];
      const Result<LeaseRecord> lease = allocator.find({.server = std::string(listing.server),
                                                        .session = session.session,
                                                        .port = session.port,
                                                        .user = session.user},
                                                       listing.names[each.session].owner);
      if (lease) seen.insert(lease->id.value);
    }
    allocator.each_lease({}, listing.server, [&](const LeaseRecord& lease) {
      if (lease.generation.value > before) return false;
      if (lease.state != State::active || seen.contains(lease.id.value)) return true;
      if (listed.ghosts.size() < kMostGhosts) listed.ghosts.push_back(lease_of(lease));
      ++listed.ghost_count;
      return true;
    });
  });
}

}  // namespace berth
