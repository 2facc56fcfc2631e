// pipeline.h - how a change gets from a caller to the disk and back: propose, commit, settle.
//
//   caller ──▶ propose under the lock ──▶ open batch ──▶ one commit ──▶ settle ──▶ answer
//                     │ blocked                              ▲
//                     └──▶ parked until that key is free ────┘
//
// A key that is free again wakes one of those parked on it. Where that one ends without the key
// (refused, answered as it stands, or blocked on another), it is the next one's turn at once: so
// a key has jobs parked only while some change holds it.
//
// Group commit without waiting for company: whoever finds no commit under way takes all that is
// open and commits it; what arrives meanwhile is the next batch. A caller that waits does the
// committing itself, so a lone one never changes threads. A thread of the Pipeline does it for
// those who do not wait, and looks several times a second for what is due, unless somebody else
// says when to look: tick().
//
// All calls from any thread. Completions run without the lock.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "berth/book.h"
#include "berth/event.h"
#include "berth/time.h"
#include "book/watch.h"
#include "core/allocator.h"
#include "store/store.h"

namespace berth {

// Who says when to look for what is due.
enum class Upkeep : std::uint8_t { by_thread, by_tick };

// How a Book runs: on whose clock, and who is told of events. The clock outlives it.
struct Running {
  Clock& clock;
  Upkeep upkeep = Upkeep::by_thread;
  TimeAway time_away = TimeAway::starts_again;
  std::function<void(const Event&)> on_event = nullptr;
};

class Pipeline {
 public:
  // Makes a proposal; may run more than once, under the lock.
  using Propose = std::move_only_function<Result<Proposal>(Allocator&, const Moment&)>;
  // Makes a Propose that owns all it needs, from one that refers to what its caller has.
  using Keep = std::function<Propose()>;
  // Gets the answer, once.
  using Complete = std::function<void(Result<Grant>)>;

  // Changes that may be on their way at once, waiting ones included; more are refused as busy.
  static constexpr std::size_t kMostWaiting = 65'536;
  // Those of them that wait for the same owner, connection or port, each for the one before. No
  // user has so many devices; without this, one broken client would take the places of all.
  static constexpr std::size_t kMostWaitingForOne = 64;
  // How often a change is proposed that another node is always ahead of.
  static constexpr int kMostTries = 8;
  // Bytes of one commit, beyond the first change.
  static constexpr std::size_t kMaxBatchBytes = std::size_t{4} << 20;

  // `newest`: when the store's newest change was made. Where that is later than now, somebody has
  // set the clock back since.
  Pipeline(std::unique_ptr<Allocator> allocator, std::unique_ptr<Store> store, const Plan& plan,
           Running running, WallTime newest = {});
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Returns at once. `complete` runs on the caller's thread when the answer needs no commit.
  // `propose` runs before this returns. Where it refers to what the caller has, `keep` makes the
  // one for later, which few changes need: those that wait for another, or meet a conflict.
  void submit(Propose propose, Complete complete, const Keep& keep = {});
  // Returns with the answer.
  [[nodiscard]] Result<Grant> run(Propose propose);

  // A change whose addresses are held while somebody is asked about it, before it is committed.
  // Whoever has one gives it back with drop() or commit(); the Pipeline must live until then.
  class Draft {
   public:
    // What it holds would be given, or why nothing is held.
    [[nodiscard]] const Result<Grant>& grant() const { return grant_; }
    // It stands as it is: nothing is held, and nothing is to be committed.
    [[nodiscard]] bool stands() const { return grant_ && proposal_.bytes.empty(); }

   private:
    friend class Pipeline;
    Proposal proposal_;  // empty bytes: holds nothing
    Result<Grant> grant_ = std::unexpected(Error{});
  };

  // Proposes, and holds what was chosen. Waits where another has it just now.
  [[nodiscard]] Draft draft(Propose propose);
  // Holds this in place of what the draft holds; where that cannot be, it holds nothing. Does not
  // wait: what another has just now is refused as address_taken.
  void redraft(Draft& draft, Propose propose);
  // Proposes this in place of what is held, without a chance for others, and returns with the
  // answer. The draft holds nothing from then on.
  [[nodiscard]] Result<Grant> commit(Draft& draft, Propose propose);
  void drop(Draft& draft);

  // To be told with the next look. Of those that nobody wants to hear, or that come faster than
  // they are told, only some are kept.
  void notice(const Event& event);

