// changes_for_tests.h - short ways to say changes, and a loader that keeps what it is told.
//
// For tests of stores only: plain, slow, and obviously right.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/addresses_for_tests.h"
#include "core/change.h"
#include "store/store.h"

namespace berth::testing {

inline WallTime at(std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); }

// The same numbers every time.
class CountingChance : public Chance {
 public:
  std::uint64_t next() override { return ++count_; }

 private:
  std::uint64_t count_ = 0;
};

// A lease as a test says it. Owner, server and the rest have defaults that a test can ignore.
struct LeaseSaid {
  std::uint64_t id = 1;
  std::uint64_t generation = 1;
  std::string owner = "ana";
  std::string user = "Ana";
  std::string session = "s1";
  Addresses addresses{.ipv4 = ip("10.8.0.7")};
  WallTime started = at(100);
  std::string server = "vpn1";
  std::string port = "VPN2-17";
  bool second = false;

  [[nodiscard]] LeaseRecord record() const&& = delete;  // its texts are ours
  [[nodiscard]] LeaseRecord record() const& {
    LeaseRecord lease;
    lease.id = {id};
    lease.generation = {generation};
    lease.state = State::held;
    lease.second = second;
    lease.owner = owner;
    lease.user = user;
    lease.server = server;
    lease.port = port;
    lease.session = session;
    lease.addresses = addresses;
    if (addresses.ipv4) lease.started[0] = started;
    if (addresses.ipv6) lease.started[1] = started;
    if (addresses.delegated) lease.started[2] = started;
    lease.renewed = started;
    lease.hold_time = std::chrono::seconds(60);
    return lease;
  }
};

template <class... Steps>
std::string change(const Steps&... steps) {
  std::string bytes;
  ChangeWriter writer(bytes);
  (writer.add(Step(steps)), ...);
  return bytes;
}

inline std::string begin(const LeaseSaid& lease) { return change(Begin{lease.record()}); }
inline std::string end(const LeaseSaid& lease, WallTime ended, Serial serial,
                       Cause cause = Cause::released) {
  return change(End{lease.record(), ended, cause, true, true, serial});
}

// Everything that a store says at its start, as text that can be compared.
class Told : public Loader {
 public:
  StoreKey key{};
  Serial serial = 0;
  std::string rules;
  std::map<std::string, std::string> servers;
  std::map<std::string, std::string> reservations;
  std::map<std::string, Serial> cooled_marks;
  std::vector<std::string> lasts;               // in order
  std::map<std::uint64_t, std::string> leases;  // by generation
  std::vector<std::string> modules;
  std::vector<std::string> changes;
  bool ordered = true;  // leases came in ascending order of generation

  void start(const StoreKey& new_key, Serial last_serial, std::string_view owner_rules,
             WallTime /*newest*/) override {
    key = new_key;
    serial = last_serial;
    rules = owner_rules;
  }
  void server(std::string_view name, std::string_view epoch, Generation before,
              bool awaited) override {
    servers[std::string(name)] = std::string(epoch) + " before " + std::to_string(before.value) +
                                 (awaited ? " awaited" : "");
  }
  void reservation(const Reserve& r) override {
    reservations[std::string(r.owner)] = std::string(r.user) + " " + r.addresses.to_string();
  }
  void cooled(const Cooled& c) override {
    cooled_marks[std::string(c.pool) + " " + std::string(kind_name(c.kind))] = c.serial;
  }
  void last(const Last& l) override {
    lasts.push_back(l.address.to_string() + " " + std::string(l.owner) + " " +
                    std::to_string(l.serial) + (l.remembered ? "" : " second"));
  }
  void live(std::span<const LeaseRecord> many) override {
    for (const LeaseRecord& l : many) {
      ordered = ordered && (leases.empty() || leases.rbegin()->first < l.generation.value);
      leases[l.generation.value] = text_of(l);
    }
  }
  void provided(const Provided& p) override {
    modules.push_back(std::to_string(p.id.value) + " " + std::to_string(p.generation.value) + " " +
                      std::string(kind_name(p.kind)) + (p.release ? " release " : " ") +
                      std::string(p.module) + " " + std::string(p.owner) + " " +
                      std::string(p.user) + " " + std::string(p.server) + " " +
                      std::string(p.port) + " " + p.address.to_string());
  }
  Done change(std::string_view bytes) override {
    changes.emplace_back(bytes);
    return {};
  }

  static std::string text_of(const LeaseRecord& l) {
    std::string text =
        std::to_string(l.id.value) + " " + std::string(state_name(l.state)) + " " +
        (l.key == KeyKind::port ? "port " : "session ") + (l.second ? "second " : "") +
        std::string(l.owner) + " " + std::string(l.user) + " " + std::string(l.server) + " " +
        std::string(l.port) + " " + std::string(l.session) + " " + l.addresses.to_string();
    for (WallTime started : l.started) text += " " + format_time(started);
    return text + " " + format_time(l.renewed) + " " + format_duration(l.hold_time) + " " +
           format_duration(l.lease_time);
  }
};

// Commits each as a change of its own, all with one sync. The outcome of the last.
inline Commit commit(Store& store, const std::vector<std::string>& changes) {
  std::vector<Commit> commits;
  for (const std::string& bytes : changes) commits.push_back({bytes});
  store.commit(commits);
  return commits.back();
}

}  // namespace berth::testing
