// pipeline_draft.cc - changes that hold their addresses while somebody is asked about them.
#include <utility>

#include "book/pipeline.h"

namespace berth {
namespace {

Error given_just_now() {
  return {Code::address_taken, "the address is just being given to somebody else",
          "let whoever chose it choose another address"};
}

}  // namespace

Pipeline::Draft Pipeline::draft(Propose propose_it) {
  Draft draft;
  Waiter waiter;
  Answers none;
  Lock lock(mutex_);
  admit({.propose = std::move(propose_it), .waiter = &waiter, .draft = &draft}, none);
  wait(lock, [&waiter] { return waiter.left == 0; });
  draft.grant_ = answer_of(waiter);
  return draft;
}

void Pipeline::redraft(Draft& draft, Propose propose_it) {
  Lock lock(mutex_);
  const Proposal before = take_back(draft);
  Result<Proposal> proposal = proposed(propose_it);
  if (!proposal) {
    draft.grant_ = std::unexpected(std::move(proposal.error()));
  } else if (proposal->blocked_on) {
    draft.grant_ = std::unexpected(given_just_now());
  } else {
    draft.grant_ = proposal->grant;
    draft.proposal_ = *std::move(proposal);
  }
  release_to_others(lock, before);
}

Result<Grant> Pipeline::commit(Draft& draft, Propose propose_it) {
  Waiter waiter;
  Answers none;
  Lock lock(mutex_);
  const Proposal before = take_back(draft);
  propose({.propose = std::move(propose_it), .complete = nullptr, .waiter = &waiter}, none);
  release_to_others(lock, before);
  wait(lock, [&waiter] { return waiter.left == 0; });
  return answer_of(waiter);
}

void Pipeline::drop(Draft& draft) {
  Lock lock(mutex_);
  release_to_others(lock, take_back(draft));
}

// The draft holds nothing any more; who waits for it does not know yet: release_to_others().
Proposal Pipeline::take_back(Draft& draft) {
  Proposal held = std::exchange(draft.proposal_, {});
  if (!held.bytes.empty()) allocator_->settle(held, Settled::not_written, now());
  return held;
}

// Those who waited for what a draft held are proposed again. Gives the lock up for their answers.
void Pipeline::release_to_others(Lock& lock, const Proposal& held) {
  let_go(held);
  if (ready_.empty()) return;
  Answers answers;
  propose_ready(answers);
  batch_done_.notify_all();
  if (unattended_ > 0) work_to_do_.notify_one();
  if (answers.empty()) return;
  lock.unlock();
  deliver(answers);
  lock.lock();
}

}  // namespace berth
