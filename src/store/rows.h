// rows.h - how addresses, names and intervals lie in the columns of the tables.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "berth/lease.h"
#include "core/change.h"
#include "core/holds.h"  // for whoever looks rows through
#include "store/sqlite.h"

namespace berth {

// A prefix as a column: 16 bytes in network order and its length. Sorts by address, then length.
class PrefixKey {
 public:
  PrefixKey() = default;
  explicit PrefixKey(const Ipv6Prefix& prefix) : PrefixKey(prefix.address(), prefix.length()) {}
  PrefixKey(Ipv6 address, int length);
  [[nodiscard]] Blob blob() const { return {{bytes_.data(), bytes_.size()}}; }
  auto operator<=>(const PrefixKey&) const = default;

 private:
  std::array<char, 17> bytes_{};
};
[[nodiscard]] std::optional<Ipv6Prefix> prefix_in(std::string_view column);

// A prefix or nothing, ready to be bound. Must outlive the statement's steps.
class PrefixColumn {
 public:
  explicit PrefixColumn(const std::optional<Ipv6Prefix>& prefix) {
    if (prefix) key_ = PrefixKey(*prefix);
  }
  [[nodiscard]] std::optional<Blob> value() const {
    return key_ ? std::optional(key_->blob()) : std::nullopt;
  }

 private:
  std::optional<PrefixKey> key_;
};

inline std::int64_t millis(WallTime time) { return time.time_since_epoch().count(); }
inline WallTime wall_time(std::int64_t millis) { return WallTime(Milliseconds(millis)); }

// The columns ipv4, ipv6, delegated, starting at `first`.
[[nodiscard]] Addresses addresses_in(const Statement& row, int first);

// An identifier that nobody lists: found by hashing (RFC 7217), or chosen by a module. It is a
// host whose identifier is beyond every listed one (plan.h: at most 2^28 are).
[[nodiscard]] bool is_stable(const Ipv6Prefix& ipv6);

// Takes from the one the kinds that the other has; puts them there.
void take(Addresses& from, const Addresses& what);
void join(Addresses& into, const Addresses& what);

// An ended lease part as history keeps it: kinds that began at different times are rows of
// their own. The same for every reader of a change, so sequence numbers agree.
struct EndedRow {
  Addresses addresses;
  WallTime started{};
};
class EndedRows {
 public:
  explicit EndedRows(const LeaseRecord& lease);
  [[nodiscard]] const EndedRow* begin() const { return rows_.data(); }
  [[nodiscard]] const EndedRow* end() const { return rows_.data() + size_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::array<EndedRow, kKinds> rows_;
  std::size_t size_ = 0;
};

[[nodiscard]] Interval to_interval(const LeaseRecord& lease, const EndedRow& row);

// A live lease as everybody may see it, and what it has open in history: an interval, or one for
// each time at which a kind joined. Their sequence is the generation.
[[nodiscard]] Lease lease_of(const LeaseRecord& record);
[[nodiscard]] std::vector<Interval> open_intervals(const LeaseRecord& record);

// The columns of `lease` that are no texts: the first five, and from `addresses` to the end.
void numbers_in(const Statement& row, int addresses, LeaseRecord& lease);

// Selects an interval with its names; to_interval(row) reads it.
inline constexpr std::string_view kSelectInterval =
    "SELECT i.sequence, i.lease, i.generation, n.owner, n.user, s.name, i.port, i.session, "
    "i.ipv4, i.ipv6, i.delegated, i.started, i.ended, i.cause FROM interval i "
    "JOIN name n ON n.id = i.name JOIN server s ON s.id = i.server ";
[[nodiscard]] Interval to_interval(const Statement& row);

// The raw name as the column `user` keeps it: "" where it is the owner.
inline std::string_view user_column(std::string_view owner, std::string_view user) {
  return user == owner ? std::string_view() : user;
}
inline std::string_view user_of(std::string_view owner, std::string_view column) {
  return column.empty() ? owner : column;
}

}  // namespace berth
