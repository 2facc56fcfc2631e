// pipeline.cc - group commit, parking, and the thread that looks after what is due.
#include "book/pipeline.h"

#include <algorithm>

namespace berth {
namespace {

// Wall time that moves this much more or less than steady time has been set by somebody.
constexpr Milliseconds kClockStep = 2s;
// How often the thread looks for what is due, on the machine's own clock.
constexpr auto kLookInterval = std::chrono::milliseconds(250);
// Marks of what has cooled, and the trimming of history, are not urgent.
constexpr Milliseconds kMarkInterval = 10s;
constexpr Milliseconds kTrimInterval = 10min;
constexpr Milliseconds kWatchInterval = 1s;
// Events that are kept to be told; a second brings more only where something is badly wrong.
constexpr std::size_t kMostNoticed = 1'000;
// Ends proposed under one hold of the lock.
constexpr std::size_t kMostEnds = 512;

Error too_many() {
  return {Code::busy,
          std::to_string(Pipeline::kMostWaiting) + " changes are waiting for the store already",
          "try again in a moment"};
}

Error too_many_for_one() {
  return {Code::busy,
          std::to_string(Pipeline::kMostWaitingForOne) +
              " changes are waiting already for the same owner, connection or port",
          "try again in a moment; see what asks so often for one user"};
}

Error always_late() {
  return {Code::conflict,
          "another node changed the same thing first, " + std::to_string(Pipeline::kMostTries) +
              " times",
          "try again in a moment"};
}

// `cause`: what the store said instead.
Error not_known(const Error& cause) {
  return {Code::store_unavailable,
          "the store did not say whether it wrote the change: " + cause.what,
          "try again: the same request gets the same lease"};
}

Error not_settled(const Error& cause) {
  return {Code::store_unavailable,
          "the store has not said yet whether it wrote an earlier change: " + cause.what,
          "try again in a moment; look after the disk if it stays so"};
}

}  // namespace

Pipeline::Pipeline(std::unique_ptr<Allocator> allocator, std::unique_ptr<Store> store,
                   const Plan& plan, Running running, WallTime newest)
    : running_(std::move(running)),
      store_(std::move(store)),
      keep_history_(plan.keep_history),
      allocator_(std::move(allocator)),
      last_{std::max(running_.clock.wall(), newest), running_.clock.steady()},
      watch_(plan) {
  thread_ = std::thread([this] { work(); });
}

Pipeline::~Pipeline() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_to_do_.notify_all();
  thread_.join();
}

// --- The way of a change ---

void Pipeline::submit(Propose propose_it, Complete complete, const Keep& keep) {
  Answers answers;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t before = open_.size();
    admit({.propose = std::move(propose_it),
           .keep = keep ? &keep : nullptr,
           .complete = std::move(complete)},
          answers);
    unattended_ += open_.size() - before;
    wake = !committing_ && unattended_ > 0;
  }
  if (wake) work_to_do_.notify_one();
  deliver(answers);
}

Result<Grant> Pipeline::run(Propose propose_it) {
  Waiter waiter;
  Answers none;
  Lock lock(mutex_);
  admit({.propose = std::move(propose_it), .complete = nullptr, .waiter = &waiter}, none);
  wait(lock, [&waiter] { return waiter.left == 0; });
  return answer_of(waiter);
}

Result<Grant> Pipeline::answer_of(Waiter& waiter) {
  if (waiter.failed) return std::unexpected(*std::move(waiter.failed));
  return *std::move(waiter.grant);
}

// Waits until `done` holds, and does the committing meanwhile where nobody else does.
void Pipeline::wait(Lock& lock, const std::function<bool()>& done) {
  while (!done()) {
    if (!committing_ && !open_.empty()) {
      commit_batch(lock);
    } else {
      batch_done_.wait(lock);
    }
  }
}

void Pipeline::admit(Job job, Answers& answers) {
  if (open_.size() + parked_count_ >= kMostWaiting) {
    return answer(job, std::unexpected(too_many()), answers);
  }
  propose(std::move(job), answers);
}

// Nothing new is proposed while the store has not said what it wrote.
Result<Proposal> Pipeline::proposed(Propose& propose_it) {
  if (!unknown_.empty()) return std::unexpected(not_settled(unknown_why_));
  return propose_it(*allocator_, now());
}

