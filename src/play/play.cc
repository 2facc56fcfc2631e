// play.cc - the player: one thread that sends, waits, checks and counts.
#include "play/play.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <variant>
#include <vector>

#include "core/owner_name.h"
#include "core/policy.h"
#include "play/checker.h"
#include "play/lanes.h"
#include "play/mailbox.h"
#include "play/returns.h"

namespace berth::play {
namespace {

using Ticket = Lanes::Job;

constexpr Milliseconds kTickEvery{1'000};      // simulated; as often as a Book does for itself
constexpr int kMostTicks = 3'600;              // in one gap between events
constexpr Milliseconds kAwhile{20};            // real; between two looks at stopped()
constexpr Milliseconds kShowEvery{100};        // real
constexpr std::size_t kMostLive = 10'000'000;  // leases that are counted at the end

// An event that was read, until its answer has come.
struct Job {
  Event event;
  Connection connection;
  WallTime sent{};
  bool done = false;
};

// The world failed, not the request: nothing that follows can succeed.
bool is_fatal(Code code) {
  return code == Code::store_full || code == Code::store_unavailable ||
         code == Code::store_corrupt || code == Code::store_locked;
}

class Player {
 public:
  Player(Book& book, PlayClock& clock, EventSource& source, const Plan& plan, Policy policy,
         const PlayOptions& options);

  Result<Played> run();

 private:
  Done read_all();
  bool make_room(WallTime next);
  bool keep_pace(WallTime next);
  void move_clock();
  void enter(Event event);
  void send(Ticket ticket);
  void boot(const Event& event);
  void take_answers(Milliseconds wait, std::size_t wanted);
  void finish(Answer& answer);
  void take(const Job& job, const Result<Grant>& granted);
  void take(const Job& job, const Done& done);
  void refuse(const Job& job, const Error& error);
  void drain();
  bool is_stopped();

  [[nodiscard]] Connection connection_of(const Event& event) const;
  [[nodiscard]] Job& job(Ticket ticket) { return jobs_.at(ticket - oldest_); }
  [[nodiscard]] Request request_of(const Event& event) const;
  [[nodiscard]] Milliseconds elapsed() const { return real_.steady() - began_; }

  Book& book_;
  PlayClock& clock_;
  EventSource& source_;
  OwnerNamer namer_;
  Policy policy_;
  PlayOptions options_;
  Clock& real_;
  SteadyTime began_;
  SteadyTime shown_;

  // Jobs under way, oldest first, and those behind it that are done already.
  std::deque<Job> jobs_;
  Ticket oldest_ = 0;           // of jobs_.front()
  std::size_t unanswered_ = 0;  // jobs that were sent
  Lanes lanes_;
  // Shared with the callbacks: a thread of the Book may still be in put() when all is done here.
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  WallTime ticked_{};

  Checker checker_;
  Returns returns_;
  Played played_;
  std::optional<Error> fatal_;
};

Player::Player(Book& book, PlayClock& clock, EventSource& source, const Plan& plan, Policy policy,
               const PlayOptions& options)
    : book_(book),
      clock_(clock),
      source_(source),
      namer_(plan.owners),
      policy_(std::move(policy)),
      options_(options),
      real_(options.real != nullptr ? *options.real : system_clock()),
      began_(real_.steady()),
      shown_(began_),
      checker_(plan) {}

Result<Played> Player::run() {
  const Done read = read_all();
  drain();
  played_.failed = fatal_;
  if (!read) played_.failed = read.error();

  Result<std::vector<Lease>> live = book_.leases("", "", kMostLive);
  if (!live && !played_.failed) played_.failed = live.error();
  played_.live = live ? live->size() : 0;
  played_.returned = returns_.returned();
  played_.home = returns_.home();
  played_.doubles = checker_.doubles();
  played_.too_soon = checker_.too_soon();
  played_.first_fault = checker_.first_fault();
  played_.elapsed = elapsed();
  if (played_.events() > 0) played_.timeline.look(clock_.wall(), book_.pools());
  return std::move(played_);
}

Done Player::read_all() {
  while (!fatal_) {
    Event event;
    Result<bool> more = source_.next(event);
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
    if (event.kind == EventKind::boot) drain();
    if (!keep_pace(event.time) || !make_room(event.time) || is_stopped()) {
      played_.stopped = !fatal_;
      return {};
    }
    if (played_.events() == 0) played_.first = event.time;
    played_.last = event.time;
    played_.answers.at(static_cast<std::size_t>(event.kind)).events += 1;
    enter(std::move(event));
    take_answers(Milliseconds{0}, 1);
  }
  return {};
}

// Waits until an event of this time may be under way beside the oldest that is. Where time is
// the limit all that is under way is waited for: the next requests then go out together as well,
// and share a sync. Where the number is, half of it keeps the book busy.
bool Player::make_room(WallTime next) {
  if (jobs_.empty()) return true;
  const bool too_far = next - jobs_.front().event.time > options_.together;
  if (!too_far && jobs_.size() < options_.outstanding) return true;
  const std::size_t left = too_far ? 0 : jobs_.size() / 2;
  while (jobs_.size() > left && !fatal_) {
    if (is_stopped()) return false;
    take_answers(kAwhile, too_far ? unanswered_ : (unanswered_ + 1) / 2);
  }
  return !fatal_;
}

// Waits until this moment of simulated time has come in real time.
bool Player::keep_pace(WallTime next) {
  if (options_.speed <= 0 || played_.events() == 0) return true;
  const auto passed = static_cast<double>((next - played_.first).count());
  const SteadyTime due = began_ + Milliseconds(static_cast<std::int64_t>(passed / options_.speed));
  for (SteadyTime now = real_.steady(); now < due; now = real_.steady()) {
    if (is_stopped()) return false;
    take_answers(std::min(kAwhile, due - now), std::max<std::size_t>(1, unanswered_));
  }
  return true;
}

void Player::enter(Event event) {
  // Nothing is under way: time passes up to this event, second by second.
  if (jobs_.empty() && played_.events() > 1) {
    const Milliseconds gap = event.time - clock_.wall();
    const Milliseconds step = std::max(kTickEvery, gap / kMostTicks);
    while (event.time - clock_.wall() > step) {
      clock_.move_to(clock_.wall() + step);
      move_clock();
    }
  }
  if (event.kind == EventKind::boot) {
    clock_.move_to(event.time);
    boot(event);
    return;
  }
  const Ticket ticket = oldest_ + jobs_.size();
  std::vector<std::string> lanes;
  jobs_.push_back({.event = std::move(event)});
  Job& job = jobs_.back();
  job.connection = connection_of(job.event);
  lanes.push_back("connection " + job.connection.key);
  if (!job.connection.owner.empty()) lanes.push_back("owner " + job.connection.owner);
  if (!job.connection.exclusive_port.empty()) {
    lanes.push_back("port " + job.connection.server + '\n' + job.connection.exclusive_port);
  }
  move_clock();
  if (lanes_.enter(ticket, std::move(lanes))) send(ticket);
}

// The clock shows the oldest event under way. Whatever hangs on time happens on the way there.
void Player::move_clock() {
  if (!jobs_.empty()) clock_.move_to(jobs_.front().event.time);
  const WallTime now = clock_.wall();
  if (now - ticked_ >= kTickEvery) {
    book_.tick();
    ticked_ = now;
  }
  if (played_.timeline.is_due(now)) played_.timeline.look(now, book_.pools());
}

void Player::send(Ticket ticket) {
  Job& job = this->job(ticket);
  const Event& event = job.event;
  job.sent = clock_.wall();
  unanswered_ += 1;
  auto finished = [mailbox = mailbox_, ticket](Done done) {
    mailbox->put({ticket, std::move(done)});
  };

  if (event.kind == EventKind::connect) {
    book_.assign_async(request_of(event), [mailbox = mailbox_, ticket](Result<Grant> granted) {
      mailbox->put({ticket, std::move(granted)});
    });
    return;
  }
  LeaseRef which{.server = event.server,
                 .session = event.session,
                 .port = event.port,
                 .user = event.user,
                 .session_started = event.began};
  // Without a session id and a time, a message is about the latest session there was.
  if (event.session.empty() && !event.began) which.session_started = event.time;
  switch (event.kind) {
    case EventKind::confirm: book_.confirm_async(std::move(which), finished); return;
    case EventKind::renew: book_.renew_async(std::move(which), finished); return;
    case EventKind::disconnect:
      checker_.releasing(job.connection.key);
      book_.release_async(std::move(which), Cause::released, finished);
      return;
    case EventKind::connect:
    case EventKind::boot: break;
  }
  BERTH_ASSERT(!"an event that is not sent");
}

// Everything before it has been answered: a boot ends what began earlier and nothing else.
void Player::boot(const Event& event) {
  const std::string epoch = event.epoch.empty() ? format_time(event.time) : event.epoch;
  const Result<Booted> booted = book_.server_booted(event.server, epoch);
  const Job job{.event = event};
  if (!booted) return refuse(job, booted.error());
  played_.ended_by_boot += booted->ended;
  if (!booted->known) checker_.booted(event.server, {clock_.wall(), clock_.wall()});
}

void Player::take_answers(Milliseconds wait, std::size_t wanted) {
  for (Answer& answer : mailbox_->take(wait, wanted)) finish(answer);
  move_clock();
}

void Player::finish(Answer& answer) {
  Job& job = this->job(answer.job);
  std::visit([&](const auto& result) { take(job, result); }, answer.result);
  job.done = true;
  unanswered_ -= 1;
  for (Ticket next : lanes_.leave(answer.job)) send(next);
  while (!jobs_.empty() && jobs_.front().done) {
    jobs_.pop_front();
    ++oldest_;
  }
}

void Player::take(const Job& job, const Result<Grant>& granted) {
  if (!granted) return refuse(job, granted.error());
  const Moment moment{job.sent, clock_.wall()};
  const Connection& to = job.connection;
  returns_.granted(to.owner, *granted, checker_.is_connected(to.owner, to.key, moment));
  checker_.granted(to, *granted, moment);
  played_.most_open = std::max<std::uint64_t>(played_.most_open, checker_.open());
}

void Player::take(const Job& job, const Done& done) {
  const Moment moment{job.sent, clock_.wall()};
  const std::string& key = job.connection.key;
  const bool release = job.event.kind == EventKind::disconnect;
  if (!done) {
    if (release) checker_.release_refused(key);
    return refuse(job, done.error());
  }
  if (release) {
    checker_.released(key, moment);
  } else {
    checker_.alive(key, moment);
  }
}

void Player::refuse(const Job& job, const Error& error) {
  played_.answers.at(static_cast<std::size_t>(job.event.kind)).refused += 1;
  const auto [refusals, is_first] =
      played_.refusals.try_emplace({job.event.kind, error.code}, Refusals{0, error});
  refusals->second.count += 1;
  if (is_fatal(error.code) && !fatal_) fatal_ = error;
}

void Player::drain() {
  while (!jobs_.empty()) {
    is_stopped();  // shows how it stands; what is under way is waited for in any case
    take_answers(kAwhile, unanswered_);
  }
}

bool Player::is_stopped() {
  const SteadyTime now = real_.steady();
  if (options_.progress && now - shown_ >= kShowEvery) {
    shown_ = now;
    options_.progress({.events = played_.events(),
                       .time = clock_.wall(),
                       .open = checker_.open(),
                       .elapsed = elapsed(),
                       .part = source_.progress()});
  }
  return options_.stopped && options_.stopped();
}

// As the Book tells connections apart: lease.h.
Connection Player::connection_of(const Event& event) const {
  Connection connection{.server = event.server};
  const Result<OwnerName> name = namer_.name(event.user);
  connection.owner = name ? name->owner : event.user;
  if (policy_.server(event.server).exclusive_ports) connection.exclusive_port = event.port;
  connection.key = event.server + '\n';
  if (!event.session.empty()) {
    connection.key += "session " + event.session;
  } else {
    connection.key += "port " + event.port + '\n' + connection.owner;
  }
  return connection;
}

Request Player::request_of(const Event& event) const {
  const Wants wants = event.wants.value_or(options_.wants);
  return {.user = event.user,
          .server = event.server,
          .port = event.port,
          .session = event.session,
          .groups = event.groups,
          .ipv4 = wants.of[0],
          .ipv6 = wants.of[1],
          .delegated = wants.of[2]};
}

}  // namespace

std::uint64_t Played::events() const {
  std::uint64_t sum = 0;
  for (const Answers& kind : answers) sum += kind.events;
  return sum;
}

std::uint64_t Played::refused() const {
  std::uint64_t sum = 0;
  for (const Answers& kind : answers) sum += kind.refused;
  return sum;
}

Result<Played> play(Book& book, PlayClock& clock, EventSource& source, const Plan& plan,
                    const PlayOptions& options) {
  if (options.outstanding < 1 || options.outstanding > kMostOutstanding) {
    return fail(Code::invalid,
                std::to_string(options.outstanding) + " requests cannot be outstanding",
                "allow 1 to " + std::to_string(kMostOutstanding));
  }
  const bool can_be =
      options.speed == 0 || (options.speed >= kLeastSpeed && options.speed <= kMostSpeed);
  if (!can_be) {  // nor can what is not a number
    return fail(Code::invalid, "nothing can be played at this speed",
                "say 0.001 to 1000000 simulated seconds in a second");
  }
  Result<Policy> policy = Policy::compile(plan);
  if (!policy) return std::unexpected(policy.error());
  return Player(book, clock, source, plan, std::move(*policy), options).run();
}

}  // namespace berth::play
