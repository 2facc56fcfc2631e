// debts.h - the Releases that modules asked for, from their Get until somebody makes them.
//
// A debt is known by the generation of its lease and a kind. It is due once the lease no longer
// has that kind, whatever ended it. Not safe to share between threads.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "berth/lease.h"
#include "core/change.h"

namespace berth {

struct Debt {
  LeaseId id;
  bool release = false;  // false: nothing is to be made; the lease just keeps the module's name
  std::string owner;
  OwedRelease owed;
};

class Debts {
 public:
  using Key = std::pair<Generation, Kind>;

  void add(const Provided& step) {
    Debt debt{.id = step.id,
              .release = step.release,
              .owner = std::string(step.owner),
              .owed = {.module = std::string(step.module),
                       .user = std::string(step.user),
                       .server = std::string(step.server),
                       .port = std::string(step.port),
                       .kind = step.kind,
                       .address = step.address}};
    all_.insert_or_assign(Key{step.generation, step.kind}, std::move(debt));
  }
  void pay(const Key& key) {
    all_.erase(key);
    due_.erase(key);
  }
  // The lease has lost the kind.
  void fall_due(const Key& key) {
    const auto debt = all_.find(key);
    if (debt != all_.end() && debt->second.release) due_.insert(key);
  }

  [[nodiscard]] const Debt* find(const Key& key) const {
    const auto debt = all_.find(key);
    return debt == all_.end() ? nullptr : &debt->second;
  }
  [[nodiscard]] const std::map<Key, Debt>& all() const { return all_; }
  [[nodiscard]] const std::set<Key>& due() const { return due_; }

 private:
  std::map<Key, Debt> all_;
  std::set<Key> due_;
};

}  // namespace berth
