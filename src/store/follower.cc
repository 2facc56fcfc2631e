// follower.cc - take rows, apply them, tidy up; for as long as the store is open.
#include "store/follower.h"

#include <algorithm>

namespace berth {
namespace {

// Changes applied in one transaction at most: bounds its memory and how long it takes.
constexpr std::uint64_t kMostChanges = 120'000;
// How often what is waiting is made ready for lookups.
constexpr auto kDigestTime = std::chrono::milliseconds(100);
// After a failure to write the tables.
constexpr auto kRetryTime = std::chrono::milliseconds(500);
// Whoever erases asks for the cleaning up; after this long without, or after a failure, it is
// done unasked.
constexpr auto kCleanTime = std::chrono::seconds(10);
// The journal is rewritten when this much or less of it is left, so that nobody waits for long,
constexpr std::uint64_t kLittleLag = std::uint64_t{1} << 20;
// or after so many batches: others write faster than we follow.
constexpr int kMostCatchingUp = 10;

// What a row that waits costs in memory: its bytes and what stands around them.
std::uint64_t cost(const Tail& tail) { return tail.bytes.size() + 128; }

}  // namespace

Follower::Follower(Tables& tables, Journal& journal, std::mutex& appending, const Options& options)
    : tables_(tables), journal_(journal), appending_(appending), options_(options) {}

Follower::~Follower() { stop(); }

void Follower::start(std::vector<Tail> tails) {
  applied_ = tables_.applied();
  last_ = std::max<Revision>(last_, applied_);
  for (Tail& tail : tails) add(std::move(tail));
  found_ = last_;
  thread_ = std::thread([this] { run(); });
}

void Follower::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Follower::add(Tail tail) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    wake = queue_.empty() ||
           (last_ - applied_ < kMostChanges && tail.last() - applied_ >= kMostChanges);
    last_ = tail.last();
    queued_bytes_ += cost(tail);
    wake = wake || queued_bytes_ > options_.most_lag_bytes / 2;
    queue_.push_back(std::make_shared<const Tail>(std::move(tail)));
  }
  if (wake) changed_.notify_all();
}

Done Follower::wait_for_room() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return queued_bytes_ <= options_.most_lag_bytes || failure_; });
  if (queued_bytes_ <= options_.most_lag_bytes) return {};
  return std::unexpected(*failure_);
}

Done Follower::wait_for(Revision revision) {
  std::unique_lock lock(mutex_);
  urgent_ = std::max(urgent_, revision);
  hurry_ = true;
  const std::uint64_t begun = begun_;  // what fails must be an attempt that begins from here on
  changed_.notify_all();
  changed_.wait(lock, [&] { return applied_ >= revision || (failure_ && finished_ > begun); });
  if (applied_ >= revision) return {};
  return std::unexpected(*failure_);
}

Done Follower::scrub(Revision revision) {
  if (Done done = wait_for(revision); !done) return done;
  std::unique_lock lock(mutex_);
  const std::uint64_t ticket = ++scrubs_wanted_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return scrubs_done_ >= ticket; });
  if (scrubbed_) return {};
  return fail(scrubbed_.error().code,
              "it is done, but traces are still in the files: " + scrubbed_.error().what,
              "nothing: they are removed as soon as nobody is in the way (a long backup, export or "
              "look with sqlite3)");
}

void Follower::run() {
  recover_recent();
  std::unique_lock lock(mutex_);
  for (;;) {
    const Rows rows = next_rows(lock);
    const bool last_time = stop_;
    const std::uint64_t scrub = scrubs_wanted_;
    hurry_ = false;
    ++begun_;
    lock.unlock();
    if (!rows.empty()) apply(rows);
    tidy();
    const bool asked = scrub != scrubs_done_ && !forgetting_;  // else a slice more comes first
    const Done cleaned = asked || clean_up_is_due(last_time) ? clean_up() : Done{};
    lock.lock();
    if (asked) {
      scrubs_done_ = scrub;
      scrubbed_ = cleaned;
      changed_.notify_all();
    }
    if (last_time) return;
    if (failure_) changed_.wait_for(lock, kRetryTime, [this] { return stop_ || hurry_; });
  }
}

// Waits for a batch that is worth a transaction. None: there is something else to do.
Follower::Rows Follower::next_rows(std::unique_lock<std::mutex>& lock) {
  const auto hurried = [this] {
    return stop_ || scrubs_wanted_ != scrubs_done_ || urgent_ > applied_ ||
           last_ - applied_ >= kMostChanges || queued_bytes_ > options_.most_lag_bytes / 2;
  };
  // Nothing to do for a second: time to trim what the journal still has.
  const auto idle = std::chrono::seconds(merging_ || forgetting_ ? 0 : 1);
  changed_.wait_for(lock, idle, [&] { return hurried() || !queue_.empty(); });
  const auto until = std::chrono::steady_clock::now() + options_.batch_time;
  while (!queue_.empty() && !hurried() && std::chrono::steady_clock::now() < until) {
    changed_.wait_until(lock, std::min(until, std::chrono::steady_clock::now() + kDigestTime),
                        hurried);
    lock.unlock();
    digest();
    lock.lock();
  }
  return first_rows();
}

Follower::Rows Follower::first_rows() const {
  Rows rows;
  std::uint64_t changes = 0;
  for (const auto& row : queue_) {
    if (changes != 0 && changes + row->changes > kMostChanges) break;
    changes += row->changes;
    rows.push_back(row);
  }
  return rows;
}

