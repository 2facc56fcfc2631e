// live.cc - two tables, of connections and of their ports.
#include "ras/live.h"

#include <algorithm>

namespace berth::ras {
namespace {

std::chrono::seconds since(Live::Clock::time_point then) {
  return std::chrono::floor<std::chrono::seconds>(Live::Clock::now() - then);
}

// Counters end at 2^32 and begin again.
Counters without(const Counters& all, const Counters& cleared) {
  return {.bytes_sent = all.bytes_sent - cleared.bytes_sent,
          .bytes_received = all.bytes_received - cleared.bytes_received,
          .frames_sent = all.frames_sent - cleared.frames_sent,
          .frames_received = all.frames_received - cleared.frames_received};
}

template <class Row>
auto shown(const Row& row) {
  auto facts = row.facts;
  facts.duration = since(row.since);
  facts.counters = without(facts.counters, row.cleared);
  return facts;
}

bool is_kept_apart(QuarantineState state) {
  return state == QuarantineState::quarantine || state == QuarantineState::probation;
}

}  // namespace

// --- Rows ---

template <class Facts>
const Live::Row<Facts>* Live::Rows<Facts>::find(Handle handle) const {
  const auto number = numbers.find(handle);
  return number == numbers.end() ? nullptr : &by_number.at(number->second);
}

template <class Facts>
Live::Row<Facts>* Live::Rows<Facts>::find(Handle handle) {
  const auto number = numbers.find(handle);
  return number == numbers.end() ? nullptr : &by_number.at(number->second);
}

template <class Facts>
Live::Row<Facts>& Live::Rows<Facts>::add(Handle handle, Number number) {
  numbers[handle] = number;
  return by_number[number] =
             Row<Facts>{.put = {}, .facts = {}, .cleared = {}, .since = Clock::now()};
}

template <class Facts>
void Live::Rows<Facts>::remove(Handle handle) {
  const auto number = numbers.find(handle);
  if (number == numbers.end()) return;
  by_number.erase(number->second);
  numbers.erase(number);
}

template <class Facts>
template <class Matches>
Page<Facts> Live::Rows<Facts>::page(Number behind, std::size_t most, Matches matches) const {
  Page<Facts> page{.facts = {}, .total = 0, .last = behind, .more = false};
  for (const auto& [number, row] : by_number) {
    if (!matches(row.facts)) continue;
    ++page.total;
    if (number <= behind) continue;
    if (!page.facts.empty() && page.facts.size() >= most) {
      page.more = true;
      continue;
    }
    page.facts.push_back(shown(row));
    page.last = number;
  }
  return page;
}

// --- What a Connection does ---

void Live::put(const ConnectionFacts& connection, std::span<const LinkFacts> links) {
  const std::lock_guard lock(mutex_);
  Row<ConnectionFacts>* row = connections_.find(connection.handle);
  if (row == nullptr) {
    row = &connections_.add(connection.handle, ++last_);
    row->facts = row->put = connection;
  }
  ConnectionFacts facts = connection;
  if (facts.quarantine == row->put.quarantine) facts.quarantine = row->facts.quarantine;
  if (facts.endpoint_changes == row->put.endpoint_changes) {
    facts.server_endpoint = row->facts.server_endpoint;
    facts.client_endpoint = row->facts.client_endpoint;
    facts.endpoint_changes = row->facts.endpoint_changes;
  }
  row->put = connection;
  row->facts = std::move(facts);

  std::vector<Handle>& mine = ports_of_[connection.handle];
  for (Handle each : mine) {
    if (std::ranges::count(links, each, &LinkFacts::port) == 0) ports_.remove(each);
  }
  mine.clear();
  for (const LinkFacts& link : links) {
    Row<LinkFacts>* port = ports_.find(link.port);
    if (port == nullptr) port = &ports_.add(link.port, ++last_);
    port->facts = link;
    mine.push_back(link.port);
  }
}

void Live::remove(Handle connection) {
  const std::lock_guard lock(mutex_);
  for (Handle each : ports_of_[connection]) ports_.remove(each);
  ports_of_.erase(connection);
  connections_.remove(connection);
}

// --- What others see ---

std::optional<ConnectionFacts> Live::connection(Handle handle) const {
  const std::lock_guard lock(mutex_);
  const Row<ConnectionFacts>* const row = connections_.find(handle);
  if (row == nullptr) return std::nullopt;
  return shown(*row);
}

std::optional<LinkFacts> Live::port(Handle handle) const {
  const std::lock_guard lock(mutex_);
  const Row<LinkFacts>* const row = ports_.find(handle);
  if (row == nullptr) return std::nullopt;
  return shown(*row);
}

std::optional<Handle> Live::connection_of(const CalloutAddress& ipv4) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [number, row] : connections_.by_number) {
    if (row.facts.ipv4.up && row.facts.ipv4.client == ipv4) return row.facts.handle;
  }
  return std::nullopt;
}

Page<ConnectionFacts> Live::connections(std::uint32_t behind, std::size_t most) const {
  const std::lock_guard lock(mutex_);
  return connections_.page(behind, most, [](const ConnectionFacts&) { return true; });
}

Page<LinkFacts> Live::ports(std::optional<Handle> connection, std::uint32_t behind,
                            std::size_t most) const {
  const std::lock_guard lock(mutex_);
  return ports_.page(behind, most, [&](const LinkFacts& facts) {
    return !connection || facts.connection == *connection;
  });
}

std::chrono::seconds Live::up_time() const { return since(began_); }

// --- What administrators change ---

bool Live::clear_connection(Handle handle) {
  const std::lock_guard lock(mutex_);
  Row<ConnectionFacts>* const row = connections_.find(handle);
  if (row != nullptr) row->cleared = row->facts.counters;
  return row != nullptr;
}

bool Live::clear_port(Handle handle) {
  const std::lock_guard lock(mutex_);
  Row<LinkFacts>* const row = ports_.find(handle);
  if (row != nullptr) row->cleared = row->facts.counters;
  return row != nullptr;
}

bool Live::end_quarantine(Handle handle) {
  const std::lock_guard lock(mutex_);
  Row<ConnectionFacts>* const row = connections_.find(handle);
  if (row == nullptr || !is_kept_apart(row->facts.quarantine)) return false;
  row->facts.quarantine = QuarantineState::normal;
  return true;
}

bool Live::move(Handle handle, const std::u16string& server, const std::u16string& client) {
  const std::lock_guard lock(mutex_);
  Row<ConnectionFacts>* const row = connections_.find(handle);
  if (row == nullptr) return false;
  row->facts.server_endpoint = server;
  row->facts.client_endpoint = client;
  ++row->facts.endpoint_changes;
  return true;
}

}  // namespace berth::ras
