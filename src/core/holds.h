// holds.h - whether an address of a lease is one of those that somebody asks about.
#pragma once

#include <optional>

#include "berth/address.h"
#include "berth/lease.h"
#include "core/kinds.h"

namespace berth {

// Whether the address of this kind lies in, or around, a part of `where`.
[[nodiscard]] inline bool holds(const Addresses& addresses, Kind kind, const AnyRange& where) {
  if (kind == Kind::ipv4) {
    return where.is_ipv4() && addresses.ipv4 && where.ipv4().contains(*addresses.ipv4);
  }
  const auto& prefix = kind == Kind::ipv6 ? addresses.ipv6 : addresses.delegated;
  return !where.is_ipv4() && prefix && where.ipv6().overlaps(Ipv6Range::of(*prefix));
}

// The first kind whose address does.
[[nodiscard]] inline std::optional<Kind> first_held(const Addresses& addresses,
                                                    const AnyRange& where) {
  for (Kind kind : kAllKinds) {
    if (holds(addresses, kind, where)) return kind;
  }
  return std::nullopt;
}

// Whether any does.
[[nodiscard]] inline bool holds(const Addresses& addresses, const AnyRange& where) {
  return first_held(addresses, where).has_value();
}

}  // namespace berth
