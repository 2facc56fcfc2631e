// disk_for_tests.h - a store in memory that outlives its Book, and fails when it is told to.
//
//   Disk disk;
//   auto book = LocalBook::open(plan, [&] { return disk.open(); }, {clock, Upkeep::by_tick});
//   disk.cut();                  // from here on nothing is written: the power is gone
//   book->reset();               // …
//   disk.mend();                 // and a new Book finds what was acknowledged
//
// Keeps a journal and, when fold() is called, a snapshot of plain maps made from it: written from
// the words of change.h and store.h, not from the code of another store. One Book at a time; a
// lock guards it, so that a Book may have threads.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "book/world_for_tests.h"
#include "core/change.h"
#include "core/kinds.h"
#include "store/memory_store.h"
#include "store/store.h"

namespace berth::testing {

// What goes wrong, and how often: so many of a thousand commits, at the next look of the dice.
struct Faults {
  unsigned refused = 0;    // whole commits: the disk is full
  unsigned conflict = 0;   // single changes: another node was first
  unsigned unknown = 0;    // whole commits; half of them were written
  unsigned unsettled = 0;  // calls of settle() that cannot tell yet
};

class Disk {
 public:
  explicit Disk(std::uint64_t seed = 1) : dice_(seed), history_(make_memory_store({&dice_})) {
    key_ = {dice_.next(), dice_.next()};
  }

  [[nodiscard]] Result<std::unique_ptr<Store>> open();

  // Set while nobody commits.
  Faults faults;
  std::function<void()> before_commit;  // called without the lock
  // So many owners more have names in the store: user "<number>xxx…@corp" of a kilobyte each.
  std::size_t crowd = 0;

  // Nothing reaches the disk any more, until mend().
  void cut() { last_commit_ = commits_; }
  // The same after so many commits more.
  void cut_after(std::uint64_t more) { last_commit_ = commits_ + more; }
  void mend() {
    last_commit_ = ~std::uint64_t{0};
    unsettled_ = false;
  }
  // Another node commits this now. The Book hears of it by follow(), and whoever commits before
  // that meets a conflict.
  void other_node(std::string change);
  // Makes what was written so far a snapshot; the journal begins anew.
  void fold();

  [[nodiscard]] std::uint64_t commits() const { return commits_; }
  // What was written since the last fold().
  [[nodiscard]] std::vector<std::string> journal() const {
    const std::lock_guard lock(mutex_);
    return journal_;
  }
  // Of the last unknown outcome: whether it was written.
  [[nodiscard]] bool wrote_last() const { return wrote_last_; }

 private:
  friend class DiskStore;
  struct KeptServer {
    std::string epoch;
    Generation before;
    bool awaited = false;
  };
  struct KeptReservation {
    std::string user;
    Addresses addresses;
  };
  struct KeptLast {
    std::string owner;
    Serial serial = 0;
    bool remembered = true;
  };
  struct KeptLease {
    LeaseRecord record;  // its texts are below
    std::string owner, user, server, port, session;
  };
  using AddressKey = std::pair<Kind, std::string>;

  static AddressKey key_of(Kind kind, const Addresses& addresses) {
    return {kind, only(kind, addresses).to_string()};
  }
  static Addresses addresses_of(const AddressKey& key);
  void load(Loader& loader);
  void commit(std::span<Commit> commits);
  Result<Revision> settle();
  void write(std::string_view change);

  void keep(const Begin& step);
  void keep(const End& step);
  void keep(const Alive& step);
  void keep(const Boot& step);
  void keep(const Reserve& step);
  void keep(const Unreserve& step);
  void keep(const Cooled& step);
  void keep(const Erase& step);
  void keep(const RulesChanged& step) { rules_ = step.rules; }
  void keep(const Provided& step) {
    std::string& bytes = provided_[{step.generation, step.kind}];
    bytes.clear();
    ChangeWriter(bytes).add(step);
  }
  void keep(const Paid& step) { provided_.erase({step.generation, step.kind}); }
  template <class Other>
  void keep(const Other&) {}

  mutable std::mutex mutex_;
  Dice dice_;
  std::unique_ptr<Store> history_;  // ended intervals, by the store that needs no disk
  StoreKey key_{};
  std::uint64_t last_commit_ = ~std::uint64_t{0};  // beyond it nothing is written
  bool unsettled_ = false;
  bool wrote_last_ = false;
  Revision revision_ = 0;
  std::uint64_t commits_ = 0;
  std::vector<std::string> journal_;
  std::vector<std::string> unseen_;  // of other nodes, since the last follow()
  // The snapshot.
  Serial serial_ = 0;
  std::string rules_;
  std::map<std::string, KeptServer> servers_;
  std::map<std::string, KeptReservation> reservations_;
  std::map<std::pair<std::string, Kind>, Serial> cooled_;
  std::map<AddressKey, KeptLast> lasts_;
  std::map<std::uint64_t, KeptLease> leases_;                    // by id
  std::map<std::pair<Generation, Kind>, std::string> provided_;  // a Provided as bytes
};

// The store of one Book on a Disk.
class DiskStore final : public Store {
 public:
  explicit DiskStore(Disk& disk) : disk_(disk) {}

