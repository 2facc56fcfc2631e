// words.h - how people write things to berth, and how berth writes them to people.
//
// The readers give an invalid Error that quotes what was written and says what would do. The
// writers make cells for a Table: a line break parts what may stand below each other. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "berth/error.h"
#include "berth/lease.h"

namespace berth::cli {

// The day of "2026-01-05", or of a time in any form, in UTC.
[[nodiscard]] Result<WallTime> parse_day(std::string_view text);

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
