// allocator_end.cc - signs of life, and the end of a lease: released, by itself, by a boot.
#include <algorithm>

#include "core/allocator.h"
#include "core/kinds.h"

namespace berth {
namespace {

// How many leases a look for doomed ones passes over for each one that it takes: those passed
// are on their way out already.
constexpr std::size_t kPassOver = 8;

}  // namespace

Result<Allocator::Changeable> Allocator::changeable(const LeaseRef& which, std::string_view owner,
                                                    Proposal& proposal) const {
  proposal.blocked_on = in_flight(which, owner);
  if (proposal.blocked_on) return Changeable{};
  const Result<Ref> found = resolve(which, owner);
  if (!found) return std::unexpected(found.error());
  const Key key = owner_key(leases_.at(*found).owner);
  if (busy(key)) proposal.blocked_on = key;
  return Changeable{*found, key};
}

void Allocator::hold_lease(const Changeable& which, Proposal& proposal) {
  hold(which.owner_key, proposal);
  hold(leases_.at(which.lease).id, proposal);
}

// --- Signs of life ---

Result<Proposal> Allocator::alive(const LeaseRef& which, std::string_view owner, Sign sign,
                                  const Moment& now) {
  advance(now);
  Proposal proposal;
  const Result<Changeable> found = changeable(which, owner, proposal);
  if (!found) return std::unexpected(found.error());
  if (proposal.blocked_on) return proposal;
  const LeaseNode& node = leases_.at(found->lease);
  if (sign == Sign::confirm && node.active != 0) return proposal;
  hold_lease(*found, proposal);
  // In whole seconds from the start, which is what a record keeps.
  const WallTime started{Milliseconds(node.started)};
  const auto since =
      std::chrono::floor<std::chrono::seconds>(std::max(now.wall - started, Milliseconds(0)));
  ChangeWriter(proposal.bytes).add(Alive{{node.id}, {node.generation}, started + since});
  return proposal;
}

// --- Ends ---

Result<Proposal> Allocator::release(const LeaseRef& which, std::string_view owner, Cause cause,
                                    const Moment& now) {
  return end_by_message(which, owner, cause, now, nullptr);
}

Result<Proposal> Allocator::hang_up(const LeaseRef& which, std::string_view owner, Cause cause,
                                    const Moment& now, std::vector<OwedRelease>& owed) {
  owed.clear();  // of an earlier try
  return end_by_message(which, owner, cause, now, &owed);
}

Result<Proposal> Allocator::end_by_message(const LeaseRef& which, std::string_view owner,
                                           Cause cause, const Moment& now,
                                           std::vector<OwedRelease>* owed) {
  advance(now);
  Proposal proposal;
  const Result<Changeable> found = changeable(which, owner, proposal);
  if (!found) return std::unexpected(found.error());
  if (proposal.blocked_on) return proposal;
  const Addresses all = addresses_of(found->lease);
  Addresses ending = all;
  if (which.kind) {
    if (!has(all, *which.kind)) {
      return fail(Code::not_found,
                  "the lease has no " + std::string(kind_name(*which.kind)) + " address",
                  "nothing: it was given back already, or never given");
    }
    ending = only(*which.kind, all);
  }
  hold_lease(*found, proposal);
  if (owed != nullptr) write_paid(found->lease, ending, owed, proposal);
  const WallTime ended = std::min(which.ended.value_or(now.wall), now.wall);
  write_end(found->lease, ending, cause, ending == all, true, ended, proposal);
  return proposal;
}

// What a module is owed for the kinds that end is paid where somebody makes it (`owed`); where no
// Release was asked for, the end itself settles it.
void Allocator::write_paid(Ref lease, const Addresses& ending, std::vector<OwedRelease>* owed,
                           Proposal& proposal) const {
  const LeaseNode& node = leases_.at(lease);
  if (node.provided == 0) return;
  for (Kind kind : kAllKinds) {
    const Generation generation{node.generation};
    const Debt* debt = has(ending, kind) ? debts_.find({generation, kind}) : nullptr;
    if (debt == nullptr || debt->release != (owed != nullptr)) continue;
    if (owed != nullptr) owed->push_back(debt->owed);
    ChangeWriter(proposal.bytes).add(Paid{generation, kind});
  }
}

Proposal Allocator::take_owed(std::size_t most, std::vector<OwedRelease>& owed) {
  Proposal proposal;
  owed.clear();
  const Key key = SipHash(key_).text("take_owed").take();
  if (debts_.due().empty() || blocked(proposal, key)) return proposal;
  for (const Debts::Key& each : debts_.due()) {
    if (owed.size() == most) break;
    owed.push_back(debts_.find(each)->owed);
    ChangeWriter(proposal.bytes).add(Paid{each.first, each.second});
  }
  if (!owed.empty()) hold(key, proposal);
  return proposal;
}

void Allocator::write_end(Ref lease, const Addresses& ending, Cause cause, bool whole, bool cools,
                          WallTime at, Proposal& proposal) {
  End end;
  end.lease = record_of(lease);
  end.lease.addresses = ending;
  end.cause = cause;
  end.whole = whole;
  end.cools = cools;
  end.serial = ++serial_;
  // An interval never ends before it began, whatever the wall clock did.
  end.ended = at;
  for (Kind kind : kAllKinds) {
    if (has(ending, kind)) end.ended = std::max(end.ended, end.lease.started[index_of(kind)]);
  }
  write_paid(lease, ending, nullptr, proposal);
  ChangeWriter(proposal.bytes).add(end);
}

std::optional<Proposal> Allocator::end_now(Ref lease, Cause cause, const Moment& now) {
  const Key key = owner_key(leases_.at(lease).owner);
  if (busy(key)) return std::nullopt;
  Proposal proposal;
  hold_lease({lease, key}, proposal);
  write_end(lease, addresses_of(lease), cause, true, true, now.wall, proposal);
  return proposal;
}

std::vector<Proposal> Allocator::due(const Moment& now, std::size_t most) {
  advance(now, kMostFreed);
  std::vector<Proposal> ends;
  const Tick tick = tick_of(now.steady);
  for (const Server& server : servers_.all()) {
    std::size_t looks = most * kPassOver;
    for (Ref lease = server.oldest; lease != kNone && ends.size() < most && looks > 0;
         lease = leases_.at(lease).server_next, --looks) {
      if (!doomed(lease)) break;
      if (auto end = end_now(lease, Cause::server_boot, now)) ends.push_back(*std::move(end));
    }
  }
  // An owner's second lease is blocked by the end of the first, and an end may not be written:
  // both are looked at again by the next call.
  std::vector<std::pair<Tick, Timers::Timer>> again;
  while (ends.size() < most) {
    const auto timer = timers_.take(tick);
    if (!timer) break;
    const Ref lease = leases_.find(timer->id);
    if (lease == kNone || leases_.at(lease).generation != timer->generation.value) continue;
    LeaseNode& node = leases_.at(lease);
    node.timed = 0;
    if (node.deadline == 0) continue;
    if (node.deadline <= tick) {
      const Cause cause = node.active != 0 ? Cause::lease_expired : Cause::hold_expired;
      if (auto end = end_now(lease, cause, now)) ends.push_back(*std::move(end));
    }
    node.timed = 1;
    again.emplace_back(node.deadline, *timer);
  }
  for (const auto& [deadline, timer] : again) timers_.add(deadline, timer);
  return ends;
}

std::uint64_t Allocator::doomed_on(std::string_view server) const {
  std::uint64_t count = 0;
  const auto number = servers_.find(server);
  Ref lease = number ? servers_.at(*number).oldest : kNone;
  for (; lease != kNone && doomed(lease); lease = leases_.at(lease).server_next) ++count;
  return count;
}

Result<Proposal> Allocator::boot(std::string_view server, std::string_view epoch,
                                 const Moment& now) {
  Proposal proposal;
  const Key key = leases_.port_hash(server, {});
  if (busy(key)) {
    proposal.blocked_on = key;
    return proposal;
  }
  const auto number = servers_.find(server);
  if (number && servers_.at(*number).epoch == epoch) return proposal;
  if (!number) {
    if (Done room = servers_.check_room_for(server); !room) {
      return std::unexpected(std::move(room).error());
    }
    expect_server(server, proposal);
  }
  hold(key, proposal);
  ChangeWriter(proposal.bytes).add(Boot{server, epoch, {++serial_}, now.wall});
  return proposal;
}

}  // namespace berth
