// kinds.h - going through the three kinds of address one by one.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "berth/lease.h"

namespace berth {

inline constexpr std::array<Kind, kKinds> kAllKinds = {Kind::ipv4, Kind::ipv6, Kind::delegated};

// "ipv4", "ipv6" or "delegated".
[[nodiscard]] inline std::optional<Kind> kind_called(std::string_view name) {
  for (Kind kind : kAllKinds) {
    if (kind_name(kind) == name) return kind;
  }
  return std::nullopt;
}

[[nodiscard]] constexpr std::size_t index_of(Kind kind) { return static_cast<std::size_t>(kind); }

[[nodiscard]] inline bool has(const Addresses& addresses, Kind kind) {
  switch (kind) {
    case Kind::ipv4: return addresses.ipv4.has_value();
    case Kind::ipv6: return addresses.ipv6.has_value();
    case Kind::delegated: return addresses.delegated.has_value();
  }
  return false;
}

inline void copy_kind(Kind kind, const Addresses& from, Addresses& to) {
  switch (kind) {
    case Kind::ipv4: to.ipv4 = from.ipv4; return;
    case Kind::ipv6: to.ipv6 = from.ipv6; return;
    case Kind::delegated: to.delegated = from.delegated; return;
  }
}

[[nodiscard]] inline Addresses only(Kind kind, const Addresses& from) {
  Addresses one;
  copy_kind(kind, from, one);
  return one;
}

inline void drop_kind(Kind kind, Addresses& addresses) { copy_kind(kind, Addresses{}, addresses); }

}  // namespace berth
