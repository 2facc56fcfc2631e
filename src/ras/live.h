// live.h - who is connected to this RAS side now, for those who ask from outside.
//
// A Connection puts itself here when it is up and whenever it changes, and takes itself away at its
// end. Everything returned is a copy. Any thread.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "ras/facts.h"

namespace berth::ras {

// Some of many, in the order in which they came. Whoever asks from behind `last` on meets
// none twice, and all of those that stay.
template <class Facts>
struct Page {
  std::vector<Facts> facts;
  std::size_t total = 0;   // of all that there are, from the beginning
  std::uint32_t last = 0;  // where this page ends
  bool more = false;       // there are others behind it
};

class Live {
 public:
  using Clock = std::chrono::steady_clock;

  // It is up, with these links, or has changed. Handles tell connections and ports apart.
  void put(const ConnectionFacts& connection, std::span<const LinkFacts> links);
  void remove(Handle connection);

  // How long each has been here is its duration; counters are those since they were cleared.
  [[nodiscard]] std::optional<ConnectionFacts> connection(Handle handle) const;
  [[nodiscard]] std::optional<LinkFacts> port(Handle handle) const;
  [[nodiscard]] std::optional<Handle> connection_of(const CalloutAddress& ipv4) const;
  // `most` at most, and at least one where there is one.
  [[nodiscard]] Page<ConnectionFacts> connections(std::uint32_t behind, std::size_t most) const;
  // Of one connection, or of all.
  [[nodiscard]] Page<LinkFacts> ports(std::optional<Handle> connection, std::uint32_t behind,
                                      std::size_t most) const;
  [[nodiscard]] std::chrono::seconds up_time() const;

  // What administrators change. It holds until the Connection puts another value there; modules are
  // not asked, and what they are told is the Connection's. False: there is no such one, or it is
  // not in quarantine.
  bool clear_connection(Handle handle);
  bool clear_port(Handle handle);
  bool end_quarantine(Handle handle);
  bool move(Handle handle, const std::u16string& server, const std::u16string& client);

 private:
  template <class Facts>
  struct Row {
    Facts put;                // as its Connection has it
    Facts facts;              // with what was changed here
    Counters cleared;         // when they were
    Clock::time_point since;  // it is here
  };
  using Number = std::uint32_t;  // only grows
  template <class Facts>
  struct Rows {
    std::map<Number, Row<Facts>> by_number;
    std::unordered_map<Handle, Number> numbers;

    const Row<Facts>* find(Handle handle) const;
    Row<Facts>* find(Handle handle);
    Row<Facts>& add(Handle handle, Number number);
    void remove(Handle handle);
    template <class Matches>
    Page<Facts> page(Number behind, std::size_t most, Matches matches) const;
  };

  mutable std::mutex mutex_;
  Number last_ = 0;
  Rows<ConnectionFacts> connections_;
  Rows<LinkFacts> ports_;
  std::unordered_map<Handle, std::vector<Handle>> ports_of_;  // by connection
  const Clock::time_point began_ = Clock::now();
};

}  // namespace berth::ras
