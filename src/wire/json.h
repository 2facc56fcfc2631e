// json.h - values of Berth as JSON: what the command line prints and the service answers.
//
// docs/cli.md lists every field. Field names never change. Times are RFC 3339 in UTC, ids of leases
// 16 hexadecimal digits (numbers of 64 bits do not survive JavaScript), what is not there is null,
// and a unit ends the name of its field. Pure.
#pragma once

#include <optional>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include "berth/book.h"
#include "berth/error.h"
#include "berth/lease.h"

namespace berth {

[[nodiscard]] boost::json::object to_json(const Error& error);
[[nodiscard]] boost::json::object to_json(const Lease& lease);
[[nodiscard]] boost::json::object to_json(const Session& session);
[[nodiscard]] boost::json::object to_json(const Interval& interval);
[[nodiscard]] boost::json::object to_json(const Reservation& reservation);
[[nodiscard]] boost::json::object to_json(const PoolUse& use);
[[nodiscard]] boost::json::object to_json(const Grant& grant);
[[nodiscard]] boost::json::object to_json(const Explanation& explanation);

// Text that need not be UTF-8, such as the name of a file; what is not is escaped.
[[nodiscard]] boost::json::string json_text(std::string_view text);

// Null where there is no time.
[[nodiscard]] boost::json::value to_json(const std::optional<WallTime>& time);

}  // namespace berth
