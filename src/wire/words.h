// words.h - how wants, kinds, ids and addresses are written: on the command line, in files, in
// JSON.
//
// The readers give an invalid Error that quotes what was written and says what would do. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "berth/error.h"
#include "berth/lease.h"

namespace berth {

// "no", "optional" or "required".
[[nodiscard]] Result<Want> parse_want(std::string_view text);

// "ipv4", "ipv6" or "delegated".
[[nodiscard]] Result<Kind> parse_kind(std::string_view text);

// 16 hexadecimal digits, as lease_id_text() writes them.
[[nodiscard]] Result<LeaseId> parse_lease_id(std::string_view text);

// The address of one kind: "10.8.0.7"; "2001:db8::7", "2001:db8::7/128" or "2001:db8:0:7::/64";
// "2001:db8:100::/56".
[[nodiscard]] Result<Ipv6Prefix> parse_ipv6_or_prefix(std::string_view text);

// Several addresses, at most one of each kind. A prefix of 64 bits is a user's whole /64 (ipv6),
// a shorter one is delegated; "delegated:" in front of a prefix says so for any length.
[[nodiscard]] Result<Addresses> parse_addresses(const std::vector<std::string>& texts);

}  // namespace berth