void Follower::apply(const Rows& rows) {
  digest();
  const Revision owed = tables_.scrub_owed();
  tables_.begin();
  Done done;
  for (const auto& row : rows) {
    done = JournalRow::unpack(row->bytes,
                              [this](std::string_view change) { return tables_.apply(change); });
    if (!done) break;
  }
  if (done) {
    done = tables_.commit();
  } else {
    tables_.roll_back();
  }
  if (tables_.scrub_owed() != owed && tables_.scrub_owed() > found_) {
    clean_at_ = std::chrono::steady_clock::now() + kCleanTime;
  }
  const std::lock_guard lock(mutex_);
  finished_ = begun_;
  if (!done) {
    failure_ = done.error();
  } else {
    failure_.reset();
    for (const auto& row : rows) queued_bytes_ -= cost(*row);
    queue_.erase(queue_.begin(), queue_.begin() + std::ssize(rows));
    applied_ = tables_.applied();
  }
  changed_.notify_all();
}

// Failures here cost nothing but disk space, and the next round tries again.
void Follower::tidy() {
  if (const Result<bool> indexed = tables_.index_history(); indexed && *indexed) {
    const std::lock_guard lock(recent_mutex_);
    indexed_ = tables_.indexed();
    recent_.drop_up_to(indexed_);
  }
  const Result<bool> forgot = tables_.forget_history();
  forgetting_ = forgot && *forgot;
  forgot_ = forgot ? Done{} : std::unexpected(forgot.error());
  const Result<bool> merged = tables_.merge_history();
  merging_ = merged && *merged;
  (void)tables_.drop_forgotten_names();
  (void)journal_.copy_back(appending_);
  (void)tables_.copy_back();
  if (applied_ != last_) return;
  const std::lock_guard lock(appending_);
  if (journal_.has_applied_rows(applied_)) (void)journal_.trim(applied_);
}

// What a process before this one owed is due at once.
bool Follower::clean_up_is_due(bool last_time) const {
  return tables_.scrub_owed() != 0 && (last_time || std::chrono::steady_clock::now() >= clean_at_);
}

Done Follower::clean_up() {
  clean_at_ = std::chrono::steady_clock::now() + kCleanTime;
  const Revision owed = tables_.scrub_owed();
  Done cleaned = forgot_;
  if (cleaned) cleaned = tables_.clear_traces();
  catch_up();
  {
    const std::lock_guard lock(appending_);
    Done journal = journal_.trim(applied_);
    if (journal) journal = journal_.clear_traces();
    if (cleaned) cleaned = journal;
  }
  return cleaned ? tables_.scrubbed(owed) : cleaned;
}

// What was committed meanwhile, so that the journal is short.
void Follower::catch_up() {
  for (int i = 0; i < kMostCatchingUp; ++i) {
    Rows rows;
    {
      const std::lock_guard lock(mutex_);
      if (queued_bytes_ <= kLittleLag) return;
      rows = first_rows();
    }
    apply(rows);
  }
}

Done Follower::look(const Look& look) {
  recover_recent();
  digest();
  Revision needed = 0;
  {
    const std::lock_guard lock(recent_mutex_);
    needed = whole_tables_;
  }
  if (needed > applied_) {
    if (Done done = wait_for(needed); !done) return done;
  }
  const std::lock_guard lock(recent_mutex_);
  look({recent_, clock_steps_, indexed_});
  return {};
}

// What the tables have that is in no index yet: before the thread changes them, or when somebody
// looks.
void Follower::recover_recent() {
  std::call_once(recovered_, [this] {
    const std::lock_guard lock(recent_mutex_);
    indexed_ = tables_.indexed();
    recent_.start_behind(tables_.sequence());
    Statement rows = tables_.database().prepare(std::string(kSelectInterval) +
                                                "WHERE i.sequence > ? ORDER BY i.sequence");
    rows.with(indexed_);
    while (rows.step()) recent_.add(to_interval(rows));
    recent_.start_behind(tables_.sequence());
    clock_steps_.add_from(tables_.database());
    digested_ = applied_;
  });
}

// Steps that were committed since the last time go into recent_.
void Follower::digest() {
  const std::lock_guard recent_lock(recent_mutex_);
  Rows rows;
  {
    const std::lock_guard lock(mutex_);
    const auto behind =
        std::ranges::upper_bound(queue_, digested_, {}, [](const auto& row) { return row->first; });
    rows.assign(behind, queue_.end());
  }
  for (const auto& row : rows) {
    // What cannot be read stops the tables too, and is said there.
    (void)JournalRow::unpack(row->bytes, [&](std::string_view change) -> Done {
      ++digested_;
      digest(change);
      return {};
    });
    digested_ = row->last();
  }
}

void Follower::digest(std::string_view change) {
  Renames renames;
  for (StepReader reader(change); !reader.done();) {
    const Result<Step> step = reader.next();
    if (!step) return;
    if (const auto* end = std::get_if<End>(&*step)) {
      recent_.add(*end);
    } else if (const auto* stepped = std::get_if<ClockStepped>(&*step)) {
      clock_steps_.add(*stepped);
    } else if (const auto* erase = std::get_if<Erase>(&*step)) {
      recent_.erase(erase->owner);
      whole_tables_ = digested_;
    } else if (const auto* forget = std::get_if<Forget>(&*step)) {
      recent_.forget(forget->before);
      whole_tables_ = digested_;
    } else if (const auto* rename = std::get_if<Rename>(&*step)) {
      collect(*rename, renames);
    }
  }
  if (renames.empty()) return;
  recent_.rename(renames);
  whole_tables_ = digested_;
}

}  // namespace berth