// Chooses, and holds what was chosen.
void Pipeline::propose(Job job, Answers& answers) {
  const std::optional<Key> turn = std::exchange(job.turn, std::nullopt);
  bool used = false;  // its turn: the next one waits for this job
  Result<Proposal> proposal = proposed(job.propose);
  if (!proposal) {
    answer(job, std::unexpected(std::move(proposal.error())), answers);
  } else if (proposal->blocked_on) {
    used = turn == proposal->blocked_on;  // another was quicker
    keep(job);
    park(std::move(job), *proposal->blocked_on, used, answers);
  } else if (proposal->bytes.empty()) {
    answer(job, proposal->grant, answers);
  } else if (job.draft != nullptr) {
    used = turn && std::ranges::find(proposal->keys(), *turn) != proposal->keys().end();
    job.draft->proposal_ = *std::move(proposal);
    answer(job, job.draft->proposal_.grant, answers);
  } else {
    used = turn && std::ranges::find(proposal->keys(), *turn) != proposal->keys().end();
    job.admitted = true;
    if (store_->is_shared()) {
      keep(job);
    } else if (std::exchange(job.keep, nullptr) != nullptr) {
      job.propose = nullptr;
    }
    open_.push_back({std::move(job), *std::move(proposal), 0});
  }
  if (turn && !used) wake(*turn);
}

// What may be proposed later must not refer to a caller who has returned by then.
void Pipeline::keep(Job& job) {
  if (job.keep != nullptr) job.propose = (*std::exchange(job.keep, nullptr))();
}

void Pipeline::park(Job job, Key key, bool first, Answers& answers) {
  std::deque<Job>& waiting = parked_[key];
  if (!job.admitted && waiting.size() >= kMostWaitingForOne) {
    return answer(job, std::unexpected(too_many_for_one()), answers);
  }
  job.admitted = true;
  if (first) {
    waiting.push_front(std::move(job));
  } else {
    waiting.push_back(std::move(job));
  }
  ++parked_count_;
}

void Pipeline::answer(Job& job, Result<Grant> answer, Answers& answers) {
  if (job.waiter != nullptr) {
    --job.waiter->left;
    if (answer) {
      job.waiter->grant = *answer;
    } else {
      job.waiter->failed = answer.error();
    }
  }
  if (job.complete) answers.push_back({std::move(job.complete), std::move(answer)});
}

void Pipeline::deliver(Answers& answers) {
  for (Answered& each : answers) each.complete(std::move(each.answer));
  answers.clear();
}

// Puts a change on its way that no caller asked for.
void Pipeline::write(std::string bytes) {
  if (bytes.empty()) return;
  Proposal proposal;
  proposal.bytes = std::move(bytes);
  open_.push_back({{}, std::move(proposal), 0});
  ++unattended_;
}

// Commits what is open, settles it and answers. Called with the lock, and returns with it; gives
// it up for the commit and for the callbacks.
void Pipeline::commit_batch(Lock& lock) {
  BERTH_ASSERT(!committing_ && !open_.empty());
  committing_ = true;
  std::vector<Entry> batch = take_batch();
  lock.unlock();

  std::vector<Commit> commits(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) commits[i].bytes = batch[i].proposal.bytes;
  store_->commit(commits);
  // What another node was first to is decided anew on what that node did.
  const bool late = std::ranges::any_of(
      commits, [](const Commit& each) { return each.outcome == Outcome::conflict; });
  Followed followed;
  if (late) followed = follow();

  lock.lock();
  Answers answers;
  answers.reserve(batch.size());
  const Moment moment = now();
  for (std::size_t i = 0; i < batch.size(); ++i) settle(batch[i], commits[i], moment, answers);
  if (late) try_again(batch, commits, followed, moment, answers);
  propose_ready(answers);
  committing_ = false;
  ++batches_;
  batch_done_.notify_all();
  if (unattended_ > 0 || !unknown_.empty()) work_to_do_.notify_one();
  if (answers.empty()) return;
  lock.unlock();
  deliver(answers);
  lock.lock();
}

// All that is open, or as much of it as one commit may hold.
std::vector<Pipeline::Entry> Pipeline::take_batch() {
  std::size_t take = 0;
  for (std::size_t bytes = 0;
       take < open_.size() && take < Store::kMaxCommits && bytes < kMaxBatchBytes; ++take) {
    bytes += open_[take].proposal.bytes.size();
  }
  std::vector<Entry> batch;
  if (take == open_.size()) {
    batch.swap(open_);
    open_.reserve(batch.size());
  } else {
    const auto end = open_.begin() + static_cast<std::ptrdiff_t>(take);
    batch.assign(std::make_move_iterator(open_.begin()), std::make_move_iterator(end));
    open_.erase(open_.begin(), end);
  }
  unattended_ = open_.size();
  return batch;
}