  Result<Revision> load(Loader& loader) override {
    const std::lock_guard lock(disk_.mutex_);
    disk_.load(loader);
    return disk_.revision_;
  }
  void commit(std::span<Commit> commits) override {
    if (disk_.before_commit) disk_.before_commit();
    const std::lock_guard lock(disk_.mutex_);
    disk_.commit(commits);
  }
  Result<Revision> settle() override {
    const std::lock_guard lock(disk_.mutex_);
    return disk_.settle();
  }
  bool is_shared() const override { return true; }
  Done follow(const std::function<Done(std::string_view)>& each) override {
    const std::lock_guard lock(disk_.mutex_);
    for (const std::string& change : std::exchange(disk_.unseen_, {})) {
      if (Done done = each(change); !done) return done;
    }
    return {};
  }
  Result<std::vector<Interval>> who_had(const AnyRange& where, WallTime at,
                                        Milliseconds window) const override {
    return disk_.history_->who_had(where, at, window);
  }
  Result<std::vector<Interval>> history(std::string_view owner, const Span& span) const override {
    return disk_.history_->history(owner, span);
  }
  Done for_each_name(
      const std::function<Done(std::string_view, std::string_view)>& each) const override {
    for (std::size_t i = 0; i < disk_.crowd; ++i) {
      std::string name = std::to_string(i);
      name.append(1000 - name.size(), 'x').append("@corp");
      if (Done done = each(name, name); !done) return done;
    }
    return disk_.history_->for_each_name(each);
  }
  Done scrub() override { return {}; }
  Result<std::uint64_t> ended_before(WallTime before) const override {
    return disk_.history_->ended_before(before);
  }
  Result<std::optional<WallTime>> oldest_end() const override {
    return disk_.history_->oldest_end();
  }
  Done backup(const std::string& path) const override { return disk_.history_->backup(path); }
  std::uint64_t lag() const override { return 0; }

