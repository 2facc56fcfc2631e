// words.h - how people write things to berth, and how berth writes them to people.
//
// The readers give an invalid Error that quotes what was written and says what would do. The
// writers make cells for a Table: a line break parts what may stand below each other. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"

namespace berth::cli {

// "no", "optional" or "required".
[[nodiscard]] Result<Want> parse_want(std::string_view text);

// "ipv4", "ipv6" or "delegated".
[[nodiscard]] Result<Kind> parse_kind(std::string_view text);

// The day of "2026-01-05", or of a time in any form, in UTC.
[[nodiscard]] Result<WallTime> parse_day(std::string_view text);

// 16 hexadecimal digits, as lease_id_text() writes them.
[[nodiscard]] Result<LeaseId> parse_lease_id(std::string_view text);
[[nodiscard]] std::string lease_id_text(LeaseId id);

// The address of one kind: "10.8.0.7"; "2001:db8::7", "2001:db8::7/128" or "2001:db8:0:7::/64";
// "2001:db8:100::/56".
[[nodiscard]] Result<Ipv6Prefix> parse_ipv6_or_prefix(std::string_view text);

// Several addresses, at most one of each kind. A prefix of 64 bits is a user's whole /64 (ipv6),
// a shorter one is delegated; "delegated:" in front of a prefix says so for any length.
[[nodiscard]] Result<Addresses> parse_addresses(const std::vector<std::string>& texts);

// One part an address; a single IPv6 address without its /128.
[[nodiscard]] std::string address_cell(const Addresses& addresses);

// Empty where there is no time.
[[nodiscard]] std::string time_cell(const std::optional<WallTime>& time);

// "241", "65,536", "2^64".
[[nodiscard]] std::string count_text(Uint128 count);

// "1 lease", "3 leases".
[[nodiscard]] std::string count_of(std::uint64_t count, std::string_view thing);

// The two largest units: "3 days 4 hours", "12 minutes".
[[nodiscard]] std::string age_text(Milliseconds age);

}  // namespace berth::cli