void Pipeline::settle(Entry& entry, const Commit& commit, const Moment& moment, Answers& answers) {
  switch (commit.outcome) {
    case Outcome::durable:
      finish(entry, Settled::durable, moment);
      answer(entry.job, entry.proposal.grant, answers);
      return;
    case Outcome::conflict: finish(entry, Settled::not_written, moment); return;  // try_again()
    case Outcome::unknown:
      // The answer must not wait until the disk is well again, nor must those who wait for this
      // change: they are told the same. The addresses must.
      answer(entry.job, std::unexpected(not_known(commit.error)), answers);
      unknown_why_ = commit.error;
      entry.job = {};
      entry.revision = commit.revision;
      let_go(entry.proposal);
      unknown_.push_back(std::move(entry));
      return;
    case Outcome::pending:
    case Outcome::refused:
      finish(entry, Settled::not_written, moment);
      answer(entry.job,
             std::unexpected(unknown_.empty() ? commit.error : not_settled(unknown_why_)), answers);
      return;
  }
}

Pipeline::Followed Pipeline::follow() {
  Followed followed;
  followed.complete = store_->follow([&followed](std::string_view bytes) -> Done {
    followed.changes.emplace_back(bytes);
    return {};
  });
  return followed;
}

// Another node was first: its changes first, then each that met them is chosen anew, before those
// who came later. Ours of this batch that are durable were applied already: another node may have
// built on them, they did not build on its.
void Pipeline::try_again(std::span<Entry> batch, std::span<const Commit> commits,
                         const Followed& followed, const Moment& moment, Answers& answers) {
  Done seen = followed.complete;
  for (const std::string& change : followed.changes) {
    if (Done applied = allocator_->apply(change, moment); !applied) {
      seen = std::move(applied);
      break;
    }
  }
  for (std::size_t i = batch.size(); i-- > 0;) {
    if (commits[i].outcome != Outcome::conflict) continue;
    Job& job = batch[i].job;
    if (!seen) {
      answer(job, std::unexpected(seen.error()), answers);
    } else if (job.propose && ++job.tries < kMostTries) {
      ready_.push_front(std::move(job));
    } else {  // what nobody asked for comes up again by itself
      answer(job, std::unexpected(always_late()), answers);
    }
  }
}

void Pipeline::finish(Entry& entry, Settled how, const Moment& moment) {
  allocator_->settle(entry.proposal, how, moment);
  let_go(entry.proposal);
}

// For each thing that is free now, one who waited for it is to be proposed again.
void Pipeline::let_go(const Proposal& proposal) {
  if (parked_count_ == 0) return;
  for (Key key : proposal.keys()) wake(key);
}

void Pipeline::wake(Key key) {
  const auto waiting = parked_.find(key);
  if (waiting == parked_.end()) return;
  ready_.push_back(std::move(waiting->second.front()));
  ready_.back().turn = key;
  waiting->second.pop_front();
  --parked_count_;
  if (waiting->second.empty()) parked_.erase(waiting);
}

void Pipeline::propose_ready(Answers& answers) {
  const std::size_t before = open_.size();
  while (!ready_.empty()) {
    Job job = std::move(ready_.front());
    ready_.pop_front();
    propose(std::move(job), answers);
  }
  unattended_ += open_.size() - before;  // whoever waits for these may have gone to sleep
}

// Asks the store what became of changes whose outcome it did not know. Until it answers, every
// new change is refused.
void Pipeline::settle_unknown(Lock& lock) {
  batch_done_.wait(lock, [this] { return !committing_; });
  if (unknown_.empty()) return;
  committing_ = true;
  lock.unlock();
  const Result<Revision> last = store_->settle();
  lock.lock();
  committing_ = false;
  batch_done_.notify_all();  // whoever waits may have something to commit
  if (!last) {
    unknown_why_ = last.error();
    return;
  }
  const Moment moment = now();
  // Nobody waits for these any more: they were told that it is not known.
  for (Entry& entry : unknown_) {
    allocator_->settle(entry.proposal,
                       entry.revision <= *last ? Settled::durable : Settled::not_written, moment);
  }
  unknown_.clear();
  if (unattended_ > 0) work_to_do_.notify_one();
}

// --- What is due ---