  // Does all that is due: settles what is unknown, notes what has cooled, trims history, ends
  // leases, tells of events. Returns when the ends are durable. store_*, conflict: some are not;
  // the next tick tries again.
  [[nodiscard]] Done tick();
  // Ends what is due until nothing of this server from before its boot is left.
  [[nodiscard]] Done end_doomed(const std::string& server);

  // Looks at the allocator under the lock; keep it short.
  template <class Look>
  decltype(auto) look(Look&& look) {
    const std::lock_guard lock(mutex_);
    return look(*allocator_, now());
  }
  [[nodiscard]] Store& store() { return *store_; }

 private:
  // Somebody who waits inside a call, for one answer or for many. Guarded by mutex_.
  struct Waiter {
    std::size_t left = 1;
    std::optional<Grant> grant;   // the last one
    std::optional<Error> failed;  // the last one
  };
  struct Job {
    Propose propose;             // empty for what is proposed already and for good
    const Keep* keep = nullptr;  // of the caller, who has not returned: `propose` refers to it
    Complete complete;           // called with the answer, or
    Waiter* waiter = nullptr;    // told of it; neither when nobody wants to know
    Draft* draft = nullptr;      // the proposal is to be held there, and not committed
    int tries = 0;               // that met a conflict
    bool admitted = false;       // no limit turns it away any more
    std::optional<Key> turn;     // was parked on this; it is free now
  };
  struct Entry {
    Job job;
    Proposal proposal;
    Revision revision = 0;  // of one whose outcome is unknown
  };
  struct Answered {
    Complete complete;
    Result<Grant> answer;
  };
  using Answers = std::vector<Answered>;  // to be delivered without the lock
  using Lock = std::unique_lock<std::mutex>;

  // What other nodes committed, and whether that was all.
  struct Followed {
    std::vector<std::string> changes;
    Done complete;
  };

  [[nodiscard]] const Moment& now();
  [[nodiscard]] Proposal take_back(Draft& draft);
  void release_to_others(Lock& lock, const Proposal& held);
  [[nodiscard]] static Result<Grant> answer_of(Waiter& waiter);
  [[nodiscard]] Result<Proposal> proposed(Propose& propose_it);
  void admit(Job job, Answers& answers);
  void propose(Job job, Answers& answers);
  static void keep(Job& job);
  void park(Job job, Key key, bool first, Answers& answers);
  static void answer(Job& job, Result<Grant> answer, Answers& answers);
  static void deliver(Answers& answers);
  void write(std::string bytes);
  void wait(Lock& lock, const std::function<bool()>& done);
  void commit_batch(Lock& lock);
  [[nodiscard]] std::vector<Entry> take_batch();
  void settle(Entry& entry, const Commit& commit, const Moment& moment, Answers& answers);
  [[nodiscard]] Followed follow();
  void try_again(std::span<Entry> batch, std::span<const Commit> commits, const Followed& followed,
                 const Moment& moment, Answers& answers);
  void finish(Entry& entry, Settled how, const Moment& moment);
  void let_go(const Proposal& proposal);
  void wake(Key key);
  void propose_ready(Answers& answers);
  void settle_unknown(Lock& lock);
  void mark_what_cooled();
  [[nodiscard]] Done trim_history(Lock& lock);
  [[nodiscard]] Done end_due(Lock& lock);
  void tell_events(Lock& lock);
  void work();

  const Running running_;
  const std::unique_ptr<Store> store_;
  const Milliseconds keep_history_;

  std::mutex mutex_;
  std::condition_variable batch_done_;  // after every commit
  std::condition_variable work_to_do_;  // for the thread
  // All below are guarded by mutex_.
  const std::unique_ptr<Allocator> allocator_;
  std::vector<Entry> open_;     // proposed, waiting for the next commit
  std::vector<Entry> unknown_;  // committed with an unknown outcome
  Error unknown_why_;           // what the store said last about those
  std::deque<Job> ready_;       // to be proposed again
  std::unordered_map<Key, std::deque<Job>> parked_;
  std::size_t parked_count_ = 0;
  std::size_t unattended_ = 0;  // entries of open_ that no caller is waiting to commit
  bool committing_ = false;
  bool stopping_ = false;
  std::uint64_t batches_ = 0;
  Moment last_{};           // the last look at the clocks
  SteadyTime next_mark_{};  // of what has cooled
  SteadyTime next_trim_{};  // of history
  SteadyTime next_watch_{};
  Watch watch_;
  std::vector<Event> noticed_;  // to be told
  std::thread thread_;
};

}  // namespace berth
