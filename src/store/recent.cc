// recent.cc - chains of intervals with the same address or owner, from the latest backwards.
#include "store/recent.h"

#include <algorithm>
#include <functional>

namespace berth {
namespace {

// Names come from strangers; what a collision costs them is a walk over rows that are bounded.
std::uint64_t mix(std::uint64_t a, std::uint64_t b = 0) {
  std::uint64_t hash = a * 0x9e3779b97f4a7c15U;
  hash = (hash ^ (hash >> 29) ^ b) * 0xbf58476d1ce4e5b9U;
  return hash ^ (hash >> 32);
}

std::uint64_t hash_of(Ipv4 address) { return mix(address.bits()); }
std::uint64_t hash_of(const Ipv6Prefix& prefix) {
  return mix(prefix.address().high() + static_cast<std::uint64_t>(prefix.length()),
             prefix.address().identifier().bits());
}
std::uint64_t hash_of(std::string_view owner) { return mix(std::hash<std::string_view>{}(owner)); }

bool fits(const Interval& interval, const Moments& when) {
  return when.meets(interval.started, *interval.ended);
}

}  // namespace

Recent::Recent() {
  for (auto& heads : heads_) heads.resize(kHeads);
}

void Recent::add(const Interval& interval) {
  last_ = interval.sequence;
  put({interval});
}

void Recent::add(const End& step) {
  for (const EndedRow& row : EndedRows(step.lease)) {
    Interval interval = to_interval(step.lease, row);
    interval.sequence = ++last_;
    interval.ended = step.ended;
    interval.cause = step.cause;
    put({std::move(interval)});
  }
}

void Recent::put(Row row) {
  const Position position = first_ + rows_.size();
  const auto join = [&](Chain chain, std::uint64_t hash) {
    Position& head = heads_[chain][hash % kHeads];
    row.earlier[chain] = head;
    head = position;
  };
  const auto seen = [&](Kind kind, const Ipv6Prefix& prefix) {
    lengths_[static_cast<std::size_t>(kind)][static_cast<std::size_t>(prefix.length())] = true;
  };
  const Addresses& addresses = row.interval.addresses;
  if (addresses.ipv4) join(by_ipv4, hash_of(*addresses.ipv4));
  if (addresses.ipv6) {
    join(by_ipv6, hash_of(*addresses.ipv6));
    seen(Kind::ipv6, *addresses.ipv6);
  }
  if (addresses.delegated) {
    join(by_delegated, hash_of(*addresses.delegated));
    seen(Kind::delegated, *addresses.delegated);
  }
  join(by_owner, hash_of(row.interval.owner));
  rows_.push_back(std::move(row));
}

template <class Take>
void Recent::walk(Chain chain, std::uint64_t hash, Take&& take) const {
  for (Position p = heads_[chain][hash % kHeads]; p >= first_; p = at(p).earlier[chain]) {
    if (!at(p).gone) take(p, at(p).interval);
  }
}

void Recent::drop_up_to(std::uint64_t sequence) {
  while (!rows_.empty() && rows_.front().interval.sequence <= sequence) {
    rows_.pop_front();
    ++first_;
  }
}

void Recent::forget(WallTime before) {
  for (Row& row : rows_) {
    if (*row.interval.ended >= before) continue;
    row.gone = true;
  }
}

void Recent::erase(std::string_view owner) {
  for (Row& row : rows_) {
    if (row.interval.owner != owner) continue;
    row.gone = true;
    std::ranges::fill(row.interval.owner, '\0');
    std::ranges::fill(row.interval.user, '\0');
  }
}

void Recent::rename(const Renames& renames) {
  for (Row& row : rows_) {
    const auto found = renames.find({row.interval.owner, row.interval.user});
    if (found != renames.end()) row.interval.owner = found->second;
  }
  // Chains by owner are of the old names: all of them are made anew.
  std::deque<Row> rows = std::exchange(rows_, {});
  first_ += rows.size();
  for (Row& row : rows) put(std::move(row));
}

void Recent::find_prefix(Chain chain, Kind kind, Ipv6 address, const Moments& when,
                         std::vector<Position>& positions) const {
  const auto& lengths = lengths_[static_cast<std::size_t>(kind)];
  for (int length = 0; length <= 128; ++length) {
    if (!lengths[static_cast<std::size_t>(length)]) continue;
    const Ipv6Prefix prefix = Ipv6Prefix::around(address, length);
    walk(chain, hash_of(prefix), [&](Position p, const Interval& interval) {
      const auto& held =
          kind == Kind::ipv6 ? interval.addresses.ipv6 : interval.addresses.delegated;
      if (held == prefix && fits(interval, when)) positions.push_back(p);
    });
  }
}

std::vector<Interval> Recent::who_had(const AnyRange& where, const Moments& when,
                                      std::size_t most) const {
  std::vector<Position> positions;
  if (where.is_ipv4() && where.ipv4().size() == 1) {
    const Ipv4 address = where.ipv4().first();
    walk(by_ipv4, hash_of(address), [&](Position p, const Interval& interval) {
      if (interval.addresses.ipv4 == address && fits(interval, when)) positions.push_back(p);
    });
  } else if (!where.is_ipv4() && where.ipv6().first() == where.ipv6().last()) {
    find_prefix(by_ipv6, Kind::ipv6, where.ipv6().first(), when, positions);
    find_prefix(by_delegated, Kind::delegated, where.ipv6().first(), when, positions);
  } else {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      if (!row.gone && holds(row.interval.addresses, where) && fits(row.interval, when)) {
        positions.push_back(first_ + i);
      }
    }
  }
  return latest(std::move(positions), most);
}

std::vector<Interval> Recent::history(std::string_view owner, const Moments& when,
                                      std::size_t most) const {
  std::vector<Position> positions;
  walk(by_owner, hash_of(owner), [&](Position p, const Interval& interval) {
    if (interval.owner == owner && fits(interval, when)) positions.push_back(p);
  });
  return latest(std::move(positions), most);
}

std::vector<Interval> Recent::latest(std::vector<Position> positions, std::size_t most) const {
  std::ranges::sort(positions, std::greater{});
  const auto twice = std::ranges::unique(positions);
  positions.erase(twice.begin(), twice.end());
  if (positions.size() > most) positions.resize(most);
  std::vector<Interval> intervals;
  intervals.reserve(positions.size());
  for (const Position p : positions) intervals.push_back(at(p).interval);
  return intervals;
}

Done Recent::each(const std::function<Done(const Interval&)>& each) const {
  for (const Row& row : rows_) {
    if (row.gone) continue;
    if (Done done = each(row.interval); !done) return done;
  }
  return {};
}

std::optional<WallTime> Recent::oldest_end() const {
  std::optional<WallTime> oldest;
  for (const Row& row : rows_) {
    if (!row.gone && (!oldest || row.interval.ended < oldest)) oldest = row.interval.ended;
  }
  return oldest;
}

std::uint64_t Recent::ended_before(WallTime before) const {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      rows_, [&](const Row& row) { return !row.gone && *row.interval.ended < before; }));
}

}  // namespace berth
