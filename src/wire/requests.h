// requests.h - what an access server asks of /v1, as JSON. docs/openapi.yaml has every member.
//
// Readers give an invalid Error that names the member. Pure.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "berth/error.h"
#include "berth/lease.h"

namespace berth {

// {"user", "server", "port"?, "session"?, "groups"?, "ipv4"?, "ipv6"?, "delegated"?: "no",
// "optional" or "required", "proposed_ipv4"?, "proposed_ipv6"?}. `what` names it in errors.
[[nodiscard]] Result<Request> read_request(const boost::json::value& value,
                                           const std::string& what = "the body");

// How a lease is named in confirm, renew and release: {"class"} or any of {"lease_id",
// "generation", "server", "session", "port", "user", "address", "kind", "session_started",
// "ended"}. "class" stands for id and generation.
[[nodiscard]] Result<LeaseRef> read_lease_ref(const boost::json::value& value,
                                              const std::string& what = "the body");

// {"epoch"}
[[nodiscard]] Result<std::string> read_epoch(const boost::json::value& value);

// {"sessions": [{"user", "port"?, "session"?, "ipv4"?, "ipv6"?, "delegated"?}]}
[[nodiscard]] Result<std::vector<Session>> read_sessions(const boost::json::value& value);

// {"ipv4"?, "ipv6"?, "delegated"?}, at least one.
[[nodiscard]] Result<Addresses> read_addresses(const boost::json::value& value);

// A grant as it is answered: to_json() of it, what it was asked with, and "class".
[[nodiscard]] boost::json::object granted(const Request& request, const Grant& grant);

}  // namespace berth