Done Pipeline::tick() {
  Lock lock(mutex_);
  if (!unknown_.empty()) settle_unknown(lock);
  mark_what_cooled();
  Done trimmed = trim_history(lock);
  Done ended = end_due(lock);
  if (unattended_ > 0 && !committing_) commit_batch(lock);  // what the house wrote down
  tell_events(lock);
  return ended ? trimmed : ended;
}

// Returns with nothing due that is not in somebody else's change.
Done Pipeline::end_due(Lock& lock) {
  for (;;) {
    if (!unknown_.empty()) return std::unexpected(not_settled(unknown_why_));
    std::vector<Proposal> ends = allocator_->due(now(), kMostEnds);
    if (ends.empty()) return {};
    Waiter waiter{.left = ends.size(), .grant = {}, .failed = {}};
    for (Proposal& end : ends) {
      open_.push_back({{.waiter = &waiter}, std::move(end), 0});
    }
    wait(lock, [&waiter] { return waiter.left == 0; });
    if (waiter.failed) return std::unexpected(*std::move(waiter.failed));
  }
}

Done Pipeline::end_doomed(const std::string& server) {
  Lock lock(mutex_);
  for (;;) {
    if (Done ended = end_due(lock); !ended) return ended;
    if (allocator_->doomed_on(server) == 0) return {};
    // The rest is in somebody else's change: see what becomes of it, then look again.
    wait(lock, [this, seen = batches_] { return batches_ != seen; });
  }
}

// --- The clocks and the thread ---

// The time, and a note in the journal when somebody has set the wall clock.
const Moment& Pipeline::now() {
  const Moment moment{running_.clock.wall(), std::max(running_.clock.steady(), last_.steady)};
  const WallTime expected = last_.wall + (moment.steady - last_.steady);
  last_ = moment;
  const Milliseconds off = moment.wall > expected ? moment.wall - expected : expected - moment.wall;
  if (off > kClockStep) {
    std::string bytes;
    ChangeWriter(bytes).add(Step(ClockStepped{expected, moment.wall}));
    write(std::move(bytes));
  }
  return last_;
}

void Pipeline::mark_what_cooled() {
  const Moment moment = now();
  if (!unknown_.empty() || moment.steady < next_mark_) return;
  next_mark_ = moment.steady + kMarkInterval;
  write(allocator_->cooled_marks(moment));
}

// Writes down that old history goes, if there is any.
Done Pipeline::trim_history(Lock& lock) {
  const Moment moment = now();
  if (!unknown_.empty() || keep_history_.count() == 0 || moment.steady < next_trim_) return {};
  next_trim_ = moment.steady + kTrimInterval;
  lock.unlock();
  const Result<std::optional<WallTime>> oldest = store_->oldest_end();
  lock.lock();
  if (!oldest) return std::unexpected(oldest.error());
  const WallTime before = moment.wall - keep_history_;
  if (!*oldest || **oldest >= before || !unknown_.empty()) return {};
  std::string bytes;
  ChangeWriter(bytes).add(Step(Forget{before, moment.wall}));
  write(std::move(bytes));
  return {};
}

void Pipeline::tell_events(Lock& lock) {
  const Moment moment = now();
  if (!running_.on_event || moment.steady < next_watch_) return;
  next_watch_ = moment.steady + kWatchInterval;
  std::vector<Event> events = std::exchange(noticed_, {});
  for (Event& each : watch_.look(*allocator_, moment.wall)) events.push_back(std::move(each));
  if (events.empty()) return;
  lock.unlock();
  for (const Event& event : events) running_.on_event(event);
  lock.lock();
}

void Pipeline::notice(const Event& event) {
  const std::lock_guard lock(mutex_);
  if (running_.on_event && noticed_.size() < kMostNoticed) noticed_.push_back(event);
}

void Pipeline::work() {
  auto next_look = std::chrono::steady_clock::now();
  Lock lock(mutex_);
  while (!stopping_ || committing_ || !open_.empty()) {
    if (!committing_ && (unattended_ > 0 || (stopping_ && !open_.empty()))) {
      commit_batch(lock);
      continue;
    }
    if (running_.upkeep == Upkeep::by_tick && !stopping_) {
      work_to_do_.wait(lock);
      continue;
    }
    work_to_do_.wait_for(lock, kLookInterval);
    if (stopping_ || std::chrono::steady_clock::now() < next_look) continue;
    next_look = std::chrono::steady_clock::now() + kLookInterval;
    lock.unlock();
    // A failure is the disk's, and was answered to those who asked; the next look tries again.
    static_cast<void>(tick());
    lock.lock();
  }
}

}  // namespace berth
