// rows.cc - columns to values and back.
#include "store/rows.h"

#include <algorithm>

#include "core/kinds.h"

namespace berth {

PrefixKey::PrefixKey(Ipv6 address, int length) {
  const auto network = address.bytes();
  std::ranges::transform(network, bytes_.begin(),
                         [](std::uint8_t b) { return static_cast<char>(b); });
  bytes_[16] = static_cast<char>(length);
}

std::optional<Ipv6Prefix> prefix_in(std::string_view column) {
  if (column.size() != 17) return std::nullopt;
  std::array<std::uint8_t, 16> network{};
  std::ranges::transform(column.substr(0, 16), network.begin(),
                         [](char c) { return static_cast<std::uint8_t>(c); });
  Result<Ipv6Prefix> prefix =
      Ipv6Prefix::make(Ipv6::from_bytes(network), static_cast<std::uint8_t>(column[16]));
  return prefix ? std::optional(*prefix) : std::nullopt;
}

Addresses addresses_in(const Statement& row, int first) {
  Addresses addresses;
  if (!row.is_null(first)) addresses.ipv4 = Ipv4(static_cast<std::uint32_t>(row.number(first)));
  addresses.ipv6 = prefix_in(row.text(first + 1));
  addresses.delegated = prefix_in(row.text(first + 2));
  return addresses;
}

bool is_stable(const Ipv6Prefix& ipv6) {
  return ipv6.length() == 128 && (ipv6.address().identifier().bits() >> 32) != 0;
}

void take(Addresses& from, const Addresses& what) {
  for (const Kind kind : kAllKinds) {
    if (has(what, kind)) drop_kind(kind, from);
  }
}

void join(Addresses& into, const Addresses& what) {
  for (const Kind kind : kAllKinds) {
    if (has(what, kind)) copy_kind(kind, what, into);
  }
}

EndedRows::EndedRows(const LeaseRecord& lease) {
  const auto row_of = [this](WallTime started) -> EndedRow& {
    for (std::size_t i = 0; i < size_; ++i) {
      if (rows_[i].started == started) return rows_[i];
    }
    rows_[size_].started = started;
    return rows_[size_++];
  };
  if (lease.addresses.ipv4) row_of(lease.started[0]).addresses.ipv4 = lease.addresses.ipv4;
  if (lease.addresses.ipv6) row_of(lease.started[1]).addresses.ipv6 = lease.addresses.ipv6;
  if (lease.addresses.delegated) {
    row_of(lease.started[2]).addresses.delegated = lease.addresses.delegated;
  }
}

Interval to_interval(const LeaseRecord& lease, const EndedRow& row) {
  Interval interval;
  interval.lease = lease.id;
  interval.generation = lease.generation;
  interval.owner = lease.owner;
  interval.user = lease.user;
  interval.server = lease.server;
  interval.port = lease.port;
  interval.session = lease.session;
  interval.addresses = row.addresses;
  interval.started = row.started;
  return interval;
}

Lease lease_of(const LeaseRecord& record) {
  Lease lease;
  lease.id = record.id;
  lease.generation = record.generation;
  lease.state = record.state;
  lease.owner = record.owner;
  lease.user = record.user;
  lease.server = record.server;
  lease.port = record.port;
  lease.session = record.session;
  lease.addresses = record.addresses;
  lease.second = record.second;
  lease.started = first_start(record);
  lease.renewed = record.renewed;
  return lease;
}

std::vector<Interval> open_intervals(const LeaseRecord& record) {
  std::vector<Interval> open;
  for (const EndedRow& row : EndedRows(record)) {
    open.push_back(to_interval(record, row));
    open.back().sequence = record.generation.value;
  }
  return open;
}

void numbers_in(const Statement& row, int addresses, LeaseRecord& lease) {
  lease.generation.value = static_cast<std::uint64_t>(row.number(0));
  lease.id.value = static_cast<std::uint64_t>(row.number(1));
  lease.state = row.number(2) != 0 ? State::active : State::held;
  lease.key = row.number(3) != 0 ? KeyKind::port : KeyKind::session;
  lease.second = row.number(4) != 0;
  lease.addresses = addresses_in(row, addresses);
  const auto start = [&](bool has, int column) {
    return has ? wall_time(row.number(addresses + column)) : WallTime{};
  };
  lease.started = {start(lease.addresses.ipv4.has_value(), 3),
                   start(lease.addresses.ipv6.has_value(), 4),
                   start(lease.addresses.delegated.has_value(), 5)};
  lease.renewed = wall_time(row.number(addresses + 6));
  lease.hold_time = Milliseconds(row.number(addresses + 7));
  lease.lease_time = Milliseconds(row.number(addresses + 8));
}

Interval to_interval(const Statement& row) {
  Interval interval;
  interval.sequence = static_cast<std::uint64_t>(row.number(0));
  interval.lease.value = static_cast<std::uint64_t>(row.number(1));
  interval.generation.value = static_cast<std::uint64_t>(row.number(2));
  interval.owner = row.text(3);
  interval.user = user_of(row.text(3), row.text(4));
  interval.server = row.text(5);
  interval.port = row.text(6);
  interval.session = row.text(7);
  interval.addresses = addresses_in(row, 8);
  interval.started = wall_time(row.number(11));
  interval.ended = wall_time(row.number(12));
  interval.cause = static_cast<Cause>(row.number(13));
  return interval;
}

}  // namespace berth
