// servers.h - every access server that was ever heard of, and its live leases in order.
//
// There are few servers and they are never forgotten: a boot epoch must be known when the server
// comes back after a year. A change that brings a new one expects it until it is settled, so that
// no two changes bring the last one that there is room for. Not safe to share between threads.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "berth/error.h"
#include "core/arena.h"
#include "core/policy.h"

namespace berth {

using ServerNumber = std::uint16_t;

struct Server {
  std::string name;
  std::string epoch;     // of the last boot that was reported
  Generation before;     // leases of lower generations are over: the server has booted since
  bool awaited = false;  // after a restore: it has not booted yet
  std::uint32_t unconfirmed = 0;  // hold times that ran out since it last confirmed a lease
  bool changed = false;           // is in Servers::changed_
  ServerTraits traits;
  Ref oldest = kNone;  // its live leases in order of generation,
  Ref newest = kNone;  // linked through LeaseNode::server_prev and server_next
};

class Servers {
 public:
  static constexpr std::size_t kMost = 65'535;

  [[nodiscard]] std::optional<ServerNumber> find(std::string_view name) const {
    const auto known = numbers_.find(name);
    if (known == numbers_.end()) return std::nullopt;
    return known->second;
  }

  // invalid: this one is new, and there are as many as there can be.
  [[nodiscard]] Done check_room_for(std::string_view name) const {
    if (servers_.size() + expected_.size() < kMost) return {};
    if (find(name) || expected_.contains(name)) return {};
    return fail(Code::invalid,
                std::to_string(kMost) + " servers are known already; there is no room for " +
                    std::string(name),
                "correct what sends a new server name each time, then begin a new store: a name "
                "that is known is never forgotten");
  }
  // Keeps room for a new one. Each of these calls is undone by one of expect_no_more().
  void expect(std::string_view name) {
    const auto expected = expected_.find(name);
    expected == expected_.end() ? void(expected_.emplace(name, 1)) : void(++expected->second);
  }
  void expect_no_more(std::string_view name) {
    const auto expected = expected_.find(name);
    if (expected == expected_.end()) return;  // it is known by now
    if (--expected->second == 0) expected_.erase(expected);
  }

  // The server of this name, made when it is new; there must be room then.
  [[nodiscard]] ServerNumber obtain(std::string_view name, const Policy& policy) {
    if (const auto known = find(name)) return *known;
    BERTH_ASSERT(servers_.size() < kMost);
    const auto number = static_cast<ServerNumber>(servers_.size());
    servers_.push_back({.name = std::string(name), .traits = policy.server(name)});
    numbers_.emplace(name, number);
    if (const auto expected = expected_.find(name); expected != expected_.end()) {
      expected_.erase(expected);
    }
    return number;
  }

  // How many have not booted since a restore. Changes through set_awaited alone.
  [[nodiscard]] std::size_t awaited() const { return awaited_; }
  void set_awaited(Server& server, bool awaited) {
    if (server.awaited == awaited) return;
    server.awaited = awaited;
    awaited ? ++awaited_ : --awaited_;
  }

  // A server of which this many hold times ran out, and none was confirmed in between, is silent.
  static constexpr std::uint32_t kSilentAfter = 10;
  void hold_ran_out(ServerNumber number) {
    if (++at(number).unconfirmed == kSilentAfter) note_change(number);
  }
  void confirmed(ServerNumber number) {
    if (std::exchange(at(number).unconfirmed, 0) >= kSilentAfter) note_change(number);
  }
  [[nodiscard]] bool silent(ServerNumber number) const {
    return at(number).unconfirmed >= kSilentAfter;
  }
  // Those that fell silent or were heard again since the last call; each once.
  [[nodiscard]] std::vector<ServerNumber> take_changed() {
    for (ServerNumber number : changed_) at(number).changed = false;
    return std::exchange(changed_, {});
  }

  [[nodiscard]] Server& at(ServerNumber number) { return servers_[number]; }
  [[nodiscard]] const Server& at(ServerNumber number) const { return servers_[number]; }
  [[nodiscard]] std::vector<Server>& all() { return servers_; }
  [[nodiscard]] const std::vector<Server>& all() const { return servers_; }

 private:
  void note_change(ServerNumber number) {
    if (!std::exchange(at(number).changed, true)) changed_.push_back(number);
  }

  std::vector<Server> servers_;
  std::vector<ServerNumber> changed_;
  std::size_t awaited_ = 0;
  std::map<std::string, ServerNumber, std::less<>> numbers_;
  std::map<std::string, std::uint32_t, std::less<>> expected_;  // new ones, by how many changes
};

}  // namespace berth