 private:
  Disk& disk_;
};

inline Result<std::unique_ptr<Store>> Disk::open() { return std::make_unique<DiskStore>(*this); }

// --- Writing ---

inline void Disk::commit(std::span<Commit> commits) {
  ++commits_;
  const auto all = [&](Outcome outcome, Code code, const char* what) {
    for (Commit& each : commits) {
      each.outcome = outcome;
      each.error = {code, what, "mend the disk"};
    }
  };
  if (commits_ > last_commit_)
    return all(Outcome::refused, Code::store_unavailable, "the power is gone");
  if (unsettled_) return all(Outcome::refused, Code::store_unavailable, "not settled yet");
  const std::size_t throw_of = dice_.below(1000);
  if (throw_of < faults.refused) {
    return all(Outcome::refused, Code::store_full, "the disk is full");
  }
  const bool unknown = throw_of < faults.refused + faults.unknown;
  const bool write = !unknown || dice_.one_in(2);
  wrote_last_ = write;
  Revision revision = revision_;
  for (Commit& each : commits) {
    if (!unseen_.empty() || (!unknown && dice_.below(1000) < faults.conflict)) {
      each.outcome = Outcome::conflict;
      continue;
    }
    each.outcome = unknown ? Outcome::unknown : Outcome::durable;
    if (unknown) each.error = {Code::store_unavailable, "the sync failed", "mend the disk"};
    each.revision = ++revision;
    if (write) this->write(each.bytes);
  }
  unsettled_ = unknown;
}

inline void Disk::write(std::string_view change) {
  ++revision_;
  journal_.emplace_back(change);
  Commit copy{.bytes = change};
  history_->commit({&copy, 1});
}

inline void Disk::other_node(std::string change) {
  const std::lock_guard lock(mutex_);
  write(change);
  unseen_.push_back(std::move(change));
}

inline Result<Revision> Disk::settle() {
  if (commits_ > last_commit_ || dice_.below(1000) < faults.unsettled) {
    return fail(Code::store_unavailable, "the disk does not answer");
  }
  unsettled_ = false;
  return revision_;
}

// --- Reading ---

inline Addresses Disk::addresses_of(const AddressKey& key) {
  Addresses addresses;
  switch (key.first) {
    case Kind::ipv4: addresses.ipv4 = ip(key.second); break;
    case Kind::ipv6: addresses.ipv6 = prefix(key.second); break;
    case Kind::delegated: addresses.delegated = prefix(key.second); break;
  }
  return addresses;
}

inline void Disk::load(Loader& loader) {
  std::string rules = rules_;
  for (const std::string& change : journal_) {
    for (StepReader reader(change); !reader.done();) {
      const Step step = *reader.next();
      if (const auto* changed = std::get_if<RulesChanged>(&step)) rules = changed->rules;
    }
  }
  loader.start(key_, serial_, rules, {});
  for (const auto& [name, server] : servers_) {
    loader.server(name, server.epoch, server.before, server.awaited);
  }
  for (const auto& [owner, each] : reservations_) {
    loader.reservation({owner, each.user, each.addresses});
  }
  for (const auto& [group, serial] : cooled_) loader.cooled({group.first, group.second, serial});
  std::map<Serial, std::vector<const std::pair<const AddressKey, KeptLast>*>> in_order;
  for (const auto& last : lasts_) in_order[last.second.serial].push_back(&last);
  for (const auto& [serial, lasts] : in_order) {
    for (const auto* last : lasts) {
      loader.last({last->first.first, addresses_of(last->first), last->second.owner, serial,
                   last->second.remembered});
    }
  }
  std::map<std::uint64_t, const KeptLease*> by_generation;
  for (const auto& [id, lease] : leases_) by_generation[lease.record.generation.value] = &lease;
  for (const auto& [generation, lease] : by_generation) {
    LeaseRecord record = lease->record;
    record.owner = lease->owner;
    record.user = lease->user;
    record.server = lease->server;
    record.port = lease->port;
    record.session = lease->session;
    loader.live({&record, 1});
  }
  for (const auto& [key, bytes] : provided_) {
    loader.provided(std::get<Provided>(*StepReader(bytes).next()));
  }
  for (const std::string& change : journal_) {
    if (!loader.change(change)) return;
  }
}

// --- The snapshot ---

inline void Disk::fold() {
  const std::lock_guard lock(mutex_);
  for (const std::string& change : journal_) {
    for (StepReader reader(change); !reader.done();) {
      std::visit([this](const auto& step) { keep(step); }, *reader.next());
    }
  }
  journal_.clear();
}

inline void Disk::keep(const Begin& step) {
  serial_ = std::max(serial_, step.lease.generation.value);
  for (Kind kind : kAllKinds) {
    if (has(step.lease.addresses, kind)) lasts_.erase(key_of(kind, step.lease.addresses));
  }
  servers_.try_emplace(std::string(step.lease.server));
  KeptLease& lease = leases_[step.lease.id.value];
  lease.record = step.lease;
  lease.owner = step.lease.owner;
  lease.user = step.lease.user;
  lease.server = step.lease.server;
  lease.port = step.lease.port;
  lease.session = step.lease.session;
}

inline void Disk::keep(const End& step) {
  serial_ = std::max(serial_, step.serial);
  LeaseRecord& record = leases_.at(step.lease.id.value).record;
  for (Kind kind : kAllKinds) {
    if (!has(step.lease.addresses, kind)) continue;
    drop_kind(kind, record.addresses);
    if (!step.cools) continue;
    lasts_[key_of(kind, step.lease.addresses)] = {std::string(step.lease.owner), step.serial,
                                                  !step.lease.second};
  }
  if (step.whole) leases_.erase(step.lease.id.value);
}

inline void Disk::keep(const Alive& step) {
  LeaseRecord& record = leases_.at(step.id.value).record;
  record.state = State::active;
  record.renewed = step.at;
}

inline void Disk::keep(const Boot& step) {
  servers_[std::string(step.server)] = {std::string(step.epoch), step.before, false};
}

inline void Disk::keep(const Reserve& step) {
  KeptReservation& kept = reservations_[std::string(step.owner)];
  kept.user = step.user;
  for (Kind kind : kAllKinds) {
    if (has(step.addresses, kind)) copy_kind(kind, step.addresses, kept.addresses);
  }
}

inline void Disk::keep(const Unreserve& step) {
  KeptReservation& kept = reservations_.at(std::string(step.owner));
  for (Kind kind : kAllKinds) {
    if (has(step.addresses, kind)) drop_kind(kind, kept.addresses);
  }
  if (kept.addresses.empty()) reservations_.erase(std::string(step.owner));
}

inline void Disk::keep(const Cooled& step) {
  Serial& serial = cooled_[{std::string(step.pool), step.kind}];
  serial = std::max(serial, step.serial);
}

inline void Disk::keep(const Erase& step) {
  reservations_.erase(std::string(step.owner));
  for (auto& [key, last] : lasts_) {
    if (last.owner != step.owner) continue;
    last.owner.clear();
    last.remembered = false;
  }
}

}  // namespace berth::testing
