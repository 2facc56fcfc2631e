// crowd.cc - users come and go.
#include "figures/crowd.h"

#include "figures/machine.h"

namespace berth::figures {

Crowd::Crowd(const Plan& plan, Want ipv4, Want ipv6, Want delegated, const SipKey& key, Sink sink)
    : sink_(std::move(sink)) {
  auto made = Allocator::make(plan, key, 0);
  BERTH_ASSERT(made);
  allocator_ = *std::move(made);
  person_.want(ipv4, ipv6, delegated);
}

void Crowd::connect(std::uint32_t user) {
  person_.be(user);
  settle(allocator_->assign(person_.request(), person_.name(), now_));
}

void Crowd::disconnect(std::uint32_t user) {
  person_.be(user);
  settle(allocator_->release(person_.which(), {}, Cause::released, now_));
}

void Crowd::settle(const Result<Proposal>& proposal) {
  BERTH_ASSERT(proposal && !proposal->bytes.empty());
  if (sink_) sink_(proposal->bytes);
  allocator_->settle(*proposal, Settled::durable, now_);
}

void Crowd::pass_time() {
  if (++pairs_ % (kPairsASecond / 1000) != 0) return;
  now_.wall += Milliseconds(1);
  now_.steady += Milliseconds(1);
  if (!sink_ || now_.steady - marked_ < kMarkInterval) return;
  marked_ = now_.steady;
  if (const std::string marks = allocator_->cooled_marks(now_); !marks.empty()) sink_(marks);
}

void Crowd::make_room(std::uint64_t users) {
  for (auto* list : {&connected_, &away_}) {
    list->resize(users);  // touches every page, which clear() leaves as they are
    list->clear();
  }
}

void Crowd::grow(std::uint64_t users) {
  for (std::uint64_t i = 0; i < users; ++i) {
    connect(known_);
    connected_.push_back(known_++);
    pass_time();
  }
}

void Crowd::shrink(std::uint64_t users) {
  for (std::uint64_t i = 0; i < users; ++i) {
    std::uint32_t& leaves = connected_[dice_.throw_one(connected_.size())];
    disconnect(leaves);
    away_.push_back(leaves);
    leaves = connected_.back();
    connected_.pop_back();
    pass_time();
  }
}

// Who comes and who goes is settled beforehand: the lists are the test's own memory, not Berth's.
Crowd::Pair Crowd::next_pair(Who who) {
  std::uint32_t& comes = away_[dice_.throw_one(away_.size())];
  if (who == Who::is_new) comes = known_++;  // who was there is not heard of again
  std::uint32_t& goes = connected_[dice_.throw_one(connected_.size())];
  std::swap(comes, goes);
  return {goes, comes};
}

void Crowd::churn(std::uint64_t pairs) {
  for (std::uint64_t i = 0; i < pairs; ++i) {
    const Pair pair = next_pair(Who::returns);
    connect(pair.comes);
    disconnect(pair.goes);
    pass_time();
  }
}

double Crowd::seconds_a_pair(std::uint64_t pairs, Who who) {
  std::vector<Pair> plan;
  plan.reserve(pairs);
  for (std::uint64_t i = 0; i < pairs; ++i) plan.push_back(next_pair(who));

  CpuStopwatch watch;
  for (const Pair& pair : plan) {
    person_.be(pair.comes);
    person_.be(pair.goes);
  }
  const double names = watch.seconds();
  watch.restart();
  for (const Pair& pair : plan) {
    connect(pair.comes);
    disconnect(pair.goes);
    pass_time();
  }
  return (watch.seconds() - names) / static_cast<double>(pairs);
}

}  // namespace berth::figures
